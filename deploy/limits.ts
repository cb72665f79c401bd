import type { Template } from './nested';
import type { Resource } from './template';

/** Under CloudFormation's 500 resources in a stack, so that an installation can add some of its own. */
export const MOST_RESOURCES = 400;
/** Source: CloudFormation quotas: bytes of a template in S3, parameters and outputs of a template. */
const TEMPLATE_BYTES = 1_000_000;
const MOST_PARAMETERS = 200;
/** Source: IAM quotas: characters without white space in all inline policies of a role, in a managed policy, in a trust policy. */
const INLINE_CHARACTERS = 10_240;
const MANAGED_CHARACTERS = 6_144;
const TRUST_CHARACTERS = 2_048;
/** Managed policies of one role. Source: IAM quotas. */
const MOST_POLICIES = 10;
/** The property that names a resource, and the characters that it may have. Source: the services' quotas. */
const NAMES: Readonly<Record<string, readonly [property: string, most: number]>> = {
  'AWS::Config::ConfigRule': ['ConfigRuleName', 128],
  'AWS::Events::Rule': ['Name', 64],
  'AWS::IAM::Role': ['RoleName', 64],
  'AWS::Lambda::Function': ['FunctionName', 64],
  'AWS::SQS::Queue': ['QueueName', 80],
};

/** What IAM fills in, at its longest. */
const FILLED_IN: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-northeast-1',
  'AWS::AccountId': '111122223333',
  'AWS::URLSuffix': 'amazonaws.com.cn',
  'sls:stage': 'production',
};
/** Longer than the ARNs of the stack's own queues, topics, keys and tables, whose names CloudFormation generates. */
const SOME_ARN = `arn:aws-us-gov:dynamodb:ap-northeast-1:111122223333:table/${'x'.repeat(64)}`;

/** Characters that IAM counts of a policy document, once CloudFormation has filled in the names. */
export function lengthInIam(document: object): number {
  return JSON.stringify(document)
    .replace(/\{"Fn::Sub":("[^"]*")\}/g, '$1')
    .replace(/\{"(?:Ref|Fn::GetAtt)":[^}]*\}/g, `"${SOME_ARN}"`)
    .replace(/\$\{([^}]+)\}/g, (_all, name: string) => FILLED_IN[name] ?? SOME_ARN).length;
}

/** What CloudFormation, IAM and Lambda would refuse of these templates, each in one sentence. */
export function refusals(root: Template, nested: Readonly<Record<string, Template>>): string[] {
  return [
    ...templateRefusals('the stack', root),
    ...Object.entries(nested).flatMap(([name, template]) =>
      templateRefusals(`the nested stack ${name}`, template),
    ),
  ];
}

/** The same for one template, which the sentences call `stack`. */
export function templateRefusals(stack: string, template: Template): string[] {
  const { Resources, Parameters = {}, Outputs = {} } = template;
  const resources = Object.keys(Resources).length;
  const bytes = Buffer.byteLength(JSON.stringify(template));
  return [
    ...over(`${stack} has`, resources, MOST_RESOURCES, 'resources', 'enable fewer bots'),
    ...over(`the template of ${stack} has`, bytes, TEMPLATE_BYTES, 'bytes', 'enable fewer bots'),
    ...over(
      `${stack} has`,
      Object.keys(Parameters).length,
      MOST_PARAMETERS,
      'parameters',
      'enable fewer bots',
    ),
    ...over(`${stack} has`, Object.keys(Outputs).length, MOST_PARAMETERS, 'outputs', 'enable fewer bots'),
    ...Object.entries(Resources).flatMap(([name, resource]) => nameRefusals(name, resource)),
    ...Object.entries(Resources)
      .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
      .flatMap(([name, role]) => roleRefusals(name, role, Resources)),
  ];
}

function nameRefusals(logicalId: string, { Type, Properties }: Resource): string[] {
  const [property = '', most = 0] = NAMES[Type] ?? [];
  const name = (Properties as Readonly<Record<string, unknown>>)[property];
  if (typeof name !== 'string') return [];
  return over(
    `the ${property} of ${logicalId}, ${name}, has`,
    name.length,
    most,
    'characters',
    'choose a shorter stage',
  );
}

interface Role {
  readonly AssumeRolePolicyDocument: object;
  readonly Policies?: readonly { readonly PolicyDocument: object }[];
}

function roleRefusals(name: string, role: Resource, all: Template['Resources']): string[] {
  const { AssumeRolePolicyDocument, Policies = [] } = role.Properties as Role;
  const inline = Policies.map(({ PolicyDocument }) => lengthInIam(PolicyDocument));
  const attached = Object.entries(all).filter(
    ([, { Type, Properties }]) =>
      Type === 'AWS::IAM::ManagedPolicy' &&
      (Properties as { Roles?: { Ref: string }[] }).Roles?.some(({ Ref }) => Ref === name),
  );
  const fewer = 'enable fewer bots, or name fewer accounts';
  return [
    ...over(`the policies of ${name} have`, sum(inline), INLINE_CHARACTERS, 'characters', fewer),
    ...over(
      `the trust policy of ${name} has`,
      lengthInIam(AssumeRolePolicyDocument),
      TRUST_CHARACTERS,
      'characters',
      fewer,
    ),
    ...over(`${name} needs`, attached.length, MOST_POLICIES, 'managed policies', fewer),
    ...attached.flatMap(([policy, { Properties }]) => {
      const { PolicyDocument } = Properties as { PolicyDocument: object };
      return over(`${policy} has`, lengthInIam(PolicyDocument), MANAGED_CHARACTERS, 'characters', fewer);
    }),
  ];
}

function over(what: string, count: number, most: number, of: string, remedy: string): string[] {
  return count <= most ? [] : [`${what} ${count} ${of}, and AWS takes ${most}: ${remedy}`];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
