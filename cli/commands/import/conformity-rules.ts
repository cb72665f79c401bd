/** How the rules of Conformity's auto-remediation differ from the bots that answer them. Source: its version 2.0.5, read and run. */

interface Difference {
  /** A sentence on what is not the same. */
  readonly says?: string;
  /** Why the bot does more than the old tool did; no full stop. */
  readonly wider?: string;
  /** What the rule asks of the bot, where the bot's own metadata do not say so. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** The bot's parameters by the names that config.js has. */
  readonly names?: Readonly<Record<string, string>>;
}

const ports: Difference = {
  says: 'Rules for IPv6, for wider ranges of ports and for parts of the internet are closed too; auto-remediation revokes 0.0.0.0/0 on that one port.',
};
const grant = (grantee: string, permission: string): Difference => ({
  params: { grantees: [grantee], permissions: [permission] },
});
const never = (why: string) =>
  `In auto-remediation 2.0.5 this rule never came to its end (${why}), and here it would`;

/** By rule. What is not here is the same. */
export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'Config-001': {
    names: { S3BucketName: 'bucketName' },
    wider: never('its code does not load'),
    says: 'A recorder that is there keeps its settings.',
  },
  'CT-001': {
    names: { Name: 'trailName', S3BucketName: 'bucketName' },
    wider:
      'Where there is no trail of the account the bot makes one, with its bucket; auto-remediation only changed the one that it was told',
  },
  'CT-003': { says: 'Grants by which AWS delivers logs stay; auto-remediation took all away.' },
  'EC2-002': ports,
  'EC2-003': ports,
  'EC2-004': ports,
  'EC2-005': ports,
  'EC2-006': ports,
  'EC2-008': ports,
  'EC2-038': ports,
  'EC2-039': ports,
  'EC2-040': ports,
  'EC2-043': ports,
  'EC2-045': ports,
  'GD-001': { says: 'A detector that is suspended goes on, which made auto-remediation fail.' },
  'IAM-001': { wider: never('the name of its client is wrong'), params: { days: 30 } },
  'IAM-038': {
    params: { days: 90 },
    says: 'The age of the key is looked at again before it is made inactive.',
  },
  'Kinesis-001': { names: { KmsKeyId: 'kmsKeyId' }, says: 'A stream that is encrypted keeps its key.' },
  'KMS-004': { says: 'The key is enabled as well; auto-remediation left it disabled.' },
  'Lambda-003': { wider: never('it takes longer than its function may run') },
  'RDS-006': {
    says: 'Changes that wait for the maintenance window stay there; auto-remediation applied them at once.',
  },
  'RS-019': { names: { RetentionPeriod: 'days' }, says: 'A longer retention stays.' },
  'S3-001': grant('AllUsers', 'READ'),
  'S3-002': grant('AllUsers', 'READ_ACP'),
  'S3-003': grant('AllUsers', 'WRITE'),
  'S3-004': grant('AllUsers', 'WRITE_ACP'),
  'S3-005': grant('AllUsers', 'FULL_CONTROL'),
  'S3-006': grant('AuthenticatedUsers', 'READ'),
  'S3-007': grant('AuthenticatedUsers', 'READ_ACP'),
  'S3-008': grant('AuthenticatedUsers', 'WRITE'),
  'S3-009': grant('AuthenticatedUsers', 'WRITE_ACP'),
  'S3-010': grant('AuthenticatedUsers', 'FULL_CONTROL'),
  'S3-014': {
    says: 'The statement is removed, also one for {"AWS":"*"}; auto-remediation named the account in place of everyone, whatever the conditions.',
  },
  'S3-016': {
    says: 'Default encryption is turned on. The two statements that auto-remediation put into bucket policies, which refuse uploads without the header for AES256, are not made; those that it made stay until you remove them.',
  },
  'SQS-004': { names: { KmsKeyId: 'kmsKeyId' } },
  'TrustedAdvisor-003': { wider: never('its function goes by another name') },
  'VPC-001': {
    wider: never('it names no role'),
    params: { trafficType: 'all' },
    says: 'Records go to the log group vpcFlowLogs, not VPCFlowLogs.',
  },
};
