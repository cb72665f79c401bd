import * as z from 'zod';
import { typesOf } from '../../../shared/bot/bot';
import { resourceOf } from '../../../shared/resources/arn';
import { placed } from '../arn';
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

/** A rule of Conformity that its own auto-remediation knows. */
interface Rule {
  /** What `resource` of a check names; absent where the rule is about the whole account. */
  readonly type?: string;
  /** The bot that answers it. It may not be there: what is asked is decided by the bots' own controls and routes. */
  readonly bot: string;
  /** The port that it is about. */
  readonly port?: number;
}

const closes = (port: number): Rule => ({
  ...{ type: 'AWS::EC2::SecurityGroup', bot: 'sg_close_ports', port },
});
const on = (type: string, bot: string): Rule => ({ type, bot });
const grants = on('AWS::S3::Bucket', 's3_remove_public_grants');
const oldKey = on('AWS::IAM::AccessKey', 'iam_deactivate_old_access_key');

/** The 47 rules. Source: Conformity's knowledge base. */
export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['CFM-005', on('AWS::CloudFormation::Stack', 'cloudformation_enable_termination_protection')],
  ['Config-001', { bot: 'config_enable' }],
  ['CT-001', { bot: 'cloudtrail_enable' }],
  ['CT-003', on('AWS::S3::Bucket', 's3_delete_acls')],
  ['EBS-009', on('AWS::EC2::Snapshot', 'ebs_snapshot_set_private')],
  // SSH, RDP, Oracle, MySQL, PostgreSQL, SQL Server, Telnet, SMTP, RPC, CIFS, MongoDB.
  ['EC2-002', closes(22)],
  ['EC2-003', closes(3389)],
  ['EC2-004', closes(1521)],
  ['EC2-005', closes(3306)],
  ['EC2-006', closes(5432)],
  ['EC2-008', closes(1433)],
  ['EC2-019', on('AWS::EC2::Image', 'ami_set_to_private')],
  ['EC2-038', closes(23)],
  ['EC2-039', closes(25)],
  ['EC2-040', closes(135)],
  ['EC2-043', closes(445)],
  ['EC2-045', closes(27017)],
  ['GD-001', { bot: 'guardduty_enable' }],
  ['IAM-001', oldKey],
  ['IAM-038', oldKey],
  ['Kinesis-001', on('AWS::Kinesis::Stream', 'kinesis_enable_encryption')],
  ['KMS-002', on('AWS::KMS::Key', 'kms_enable_rotation')],
  ['KMS-004', on('AWS::KMS::Key', 'kms_cmk_enable_key')],
  ['Lambda-003', on('AWS::Lambda::Function', 'lambda_enable_active_tracing')],
  ['Organizations-002', { bot: 'organizations_enable_all_features' }],
  ['RDS-006', on('AWS::RDS::DBInstance', 'rds_enable_auto_minor_version_upgrade')],
  ['RDS-008', on('AWS::RDS::DBInstance', 'rds_set_private')],
  ['RDS-023', on('AWS::RDS::DBSnapshot', 'rds_snapshot_set_private')],
  ['RS-001', on('AWS::Redshift::Cluster', 'redshift_set_private')],
  ['RS-019', on('AWS::Redshift::Cluster', 'redshift_set_snapshot_retention')],
  ['RS-023', on('AWS::Redshift::ClusterParameterGroup', 'redshift_enable_user_activity_logging')],
  ['S3-001', grants],
  ['S3-002', grants],
  ['S3-003', grants],
  ['S3-004', grants],
  ['S3-005', grants],
  ['S3-006', grants],
  ['S3-007', grants],
  ['S3-008', grants],
  ['S3-009', grants],
  ['S3-010', grants],
  ['S3-012', on('AWS::S3::Bucket', 's3_enable_versioning')],
  ['S3-014', on('AWS::S3::Bucket', 's3_remove_public_statements')],
  ['S3-016', on('AWS::S3::Bucket', 's3_enable_encryption')],
  ['SQS-004', on('AWS::SQS::Queue', 'sqs_enforce_sse')],
  ['TrustedAdvisor-003', on('AWS::IAM::AccessKey', 'iam_revoke_access_key')],
  ['VPC-001', on('AWS::EC2::VPC', 'vpc_turn_on_flow_logs')],
]);

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
    const accounts = accountsIn(check, intake);
    if (accounts.length === 0) {
      const own = check.accountId ?? 'none';
      return [
        {
          unusable: `the check names no account of AWS, only Conformity's own, ${own.slice(0, 64)}: say which it is under conformity.accounts in config.ts`,
        },
      ];
    }
    if (accounts.length > 1) return [{ unusable: `the check names two accounts: ${accounts.join(' and ')}` }];
    const severity = SEVERITIES.get(check.riskLevel ?? '');
    return routed(
      {
        source: 'conformity',
        id: check.id ?? `${check.ruleId}/${check.resource ?? ''}`,
        time: timeOf(check) ?? intake.sentAt,
        ...(check.ruleTitle !== undefined && { title: check.ruleTitle }),
        account: accounts[0],
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

/**
 * Accounts of AWS that the check names: in place of Conformity's own, or in an ARN or a queue's URL; and the one that
 * config.ts has for Conformity's own.
 */
function accountsIn(
  { accountId = '', ccrn, resource }: Check,
  { conformityAccounts = {} }: Intake,
): string[] {
  const named = [
    Object.hasOwn(conformityAccounts, accountId) ? conformityAccounts[accountId] : undefined,
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
  const rule = RULES.get(ruleId);
  const types = rule
    ? [rule.type].filter((type) => type !== undefined)
    : [...new Set(catalogue.flatMap(typesOf))];
  const named = resourceOf(resource);
  return [...users, ...types.map((type) => (named?.type === type ? placed(named) : { type, id: resource }))];
}

/** Rules on ports close their own port only, where config.ts does not say what to do about them. */
function withPort(ruleId: string, intake: Intake): Intake {
  const routes = intake.routes?.conformity ?? {};
  const { port, bot = '' } = RULES.get(ruleId) ?? {};
  const isRouted = Object.keys(routes).some((pattern) => matches(pattern, ruleId));
  const isThere = intake.catalogue.some(({ id }) => id === bot) && (intake.isEnabled?.(bot) ?? true);
  if (port === undefined || isRouted || !isThere) return intake;
  const route = `AUTO: ${bot} ports=${String(port)}`;
  return { ...intake, routes: { ...intake.routes, conformity: { ...routes, [ruleId]: route } } };
}

/** The last of its dates: a check keeps its id when it fails again. */
function timeOf({ createdDate, failureDiscoveryDate, lastModifiedDate }: Check): string | undefined {
  const times = [createdDate, failureDiscoveryDate, lastModifiedDate]
    .map((value) => new Date(value == null || value === '' ? NaN : Number(value)).getTime())
    .filter((time) => !Number.isNaN(time));
  return times.length > 0 ? new Date(Math.max(...times)).toISOString() : undefined;
}
