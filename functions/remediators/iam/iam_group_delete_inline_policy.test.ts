import {
  CreateGroupCommand,
  GetGroupPolicyCommand,
  IAMClient,
  ListAttachedGroupPoliciesCommand,
  PutGroupPolicyCommand,
} from '@aws-sdk/client-iam';
import { ALLOW_ALL, DENY_ALL, READ, group, policy, user } from './fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_group_delete_inline_policy';

const MIXED = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    { Effect: 'Deny', Action: 's3:DeleteBucket', Resource: '*' },
  ],
});

const groupOf = (policies: Readonly<Record<string, string>>) => async (account: Account) => {
  const iam = account.client(IAMClient);
  await iam.send(new CreateGroupCommand({ GroupName: 'other' }));
  await iam.send(
    new PutGroupPolicyCommand({ GroupName: 'other', PolicyName: 'wide', PolicyDocument: ALLOW_ALL }),
  );
  const GroupName = 'staff';
  await group(account, GroupName, await user(account, 'ann'), await policy(account, 'managed'));
  for (const [PolicyName, PolicyDocument] of Object.entries(policies))
    await iam.send(new PutGroupPolicyCommand({ GroupName, PolicyName, PolicyDocument }));
  return GroupName;
};
const neighbours = async ({ client }: Account) => [
  (await client(IAMClient).send(new ListAttachedGroupPoliciesCommand({ GroupName: 'staff' })))
    .AttachedPolicies,
  (await client(IAMClient).send(new GetGroupPolicyCommand({ GroupName: 'other', PolicyName: 'wide' })))
    .PolicyDocument,
];

testBot(bot, {
  violating: [
    {
      name: 'two that allow, beside one that denies',
      given: groupOf({ wide: ALLOW_ALL, read: READ, lock: DENY_ALL }),
      violation: 'inline policies give rights: read, wide',
      writes: ['iam:DeleteGroupPolicy', 'iam:DeleteGroupPolicy'],
      after: { inline: [{ name: 'lock' }] },
      untouched: neighbours,
    },
    {
      name: 'one of two is named',
      given: groupOf({ wide: ALLOW_ALL, read: READ }),
      params: { names: ['wide', 'nothing'] },
      violation: 'inline policies give rights: wide',
      writes: ['iam:DeleteGroupPolicy'],
      after: { inline: [{ name: 'read' }] },
    },
    {
      name: 'one that allows and denies',
      given: groupOf({ mixed: MIXED }),
      violation: 'inline policies give rights: mixed',
      writes: [],
      held: /^mixed also denies/,
    },
  ],
  compliant: [
    { name: 'none', given: groupOf({}) },
    { name: 'one that denies', given: groupOf({ lock: DENY_ALL }) },
  ],
  gone: 'nobody',
});
