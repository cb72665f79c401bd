import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { GONE, otherSecrets, rotator, secret } from './fixtures/secret';
import { bot } from './secretsmanager_enable_rotation';

/** Off: it has rotated before, and knows its function. */
const given = (account: Account, on: boolean) => secret(account, { days: 30, on });
const scripted = (extra: object) => (account: Account) => {
  // moto knows no secrets of services, and rotates no replica.
  account.script({ DescribeSecret: () => ({ ARN: GONE, ...extra }) });
  return Promise.resolve(GONE);
};
const violation = 'the secret does not rotate: turn on rotation';
const writes = ['secretsmanager:RotateSecret'];

testSetting(bot, {
  given,
  wrong: false,
  right: true,
  ...{ violation, writes, untouched: otherSecrets, gone: GONE },
  more: {
    violating: [
      {
        name: 'has never rotated, and nobody names a function',
        given: (account) => secret(account),
        ...{ violation, writes: [], held: /^name the function/ },
      },
      {
        name: 'a replica',
        given: scripted({ PrimaryRegion: 'us-east-1' }),
        ...{ violation, writes: [], held: /rotates with that in us-east-1/ },
      },
    ],
    compliant: [{ name: 'waits for its deletion', given: scripted({ DeletedDate: new Date(0) }) }],
  },
});

const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: GONE };
const never = { is: false, isManaged: false, place: { isDeleted: false } };

test('one that has never rotated gets the function and the period', () => {
  const params = bot.params.parse({ lambda: rotator('123456789012'), days: 45 });
  expect(bot.plan(never, { target, params })).toEqual([
    {
      secretsmanager: expect.objectContaining({
        input: {
          SecretId: GONE,
          RotationLambdaARN: rotator('123456789012'),
          RotationRules: { AutomaticallyAfterDays: 45 },
          RotateImmediately: false,
        },
      }),
    },
  ]);
});

test('one of another service needs no function', () => {
  const params = bot.params.parse({});
  const RotationRules = { ScheduleExpression: 'rate(10 days)' };
  const input = { SecretId: GONE, RotationRules, RotateImmediately: false };
  const rules = { ...RotationRules, AutomaticallyAfterDays: 10 };
  expect(bot.plan({ ...never, isManaged: true, rules }, { target, params })).toEqual([
    { secretsmanager: expect.objectContaining({ input }) },
  ]);
});
