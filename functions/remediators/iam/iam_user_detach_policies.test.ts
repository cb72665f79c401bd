import {
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  IAMClient,
  ListGroupsForUserCommand,
} from '@aws-sdk/client-iam';
import { ALLOW_ALL, DENY_ALL, group, otherUsers, policy, user } from './fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_user_detach_policies';

const MIXED = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    { Effect: 'Deny', Action: 's3:DeleteBucket', Resource: '*' },
  ],
});
/** A group that has the policy of ann, who is not in it. */
const staff = async ({ client }: Account, ...arns: string[]) => {
  await client(IAMClient).send(new CreateGroupCommand({ GroupName: 'staff' }));
  for (const PolicyArn of arns)
    await client(IAMClient).send(new AttachGroupPolicyCommand({ GroupName: 'staff', PolicyArn }));
};
const violation = /^managed policies are attached to the user itself: arn:aws:iam::\d{12}:policy\/read$/;

testBot(bot, {
  violating: [
    {
      name: 'two that allow, beside one that denies, a group and another user',
      given: async (account) => {
        const read = await policy(account, 'read');
        const [wide, lock] = [
          await policy(account, 'wide', ALLOW_ALL),
          await policy(account, 'lock', DENY_ALL),
        ];
        await user(account, 'bob', read);
        await user(account, 'ann', read, wide, lock);
        await group(account, 'other', 'ann', read);
        return 'ann';
      },
      violation: /: arn:aws:iam::\d{12}:policy\/read, arn:aws:iam::\d{12}:policy\/wide$/,
      writes: ['iam:DetachUserPolicy', 'iam:DetachUserPolicy'],
      after: { attached: [{ denies: true }] },
      untouched: async (account, UserName) => [
        await otherUsers(account, UserName),
        (await account.client(IAMClient).send(new ListGroupsForUserCommand({ UserName }))).Groups,
      ],
    },
    {
      name: 'a group has what the user loses',
      given: async (account) => {
        const read = await policy(account, 'read');
        await staff(account, read);
        return user(account, 'ann', read);
      },
      params: { toGroup: 'staff' },
      violation,
      writes: ['iam:AddUserToGroup', 'iam:DetachUserPolicy'],
      after: { attached: [], group: { member: true } },
    },
    {
      name: 'the user is in that group',
      given: async (account) => {
        const read = await policy(account, 'read');
        await group(account, 'staff', await user(account, 'ann', read), read);
        return 'ann';
      },
      params: { toGroup: 'staff' },
      violation,
      writes: ['iam:DetachUserPolicy'],
    },
    {
      name: 'the group lacks the policy',
      given: async (account) => {
        await staff(account);
        return user(account, 'ann', await policy(account, 'read'));
      },
      params: { toGroup: 'staff' },
      violation,
      writes: [],
      held: /^the group staff lacks arn:aws:iam::\d{12}:policy\/read: attach it there first$/,
    },
    {
      name: 'there is no such group',
      given: async (account) => user(account, 'ann', await policy(account, 'read')),
      params: { toGroup: 'staff' },
      violation,
      writes: [],
      held: /^there is no group staff$/,
    },
    {
      name: 'one that allows and denies',
      given: async (account) => user(account, 'ann', await policy(account, 'read', MIXED)),
      violation,
      writes: [],
      held: /also denies/,
    },
  ],
  compliant: [
    { name: 'none', given: (account) => user(account, 'ann') },
    {
      name: 'only one that denies',
      given: async (account) => user(account, 'ann', await policy(account, 'lock', DENY_ALL)),
    },
  ],
  gone: 'nobody',
});
