import { bots } from '../functions/remediators';
import { catalogue } from '../functions/remediators/catalogue';
import type { Config } from '../shared/config';
import { loadBot } from '../shared/worker/load';
import { checkConfig } from './check-config';
import { stackOf } from './stack';

const load = (id: string) => loadBot(bots, id);
const config: Config = { enable_auto_response: false, bots: { kms_enable_rotation: { enabled: true } } };
const check = (changes: object) => checkConfig({ ...config, ...changes }, catalogue, load);

const nights = { cron: '0 22 * * 1-5', timeZone: 'Europe/Berlin', hours: 4 };
const freeze = { from: '2026-12-18', until: '2027-01-04', reason: 'year-end close' };

test('windows, freezes and calendars that are right', async () => {
  const scope = { accounts: ['111122223333'], bots: ['kms_enable_rotation'], minSeverity: 'low' };
  await expect(
    check({
      windows: [nights, { ...nights, ...scope, hours: 1, minutes: 30, criticalPasses: true }],
      freezes: [freeze, { ...freeze, ...scope, from: '2026-12-18T18:00:00+01:00' }],
      calendars: [
        { name: 'Closings' },
        { arn: 'arn:aws:ssm:us-east-2:111122223333:document/Shared', criticalPasses: true },
      ],
    }),
  ).resolves.toBeUndefined();
});

test.each<[string, object, RegExp]>([
  ['seconds', { ...nights, cron: '0 0 22 * * 1-5' }, /is no cron expression of five fields/],
  ['an hour that is none', { ...nights, cron: '0 25 * * *' }, /0 25 \* \* \* is no cron expression/],
  ['a text', { ...nights, cron: 'at night' }, /is no cron expression/],
  ['the thirtieth of February', { ...nights, cron: '0 0 30 2 *' }, /names a day that never comes/],
  ['a time zone of no place', { ...nights, timeZone: 'Europe/Belin' }, /Europe\/Belin is no time zone/],
  ['no length', { cron: '0 22 * * *', timeZone: 'UTC' }, /how long the window stays open is missing/],
  ['a length of no time', { ...nights, hours: 0 }, /windows\[0\]\.hours/],
  ['a month', { ...nights, hours: 24 * 30 }, /a week at most/],
  ['a misspelt field', { ...nights, account: ['111122223333'] }, /did you mean accounts/],
  ['an account by name', { ...nights, accounts: ['sandbox'] }, /takes an account id of 12 digits/],
  ['no accounts', { ...nights, accounts: [] }, /windows\[0\]\.accounts/],
  ['a bot that there is not', { ...nights, bots: ['kms_enable_rotaton'] }, /windows\[0\]\.bots/],
  ['a severity that there is not', { ...nights, minSeverity: 'urgent' }, /windows\[0\]\.minSeverity/],
])('a window of %s', async (_name, window, sentence) => {
  await expect(check({ windows: [window] })).rejects.toThrow(sentence);
});

test.each<[string, object, RegExp]>([
  ['backwards', { freezes: [{ ...freeze, until: '2026-12-01' }] }, /ends after it begins/],
  ['in words', { freezes: [{ ...freeze, from: 'Christmas' }] }, /a date, or a time with an offset/],
  ['in nobody’s time', { freezes: [{ ...freeze, from: '2026-12-18T18:00:00' }] }, /with an offset/],
  ['without a reason', { freezes: [{ ...freeze, reason: '' }] }, /freezes\[0\]\.reason/],
  ['a calendar without a name', { calendars: [{ accounts: ['111122223333'] }] }, /the name of a Change/],
  ['a calendar of another service', { calendars: [{ arn: 'arn:aws:s3:::freeze' }] }, /the ARN of a Change/],
])('a freeze %s', async (_name, changes, sentence) => {
  await expect(check(changes)).rejects.toThrow(sentence);
});

describe('the coordinator', () => {
  const statementsOf = async (changes: Partial<Config>) => {
    const { resources } = await stackOf({ ...config, ...changes }, catalogue, load);
    const { Policies } = resources.Resources.CoordinatorRole?.Properties as {
      Policies: { PolicyDocument: { Statement: { Action: string[]; Resource: unknown[] }[] } }[];
    };
    return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).filter(({ Action }) =>
      Action.some((action) => action.startsWith('ssm:')),
    );
  };

  test('may ask about the calendars of config.ts, and about no other', async () => {
    expect(await statementsOf({})).toEqual([]);
    const arn = 'arn:aws:ssm:us-east-2:111122223333:document/Shared';
    expect(await statementsOf({ calendars: [{ name: 'Closings' }, { arn }] })).toEqual([
      {
        Effect: 'Allow',
        Action: ['ssm:GetCalendarState'],
        Resource: [
          { 'Fn::Sub': 'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:document/Closings' },
          arn,
        ],
      },
    ]);
  });
});
