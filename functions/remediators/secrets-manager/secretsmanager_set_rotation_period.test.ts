import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { GONE, otherSecrets, secret } from './fixtures/secret';
import { bot } from './secretsmanager_set_rotation_period';

testSetting(bot, {
  given: (account: Account, { AutomaticallyAfterDays: days }) => secret(account, { days, on: true }),
  wrong: { AutomaticallyAfterDays: 365 },
  right: { AutomaticallyAfterDays: 90 },
  violation: 'the secret rotates every 365 days: let it rotate every 90',
  writes: ['secretsmanager:RotateSecret'],
  untouched: otherSecrets,
  gone: GONE,
  more: {
    violating: [
      {
        name: 'a replica',
        given: (account) => {
          // moto rotates no replica.
          const RotationRules = { AutomaticallyAfterDays: 365 };
          const secretOf = { ARN: GONE, PrimaryRegion: 'us-east-1', RotationEnabled: true, RotationRules };
          account.script({ DescribeSecret: () => secretOf });
          return Promise.resolve(GONE);
        },
        ...{ violation: 'every 365 days', writes: [], held: /rotates with that in us-east-1/ },
      },
    ],
    compliant: [
      { name: 'a shorter period', given: (account) => secret(account, { days: 7, on: true }) },
      { name: 'does not rotate', given: (account) => secret(account, { days: 365, on: false }) },
    ],
  },
});

test('undo puts back a schedule without the days that are counted from it', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: GONE };
  const state = { rotates: true, place: { isDeleted: false } };
  const schedule = { ScheduleExpression: 'rate(200 days)', Duration: '3h' };
  const before = { ...state, is: { ...schedule, AutomaticallyAfterDays: 200 } };
  const now = { ...state, is: { AutomaticallyAfterDays: 90 } };
  const params = { days: 90 };
  expect(bot.undo(before, { target, params, now })).toMatchObject([
    { secretsmanager: { input: { RotationRules: schedule } } },
  ]);
});
