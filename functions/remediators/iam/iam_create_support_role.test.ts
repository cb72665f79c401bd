import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  CreateGroupCommand,
  CreateRoleCommand,
  IAMClient,
  ListAttachedGroupPoliciesCommand,
} from '@aws-sdk/client-iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_create_support_role';

const PolicyArn = 'arn:aws:iam::aws:policy/AWSSupportAccess';
const TAG = { Key: 'selfheal', Value: 'support-access' };

/** An account in which a group has the policy, and a role of that name may have it. */
const account =
  (role?: { readonly name: string; readonly attached?: boolean; readonly own?: boolean }) =>
  async ({ account, client }: Account) => {
    const iam = client(IAMClient);
    await iam.send(new CreateGroupCommand({ GroupName: 'helpers' }));
    await iam.send(new AttachGroupPolicyCommand({ GroupName: 'helpers', PolicyArn }));
    if (role) {
      const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [] });
      const Tags = role.own ? [TAG] : [];
      await iam.send(new CreateRoleCommand({ RoleName: role.name, AssumeRolePolicyDocument, Tags }));
      if (role.attached) await iam.send(new AttachRolePolicyCommand({ RoleName: role.name, PolicyArn }));
    }
    return account;
  };

const violation = 'no role may work on cases with AWS Support';
const untouched = ({ client }: Account) =>
  client(IAMClient)
    .send(new ListAttachedGroupPoliciesCommand({ GroupName: 'helpers' }))
    .then(({ AttachedPolicies }) => AttachedPolicies);

testBot(bot, {
  violating: [
    {
      name: 'only a group has the policy, which stays',
      given: account(),
      violation,
      writes: ['iam:CreateRole', 'iam:AttachRolePolicy'],
      after: { roles: ['aws-support-access'], role: { own: true } },
      untouched,
    },
    {
      name: 'cut off after the role was made',
      given: account({ name: 'aws-support-access', own: true }),
      params: { principals: ['arn:aws:iam::111122223333:role/on-call'] },
      violation,
      writes: ['iam:AttachRolePolicy'],
      untouched,
    },
    {
      name: 'somebody else’s role of that name',
      given: account({ name: 'aws-support-access' }),
      violation,
      writes: [],
      held: /was not made by selfheal/,
    },
  ],
  compliant: [{ name: 'another role has it', given: account({ name: 'theirs', attached: true }) }],
});
