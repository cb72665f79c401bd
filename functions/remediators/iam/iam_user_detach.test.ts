import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  IAMClient,
  ListGroupsForUserCommand,
  PutGroupPolicyCommand,
} from '@aws-sdk/client-iam';
import { DENY_ALL, READ, group, otherUsers, policy, user } from './fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_user_detach';

interface Joined {
  readonly userName: string;
  readonly groupName: string;
  readonly failed?: true;
}

/** Moto has no LookupEvents. */
const trail = (account: Account, ...joined: Joined[]) => {
  account.script({
    LookupEvents: ({ LookupAttributes, StartTime, EndTime }) => {
      const asked = JSON.stringify(LookupAttributes);
      if (asked !== '[{"AttributeKey":"EventName","AttributeValue":"AddUserToGroup"}]')
        throw new Error(asked);
      if (!(StartTime instanceof Date && EndTime instanceof Date && StartTime < EndTime))
        throw new Error('times');
      return {
        Events: joined.map(({ failed, ...requestParameters }, at) => ({
          ...{ EventId: `e${at}`, EventName: 'AddUserToGroup', EventTime: new Date() },
          CloudTrailEvent: JSON.stringify({
            ...(failed && { errorCode: 'AccessDenied' }),
            ...{ requestParameters, userIdentity: { arn: 'arn:aws:iam::123456789012:user/eve' } },
          }),
        })),
      };
    },
  });
};
/** The user ann in these groups; the policy `read` is attached to each. */
const inGroups =
  (names: readonly string[], ...joined: Joined[]) =>
  async (account: Account) => {
    trail(account, ...joined);
    const read = await policy(account, 'read', READ);
    await user(account, 'ann');
    for (const GroupName of names) {
      await group(account, GroupName, 'ann', read);
      const input = { GroupName, PolicyName: 'inline', PolicyDocument: READ };
      await account.client(IAMClient).send(new PutGroupPolicyCommand(input));
    }
    return 'ann';
  };
const to = (groupName: string, userName = 'ann'): Joined => ({ userName, groupName });
const violation = 'the user was added to the group admins';

testBot(bot, {
  violating: [
    {
      name: 'added to one of two groups, beside another user in it',
      given: async (account) => {
        const failed = { ...to('staff'), failed: true } as const;
        await inGroups(['admins', 'staff'], to('admins'), to('staff', 'bob'), failed)(account);
        await user(account, 'bob');
        await account
          .client(IAMClient)
          .send(new AddUserToGroupCommand({ GroupName: 'admins', UserName: 'bob' }));
        return 'ann';
      },
      violation,
      writes: ['iam:RemoveUserFromGroup'],
      after: { groups: [] },
      untouched: async (account, id) => [
        await otherUsers(account, id),
        (await account.client(IAMClient).send(new ListGroupsForUserCommand({ UserName: 'bob' }))).Groups,
      ],
    },
    {
      name: 'config.ts names the group',
      given: inGroups(['admins', 'staff']),
      params: { group: 'admins' },
      violation,
      writes: ['iam:RemoveUserFromGroup'],
    },
    {
      name: 'added to several groups',
      given: inGroups(['admins', 'staff'], to('admins'), to('staff')),
      params: { eventTime: '2026-11-29T12:00:00Z' },
      violation: 'the user was added to the group admins, staff',
      writes: [],
      held: /say which is meant/,
    },
    {
      name: 'the group denies',
      given: async (account) => {
        await inGroups(['admins'], to('admins'))(account);
        const input = { GroupName: 'admins', PolicyName: 'lock', PolicyDocument: DENY_ALL };
        await account.client(IAMClient).send(new PutGroupPolicyCommand(input));
        return 'ann';
      },
      violation,
      writes: [],
      held: /^the group admins denies something/,
    },
  ],
  compliant: [
    {
      name: 'the user has left the group',
      given: async (account) => {
        await account.client(IAMClient).send(new CreateGroupCommand({ GroupName: 'admins' }));
        return inGroups(['staff'], to('admins'))(account);
      },
    },
  ],
  gone: 'nobody',
  scripted: ['cloudtrail:LookupEvents'],
});

test('while there is no event it waits', () => {
  const target = { account: '123456789012', region: 'us-east-1', type: bot.resource, id: 'ann' };
  const context = { target, params: bot.params.parse({}) };
  const state = { found: false, groups: [] };
  expect(bot.check(state, context)).toMatch(/does not say/);
  expect(bot.plan(state, context)).toHaveProperty('waiting');
});
