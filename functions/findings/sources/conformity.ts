import * as z from 'zod';
import { resourceOf } from '../arn';
import { matches, type Named, routed } from '../routing';
import { misshapen, text } from '../shapes';
import type { Intake, Reading, Source } from '../source';

/** Milliseconds since 1970, as a number or as text. */
const date = z.union([z.number(), z.string()]).nullish();

/** What is read of a check of Conformity. Every other field is left to Conformity. */
const checkSchema = z.object({
  id: text,
  ruleId: z.string().min(1).max(64),
  ruleTitle: text,
  status: text,
  suppressed: z.boolean().nullish(),
  riskLevel: text,
  accountId: text,
  ccrn: text,
  region: text,
  resource: text,
  createdDate: date,
  failureDiscoveryDate: date,
  lastModifiedDate: date,
  extradata: z.array(z.object({ name: text, value: z.unknown().optional() })).nullish(),
});
type Check = z.infer<typeof checkSchema>;

/** What `resource` of a check names; nothing where the rule is about the whole account. */
const RESOURCES = new Map<string, string | undefined>([
  ['CFM-005', 'AWS::CloudFormation::Stack'],
  ['Config-001', undefined],
  ['CT-001', undefined],
  ['CT-003', 'AWS::S3::Bucket'],
  ['EBS-009', 'AWS::EC2::Snapshot'],
  ['EC2-002', 'AWS::EC2::SecurityGroup'],
  ['EC2-003', 'AWS::EC2::SecurityGroup'],
  ['EC2-004', 'AWS::EC2::SecurityGroup'],
  ['EC2-005', 'AWS::EC2::SecurityGroup'],
  ['EC2-006', 'AWS::EC2::SecurityGroup'],
  ['EC2-008', 'AWS::EC2::SecurityGroup'],
  ['EC2-019', 'AWS::EC2::Image'],
  ['EC2-038', 'AWS::EC2::SecurityGroup'],
  ['EC2-039', 'AWS::EC2::SecurityGroup'],
  ['EC2-040', 'AWS::EC2::SecurityGroup'],
  ['EC2-043', 'AWS::EC2::SecurityGroup'],
  ['EC2-045', 'AWS::EC2::SecurityGroup'],
  ['GD-001', undefined],
  ['IAM-001', 'AWS::IAM::AccessKey'],
  ['IAM-038', 'AWS::IAM::AccessKey'],
  ['Kinesis-001', 'AWS::Kinesis::Stream'],
  ['KMS-002', 'AWS::KMS::Key'],
  ['KMS-004', 'AWS::KMS::Key'],
  ['Lambda-003', 'AWS::Lambda::Function'],
  ['Organizations-002', undefined],
  ['RDS-006', 'AWS::RDS::DBInstance'],
  ['RDS-008', 'AWS::RDS::DBInstance'],
  ['RDS-023', 'AWS::RDS::DBSnapshot'],
  ['RS-001', 'AWS::Redshift::Cluster'],
  ['RS-019', 'AWS::Redshift::Cluster'],
  ['RS-023', 'AWS::Redshift::ClusterParameterGroup'],
  ['S3-001', 'AWS::S3::Bucket'],
  ['S3-002', 'AWS::S3::Bucket'],
  ['S3-003', 'AWS::S3::Bucket'],
  ['S3-004', 'AWS::S3::Bucket'],
  ['S3-005', 'AWS::S3::Bucket'],
  ['S3-006', 'AWS::S3::Bucket'],
  ['S3-007', 'AWS::S3::Bucket'],
  ['S3-008', 'AWS::S3::Bucket'],
  ['S3-009', 'AWS::S3::Bucket'],
  ['S3-010', 'AWS::S3::Bucket'],
  ['S3-012', 'AWS::S3::Bucket'],
  ['S3-014', 'AWS::S3::Bucket'],
  ['S3-016', 'AWS::S3::Bucket'],
  ['SQS-004', 'AWS::SQS::Queue'],
  ['TrustedAdvisor-003', 'AWS::IAM::AccessKey'],
  ['VPC-001', 'AWS::EC2::VPC'],
]);

/** The port that a rule is about: SSH, RDP, Oracle, MySQL, PostgreSQL, SQL Server, Telnet, SMTP, RPC, CIFS, MongoDB. */
const PORTS = new Map<string, number>([
  ['EC2-002', 22],
  ['EC2-003', 3389],
  ['EC2-004', 1521],
  ['EC2-005', 3306],
  ['EC2-006', 5432],
  ['EC2-008', 1433],
  ['EC2-038', 23],
  ['EC2-039', 25],
  ['EC2-040', 135],
  ['EC2-043', 445],
  ['EC2-045', 27017],
]);
const CLOSES_PORTS = 'sg_close_ports';

