import { GetUserPolicyCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { newAccount } from '../../../testing/account';
import { READ, otherUsers, user } from './fixtures/iam';
import { documentText } from './lib/iam';
import { remediate } from '../../../shared/bot/run';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_revoke_user_sessions';

const NAME = 'AWSRevokeOlderSessions';
const PUT = 'iam:PutUserPolicy';
const violation = 'its open sessions are not revoked';
const MINUTE_MS = 60_000;

/** As the console writes it, give or take a list. */
const revoked = (time: Date | string, more: object = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Action: ['*'],
        Resource: '*',
        Condition: { DateLessThan: { 'aws:TokenIssueTime': time }, ...more },
      },
    ],
  });
const withPolicy = (PolicyDocument: string) => async (account: Account) => {
  const UserName = await user(account, 'ann');
  await account
    .client(IAMClient)
    .send(new PutUserPolicyCommand({ UserName, PolicyName: NAME, PolicyDocument }));
  return UserName;
};
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS);

testBot(bot, {
  violating: [
    {
      name: 'a user with another inline policy, beside another user',
      given: async (account) => {
        await user(account, 'bob');
        const UserName = await user(account, 'ann');
        const input = { UserName, PolicyName: 'read', PolicyDocument: READ };
        await account.client(IAMClient).send(new PutUserPolicyCommand(input));
        return UserName;
      },
      violation,
      writes: [PUT],
      untouched: async (account, UserName) => [
        (await account.client(IAMClient).send(new GetUserPolicyCommand({ UserName, PolicyName: 'read' })))
          .PolicyDocument,
        await otherUsers(account, UserName),
      ],
    },
    {
      name: 'revoked long ago: the old policy comes back by undo',
      given: withPolicy(revoked(ago(60).toISOString())),
      violation,
      writes: [PUT],
    },
    {
      name: 'a time is given, and what was revoked is older',
      given: withPolicy(revoked('2026-01-31T11:59:59Z')),
      params: { before: '2026-01-31T12:00:00Z' },
      violation: 'its sessions from before 2026-01-31T12:00:00Z are not revoked',
      writes: [PUT],
      after: { policy: expect.stringContaining('2026-01-31T12:00:00.000Z') as string },
    },
    {
      name: 'a policy of that name with another condition',
      given: withPolicy(revoked(ago(0).toISOString(), { Bool: { 'aws:MultiFactorAuthPresent': 'false' } })),
      violation,
      writes: [],
      held: /says something else: rename or delete it$/,
    },
    {
      name: 'a policy of that name that allows',
      given: withPolicy(READ),
      violation,
      writes: [],
      held: /says something else/,
    },
    {
      name: 'a time that lies ahead',
      given: (account) => user(account, 'ann'),
      params: { before: '2999-01-01T00:00:00Z' },
      violation: 'its sessions from before 2999',
      writes: [],
      held: /lies ahead/,
    },
  ],
  compliant: [
    { name: 'revoked a minute ago, for the same message', given: withPolicy(revoked(ago(1).toISOString())) },
    {
      name: 'revoked up to the time that is given, in another zone, and later',
      given: withPolicy(revoked('2026-01-31T12:00:00Z')),
      params: { before: '2026-01-31T12:59:00+01:00' },
    },
  ],
  gone: 'nobody',
});

describe('iam_revoke_user_sessions', () => {
  const at = ({ account, region }: Pick<Account, 'account' | 'region'>) => ({
    target: { account, region, type: bot.resource, id: 'ann' },
    params: {},
  });

  test('everything is denied to what was issued up to now and a little more, and nothing to what comes later', async () => {
    const account = await newAccount();
    const iam = account.client(IAMClient);
    await user(account, 'ann');
    const begun = Date.now();
    await remediate(bot, { aws: { iam }, ...at(account), mode: 'apply' });
    const reply = await iam.send(new GetUserPolicyCommand({ UserName: 'ann', PolicyName: NAME }));
    const document = JSON.parse(documentText(reply.PolicyDocument)) as {
      Statement: { Condition: { DateLessThan: Record<string, string> } }[];
    };
    expect(document).toMatchObject({ Statement: [{ Effect: 'Deny', Action: ['*'], Resource: ['*'] }] });
    const [{ Condition } = { Condition: { DateLessThan: {} } }] = document.Statement;
    const time = Date.parse(Condition.DateLessThan['aws:TokenIssueTime'] ?? '');
    expect(Object.keys(Condition)).toEqual(['DateLessThan']);
    expect(time).toBeGreaterThanOrEqual(begun + 30_000);
    expect(time).toBeLessThanOrEqual(Date.now() + 90_000);
  });

  test('the same plan within a minute, so that a write that AWS does not show yet is waited for', () => {
    const plan = (now: string) =>
      bot.plan({ now, policy: '' }, at({ account: '123456789012', region: 'eu-west-1' }));
    const [first, second] = ['2026-11-21T12:00:31.000Z', '2026-11-21T12:01:29.000Z'].map((now) =>
      JSON.stringify(plan(now)),
    );
    expect(first).toContain('2026-11-21T12:02:00.000Z');
    expect(second).toBe(first);
  });

  test('undo does nothing where the policy is as it was', () => {
    const state = { now: '2026-11-21T12:00:31.000Z', policy: READ };
    const context = at({ account: '123456789012', region: 'eu-west-1' });
    expect(bot.undo(state, { ...context, now: { ...state, now: '2026-11-22T00:00:00.000Z' } })).toEqual([]);
  });
});
