import { keys } from './fixtures/key-lives';
import { user } from './fixtures/iam';
import { testBot } from '../../../testing/contract';
import { bot } from './iam_deactivate_second_access_key';

const violation = /^more than one key is active: AKIA\w+, beside AKIA\w+, which stays$/;
const writes = ['iam:UpdateAccessKey'];
const context = {
  target: { account: '123456789012', region: 'us-east-1', type: bot.resource, id: 'ann' },
  params: bot.params.parse({}),
};

testBot(bot, {
  violating: [
    {
      name: 'both used, the newer one earlier',
      given: keys({ made: 400, used: 2 }, { made: 30, used: 20 }),
      violation,
      writes,
    },
    {
      name: 'a rotation may be under way',
      given: keys({ made: 400, used: 2 }, { made: 3 }),
      violation,
      writes: [],
      held: /is new/,
    },
  ],
  compliant: [
    { name: 'one of two is active', given: keys({ made: 400 }, { made: 300, inactive: true }) },
    { name: 'no keys', given: (account) => user(account, 'ann') },
  ],
  gone: 'nobody',
});

test.each([
  ['the one that was used last', 'most-recently-used', '2026-02-01', '2026-01-01', 'new'],
  ['the one that was used at all', 'most-recently-used', '2026-02-01', undefined, 'new'],
  ['the newest of two that nobody used', 'most-recently-used', undefined, undefined, 'old'],
  ['the newest', 'newest', '2026-02-01', '2026-01-01', 'old'],
] as const)('%s stays', (_name, keep, old, other, goes) => {
  const of = (id: string, made: string, used: string | undefined) => ({
    ...{ id, active: true, made },
    ...(used !== undefined && { used }),
  });
  const state = {
    ...{ now: '2026-06-01', user: 'ann' },
    keys: [of('new', '2025-06-01', other), of('old', '2025-01-01', old)],
  };
  const params = { ...context.params, keep };
  expect(bot.plan(state, { ...context, params })).toMatchObject([
    { iam: { input: { AccessKeyId: goes, Status: 'Inactive' } } },
  ]);
});