const SEVERITIES = new Map<string, number>([
  ['LOW', 2],
  ['MEDIUM', 4],
  ['HIGH', 6],
  ['VERY_HIGH', 8],
  ['EXTREME', 10],
]);

/** Checks of Conformity (Cloud Conformity, Trend Cloud One), as its SNS channel sends them. */
export const conformity: Source = {
  name: 'conformity',

  accepts: (message) =>
    'ruleId' in message && 'resource' in message && ('ccrn' in message || 'organisationId' in message),

  read(message, intake): Reading[] {
    const parsed = checkSchema.safeParse(message);
    if (!parsed.success) return misshapen('a check of Conformity', parsed.error);
    const check = parsed.data;
    const declined = reasonAgainst(check);
    if (declined !== undefined) return [{ declined }];
    const accounts = accountsIn(check);
    if (accounts.length > 1) return [{ unusable: `the check names two accounts: ${accounts.join(' and ')}` }];
    const severity = SEVERITIES.get(check.riskLevel ?? '');
    return routed(
      {
        source: 'conformity',
        id: check.id ?? `${check.ruleId}/${check.resource ?? ''}`,
        time: timeOf(check) ?? intake.sentAt,
        ...(check.ruleTitle !== undefined && { title: check.ruleTitle }),
        // `accountId` is Conformity's own number and no map of it comes along: what names no AWS account is this one's.
        account: accounts[0] ?? intake.accountId,
        region: check.region ?? check.ccrn?.split(':')[4],
        resources: resourcesOf(check, intake),
        keys: [check.ruleId],
        ...(severity !== undefined && { severity }),
        controls: { standard: 'conformity', ids: [check.ruleId] },
      },
      withPort(check.ruleId, intake),
    );
  },
};

function reasonAgainst({ status, suppressed, ccrn }: Check): string | undefined {
  if (status?.toUpperCase() !== 'FAILURE') {
    return `the check's status is ${status ?? 'absent'}; only FAILURE asks for a repair`;
  }
  if (suppressed === true) return 'the check is suppressed';
  const cloud = ccrn?.split(':')[1] ?? 'aws';
  return cloud === 'aws' ? undefined : `the check is about ${cloud}`;
}

/** Accounts of AWS that the check names: in place of Conformity's own, or in an ARN or a queue's URL. */
function accountsIn({ accountId, ccrn, resource }: Check): string[] {
  const named = [
    accountId,
    ccrn?.split(':')[2],
    /^arn:[\w-]+:[\w-]*:[\w-]*:(\d*):/.exec(resource ?? '')?.[1],
    /^https:\/\/[\w.-]+\/(\d+)\//.exec(resource ?? '')?.[1],
  ];
  return [
    ...new Set(named.filter((account) => account !== undefined && /^\d{12}$/.test(account))),
  ] as string[];
}

function resourcesOf({ ruleId, resource, extradata }: Check, { catalogue }: Intake): Named[] {
  const user = extradata?.find(({ name }) => name === 'UserName')?.value;
  const users = typeof user === 'string' && user !== '' ? [{ type: 'AWS::IAM::User', id: user }] : [];
  if (resource === undefined) return users;
  // Of a rule that is not in the table the bot that config.ts names for it knows what it is about.
  const types = RESOURCES.has(ruleId)
    ? [RESOURCES.get(ruleId)].filter((type) => type !== undefined)
    : catalogue.map((entry) => entry.resource);
  const named = resourceOf(resource);
  return [...users, ...types.map((type) => ({ type, id: named?.type === type ? named.id : resource }))];
}

/** Rules on ports close their own port only, where config.ts does not say what to do about them. */
function withPort(ruleId: string, intake: Intake): Intake {
  const routes = intake.routes?.conformity ?? {};
  const port = PORTS.get(ruleId);
  const isRouted = Object.keys(routes).some((pattern) => matches(pattern, ruleId));
  const isThere =
    intake.catalogue.some(({ id }) => id === CLOSES_PORTS) && (intake.isEnabled?.(CLOSES_PORTS) ?? true);
  if (port === undefined || isRouted || !isThere) return intake;
  const route = `AUTO: ${CLOSES_PORTS} ports=${String(port)}`;
  return { ...intake, routes: { ...intake.routes, conformity: { ...routes, [ruleId]: route } } };
}

/** The last of its dates: a check keeps its id when it fails again. */
function timeOf({ createdDate, failureDiscoveryDate, lastModifiedDate }: Check): string | undefined {
  const times = [createdDate, failureDiscoveryDate, lastModifiedDate]
    .map((value) => new Date(value == null || value === '' ? NaN : Number(value)).getTime())
    .filter((time) => !Number.isNaN(time));
  return times.length > 0 ? new Date(Math.max(...times)).toISOString() : undefined;
}
