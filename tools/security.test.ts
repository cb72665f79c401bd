import { catalogue } from '../functions/remediators/catalogue';
import type { Statement } from '../deploy/policies';
import { rightsOf } from './security';
import { worthOf } from './worth';

test.each(catalogue.map((entry) => [entry.id, entry] as const))(
  'whoever steals the role of %s cannot become an administrator by it',
  async (_, entry) => {
    expect(worthOf(await rightsOf(entry)).administrator).toEqual([]);
  },
);

const allow = (Action: string, Resource: string, Condition?: object): Statement => ({
  Effect: 'Allow',
  Action: [Action],
  Resource: [{ 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:${Resource}` }],
  ...(Condition && { Condition: Condition as Readonly<Record<string, object>> }),
});
const deny = (Action: string): Statement => ({
  ...allow(Action, 'role/selfheal/*'),
  Effect: 'Deny',
});

test.each<[string, Statement[]]>([
  ['any policy for any user', [allow('iam:AttachUserPolicy', 'user/*')]],
  ['any policy for any role', [allow('iam:AttachRolePolicy', 'role/*')]],
  ['a policy of its own making, for its own role', [allow('iam:PutRolePolicy', 'role/*')]],
  ['a password of any user', [allow('iam:UpdateLoginProfile', 'user/*')]],
  ['a key of any user', [allow('iam:CreateAccessKey', 'user/*')]],
  ['trust in itself', [allow('iam:UpdateAssumeRolePolicy', 'role/*')]],
  ['roles without a boundary', [allow('iam:CreateRole', 'role/*')]],
  ['what a helper role may do', [allow('iam:PutRolePolicy', 'role/helper')]],
  ['any group, for any user', [allow('iam:AddUserToGroup', 'group/*')]],
  ['any role, for any service', [allow('iam:PassRole', 'role/*')]],
  ['what policies say', [allow('iam:CreatePolicyVersion', 'policy/*')]],
])('%s: the right to become an administrator', (_, statements) => {
  expect(worthOf(statements).administrator).toHaveLength(1);
});

test.each<[string, Statement[], RegExp]>([
  [
    'one policy of AWS’s own',
    [
      allow('iam:AttachUserPolicy', 'user/*', {
        ArnEquals: { 'iam:PolicyARN': ['arn:aws:iam::aws:policy/AWSDenyAll'] },
      }),
    ],
    /^attaches `AWSDenyAll` alone$/,
  ],
  [
    'any role but its own',
    [allow('iam:PutRolePolicy', 'role/*'), deny('iam:PutRolePolicy')],
    /^writes any policy for any role but selfheal’s own/,
  ],
  [
    'users that config.ts names',
    [allow('iam:UpdateLoginProfile', 'user/${params.users}')],
    /^sets console passwords, of what config\.ts names as `users` alone$/,
  ],
])('%s: no administrator, and it is said', (_, statements, said) => {
  const { administrator, powers } = worthOf(statements);
  expect(administrator).toEqual([]);
  expect(powers).toEqual([expect.stringMatching(said)]);
});
