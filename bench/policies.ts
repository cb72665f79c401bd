import { memberTemplate } from '../deploy/member-template';
import { stackOf } from '../deploy/stack';
import { type Resource, STAGE, pascal } from '../deploy/template';
import { bots } from '../functions/remediators';
import { catalogue } from '../functions/remediators/catalogue';
import { SESSION_POLICY_LENGTH, sessionPolicy } from '../shared/aws/session-policy';
import type { CatalogueEntry } from '../shared/catalogue';
import { loadBot } from '../shared/worker/load';
import { type Target, isSettings, partitionOf, settingsTarget } from '../shared/resources/target';
import { configOfAll } from './findings';
import { ACCOUNT } from './messages';
import { type Row, median } from './table';

/** The region of each partition that has the longest name. */
const REGIONS = ['ap-southeast-1', 'cn-northwest-1', 'us-gov-west-1'];
/** Source: IAM quotas, inline policies of a role together; a managed policy; managed policies attached to a role. */
const INLINE_LENGTH = 10_240;
const MANAGED_LENGTH = 6_144;
const MOST_POLICIES = 10;
/** As long as names of their kind get, where that is more than an id that AWS makes. Source: each one's Create call. */
const LONGEST: Readonly<Record<string, number>> = {
  'AWS::ECR::Repository': 256,
  // With its path, which stands in the ARN that names it.
  'AWS::IAM::ManagedPolicy': 640,
  'AWS::IAM::Role': 64,
  'AWS::IAM::User': 64,
  'AWS::KMS::Key': 36,
  'AWS::Lambda::Function': 64,
  'AWS::RDS::DBCluster': 63,
  'AWS::RDS::DBClusterSnapshot': 63,
  'AWS::RDS::DBInstance': 63,
  'AWS::RDS::DBSnapshot': 255,
  'AWS::Redshift::Cluster': 63,
  'AWS::S3::Bucket': 63,
  'AWS::SNS::Topic': 256,
  'AWS::SQS::Queue': 80,
  'AWS::SSM::Document': 128,
  'AWS::SecretsManager::Secret': 512,
};
/** `vpc-0123456789abcdef0` and shorter. */
const AWS_ID = 21;

/** How large the policies get that are made from the bots' permissions, beside what AWS takes. */
export async function measurePolicies(say: (line: string) => void): Promise<Row[]> {
  say(`session policies, roles and the members' role, of ${catalogue.length} bots`);
  const accounts = { mode: 'multi', externalId: 'selfheal-bench', accounts: ['444455556666'] } as const;
  const config = { ...configOfAll(), accounts };
  const stack = await stackOf(config, catalogue, (id) => loadBot(bots, id));
  const roles = catalogue.map(({ id }) => lengthOfRole(stack.resources.Resources[`${pascal(id)}Role`]));
  const member = await memberTemplate(config, catalogue, { stage: 'prod' });
  const managed = Object.values(member.Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')
    .map(({ Properties }) => lengthOf((Properties as { PolicyDocument: object }).PolicyDocument));
  return [
    ...(['resource', 'account'] as const).flatMap((width) =>
      REGIONS.flatMap((region) =>
        rowsOf(
          `session policy, ${width}, ${partitionOf(region)}`,
          catalogue.map((entry) => lengthOfSession(entry, region, width)),
          'what STS takes',
          SESSION_POLICY_LENGTH,
        ),
      ),
    ),
    ...rowsOf("policies of a bot's role", roles, 'what IAM takes inline', INLINE_LENGTH),
    {
      what: "policies of the members' role, the largest",
      value: Math.max(...managed),
      unit: 'characters',
      each: managed,
      beside: 'what IAM takes of one',
      besideValue: MANAGED_LENGTH,
      ratio: Math.max(...managed) / MANAGED_LENGTH,
      goal: { atMost: 1 },
    },
    {
      what: "policies of the members' role, their number",
      value: managed.length,
      unit: 'policies',
      beside: 'what IAM attaches to a role',
      besideValue: MOST_POLICIES,
      ratio: managed.length / MOST_POLICIES,
      goal: { atMost: 1 },
    },
  ];
}

/** The median with the smallest and the largest, the length that 95 of 100 do not exceed, and the largest. */
function rowsOf(what: string, lengths: readonly number[], beside: string, besideValue: number): Row[] {
  const sorted = [...lengths].sort((one, other) => one - other);
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? NaN;
  const row = (of: string, value: number) => ({
    what: `${what}, ${of}`,
    value,
    unit: 'characters',
    beside,
    besideValue,
    ratio: value / besideValue,
  });
  return [
    { ...row('median', median(sorted)), each: sorted },
    row('95 of 100', p95),
    { ...row('largest', Math.max(...sorted)), goal: { atMost: 1 } },
  ];
}

function lengthOfSession(entry: CatalogueEntry, region: string, width: 'resource' | 'account'): number {
  const { read, write, ...narrowing } = entry.permissions;
  const target = targetOf(entry.resource, region);
  return sessionPolicy({ actions: [...read, ...write], ...narrowing, target, width }).length;
}

function targetOf(type: string, region: string): Target {
  if (isSettings(type)) return settingsTarget(type, ACCOUNT, region);
  return { account: ACCOUNT, region, type, id: 'x'.repeat(LONGEST[type] ?? AWS_ID) };
}

function lengthOfRole(role: Resource | undefined): number {
  const { Policies } = role?.Properties as { Policies: readonly { readonly PolicyDocument: object }[] };
  return Policies.reduce((sum, { PolicyDocument }) => sum + lengthOf(PolicyDocument), 0);
}

/** As IAM counts it, once CloudFormation has filled in: in the partition and a region with long names. */
function lengthOf(document: object): number {
  const queue = `arn:aws-us-gov:sqs:us-gov-west-1:${ACCOUNT}:selfheal-production-remediation.fifo`;
  return JSON.stringify(document)
    .replaceAll(/\{"Fn::Sub":("[^"]*")\}/g, '$1')
    .replaceAll(/\{"Ref":"[^"]*"\}/g, `"${queue}"`)
    .replaceAll(/\$\{\w+\.Arn\}/g, queue)
    .replaceAll('${AWS::Partition}', 'aws-us-gov')
    .replaceAll('${AWS::Region}', 'us-gov-west-1')
    .replaceAll('${AWS::AccountId}', ACCOUNT)
    .replaceAll(STAGE, 'production').length;
}
