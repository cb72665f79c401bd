import { CreatePolicyVersionCommand, IAMClient, ListPoliciesCommand } from '@aws-sdk/client-iam';
import { ALLOW_ALL, READ, otherRoles, policy, role } from './fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_policy_remove_admin_statements';

const read = { Sid: 'Read', Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' };
const admin = { Effect: 'Allow', Action: ['*'], Resource: ['*'] };
const deny = {
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const text = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const ADMIN_AND_MORE = text(read, admin, deny);

/** A policy with these versions, the last of which is the default one. */
const versions =
  (...documents: string[]) =>
  async (account: Account) => {
    const [first = '', ...more] = documents;
    const PolicyArn = await policy(account, 'wide', first);
    const iam = account.client(IAMClient);
    for (const PolicyDocument of more)
      await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }));
    return PolicyArn;
  };
const violation = '1 of its statements allows everything on everything';

testBot(bot, {
  violating: [
    {
      name: 'beside other statements, and on a role',
      given: async (account) => {
        const arn = await versions(READ, ADMIN_AND_MORE)(account);
        await role(account, 'app', { policies: [arn, await policy(account, 'other', ALLOW_ALL)] });
        return arn;
      },
      violation,
      writes: ['iam:CreatePolicyVersion'],
      after: { current: 'v3', versions: [{}, {}, { document: text(read, deny) }] },
      untouched: async (account, id) => {
        const { Policies = [] } = await account
          .client(IAMClient)
          .send(new ListPoliciesCommand({ Scope: 'Local' }));
        return [await otherRoles(account, ''), Policies.filter(({ Arn }) => Arn !== id)];
      },
    },
    {
      name: 'IAM keeps no more versions',
      given: versions(READ, text(read), text(deny), text(read, deny), ADMIN_AND_MORE),
      violation,
      writes: ['iam:DeletePolicyVersion', 'iam:CreatePolicyVersion'],
      after: { current: 'v6' },
    },
    {
      name: 'it says nothing else',
      given: versions(READ, ALLOW_ALL),
      violation,
      writes: [],
      held: /says nothing else: iam_detach_policy/,
    },
  ],
  compliant: [
    { name: 'an older version allows everything', given: versions(ALLOW_ALL, READ) },
    {
      name: 'everything, but on a condition',
      given: versions(text({ ...admin, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })),
    },
  ],
  gone: 'arn:aws:iam::123456789012:policy/nothing',
});

describe('iam_policy_remove_admin_statements', () => {
  const id = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const context = {
    target: { account: '123456789012', region: 'us-east-1', type: bot.resource, id },
    params: {},
  };
  const state = (...documents: string[]) => ({
    current: `v${documents.length}`,
    versions: documents.map((document, at) => ({ id: `v${at + 1}`, document, made: '' })),
  });

  test('a policy of AWS is held', () => {
    expect(bot.plan(state(ALLOW_ALL), context)).toEqual({ held: expect.stringMatching(/AWS’s own policy/) });
  });

  test('what somebody has changed since is not undone', () => {
    const now = state(ADMIN_AND_MORE, text(read, deny), READ);
    expect(bot.undo(state(ADMIN_AND_MORE), { ...context, now })).toEqual({
      irreversible: expect.stringMatching(/changed the policy since/),
    });
  });
});
