import { MOST_RESOURCES, refusals } from './limits';
import type { Template } from './nested';
import type { Resource } from './template';

const queue: Resource = { Type: 'AWS::SQS::Queue', Properties: {} };
const many = (count: number, resource: Resource = queue): Template => ({
  Resources: Object.fromEntries(Array.from({ length: count }, (_, index) => [`Resource${index}`, resource])),
});
const document = (characters: number) => ({ Statement: 'x'.repeat(characters - '{"Statement":""}'.length) });
const role = (inline: number, trust = 100): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: document(trust),
    Policies: [{ PolicyDocument: document(inline / 2) }, { PolicyDocument: document(inline / 2) }],
  },
});
const attached = (characters: number): Resource => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: document(characters) },
});
const named = (Type: string, property: string, length: number): Template => ({
  Resources: { Named: { Type, Properties: { [property]: 'x'.repeat(length) } } },
});
const withPolicies = (count: number, characters: number): Template => ({
  Resources: { ...many(count, attached(characters)).Resources, Role: role(100) },
});

test.each<[string, Template, Template, RegExp]>([
  ['resources', many(MOST_RESOURCES), many(MOST_RESOURCES + 1), /has 401 resources, and AWS takes 400/],
  [
    'inline policies',
    { Resources: { Role: role(10_240) } },
    { Resources: { Role: role(10_242) } },
    /Role have 10242/,
  ],
  [
    'a trust policy',
    { Resources: { Role: role(100, 2048) } },
    { Resources: { Role: role(100, 2049) } },
    /trust policy of Role/,
  ],
  ['a managed policy', withPolicies(1, 6_144), withPolicies(1, 6_145), /Resource0 has 6145 characters/],
  ['managed policies', withPolicies(10, 100), withPolicies(11, 100), /Role needs 11 managed policies/],
  [
    'a template',
    { Resources: {}, Description: 'x'.repeat(999_000) },
    { Resources: {}, Description: 'x'.repeat(1_000_000) },
    /bytes/,
  ],
  ...(
    [
      ['AWS::Lambda::Function', 'FunctionName', 64],
      ['AWS::IAM::Role', 'RoleName', 64],
      ['AWS::Events::Rule', 'Name', 64],
      ['AWS::SQS::Queue', 'QueueName', 80],
      ['AWS::Config::ConfigRule', 'ConfigRuleName', 128],
    ] as const
  ).map(([type, property, most]): [string, Template, Template, RegExp] => [
    `the ${property} of ${type}`,
    named(type, property, most),
    named(type, property, most + 1),
    /characters, and AWS takes \d+: choose a shorter stage$/,
  ]),
])(
  '%s: what just fits, and what is one too many, in the root and in a nested stack',
  (_what, fits, over, message) => {
    const [just, more] = [fits, over].map((each) => ({ ...each, Resources: withTrust(each) }));
    if (!just || !more) throw new Error('there are two');
    expect(refusals(just, { Nested: just })).toEqual([]);
    expect(refusals(more, {})).toEqual([expect.stringMatching(message)]);
    expect(refusals({ Resources: {} }, { Nested: more })).toEqual([expect.stringMatching(message)]);
  },
);

/** A role has a trust policy, which these say nothing of. */
function withTrust({ Resources }: Template): Template['Resources'] {
  return Object.fromEntries(
    Object.entries(Resources).map(([name, resource]) => [
      name,
      { ...resource, Properties: { AssumeRolePolicyDocument: {}, ...resource.Properties } },
    ]),
  );
}

test('policies are counted as IAM counts them, with the longest names of partition and region', () => {
  const Statement = {
    Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:x' },
  };
  const made: Template = {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {},
          Policies: [{ PolicyDocument: { Statement: Array.from({ length: 200 }, () => Statement) } }],
        },
      },
    },
  };
  const one = '{"Resource":"arn:aws-us-gov:sqs:ap-northeast-1:111122223333:x"}'.length;
  expect(refusals(made, {})).toEqual([
    expect.stringContaining(`${200 * one + 199 + '{"Statement":[]}'.length} characters`),
  ]);
});
