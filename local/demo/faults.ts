import {
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  AttachNetworkInterfaceCommand,
  type IpPermission,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { GetAccountPasswordPolicyCommand, UpdateAccountPasswordPolicyCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand, GetKeyRotationStatusCommand } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  GetBucketAclCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { PublishCommand } from '@aws-sdk/client-sns';
import type { Account } from './account';

/** Something wrong: made, and looked at afterwards without any bot's help. */
export interface Fault {
  readonly name: string;
  /** The bots that should put it right. */
  readonly bots: readonly string[];
  /** Makes it and answers with its id. */
  readonly make: (account: Account) => Promise<string>;
  readonly isFixed: (account: Account, id: string) => Promise<boolean>;
  /** What lies right beside the fault and must be the same afterwards. */
  readonly neighbours?: (account: Account, id: string) => Promise<unknown>;
}

const WORLD = ['0.0.0.0/0', '::/0'];
const CLOSED = [22, 3389];
const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers';

const openSecurityGroup: Fault = {
  name: 'a security group open on 22 and 3389, beside HTTPS and an office',
  bots: ['sg_close_ports'],
  async make({ ec2 }) {
    const id = await securityGroup({ ec2 }, 'web', [
      {
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 22,
        IpRanges: [{ CidrIp: '0.0.0.0/0' }, { CidrIp: '203.0.113.0/24', Description: 'office' }],
        Ipv6Ranges: [{ CidrIpv6: '::/0' }],
      },
      {
        IpProtocol: 'tcp',
        FromPort: 3389,
        ToPort: 3389,
        IpRanges: [{ CidrIp: '0.0.0.0/0' }],
        Ipv6Ranges: [{ CidrIpv6: '::/0' }],
      },
      {
        IpProtocol: 'tcp',
        FromPort: 443,
        ToPort: 443,
        IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'HTTPS for everyone' }],
        Ipv6Ranges: [{ CidrIpv6: '::/0' }],
      },
    ]);
    return id;
  },
  isFixed: async (account, id) => (await rules(account, id)).every((rule) => !isOpen(rule)),
  neighbours: async (account, id) => (await rules(account, id)).filter((rule) => !isOpen(rule)),
};

const publicAcl: Fault = {
  name: 'a bucket that everyone may read, by its ACL',
  bots: ['s3_remove_public_grants', 's3_block_all_public_access'],
  async make({ s3 }) {
    const Bucket = 'invoices-public-by-acl';
    await s3.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    const { Owner, Grants = [] } = await s3.send(new GetBucketAclCommand({ Bucket }));
    const everyone = { Grantee: { Type: 'Group', URI: ALL_USERS }, Permission: 'READ' } as const;
    const logs = {
      Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/s3/LogDelivery' },
      Permission: 'WRITE',
    } as const;
    await s3.send(
      new PutBucketAclCommand({
        Bucket,
        AccessControlPolicy: { Owner, Grants: [...Grants, everyone, logs] },
      }),
    );
    return Bucket;
  },
  isFixed: async ({ s3 }, Bucket) => {
    const { Grants = [] } = await s3.send(new GetBucketAclCommand({ Bucket }));
    return Grants.every(({ Grantee }) => Grantee?.URI !== ALL_USERS) && (await isBlocked({ s3 }, Bucket));
  },
  neighbours: async ({ s3 }, Bucket) => {
    const { Grants = [], Owner } = await s3.send(new GetBucketAclCommand({ Bucket }));
    return { owner: Owner?.ID, grants: Grants.filter(({ Grantee }) => Grantee?.URI !== ALL_USERS) };
  },
};

const publicPolicy: Fault = {
  name: 'a bucket that everyone may read, by its policy, beside a partner and a deny',
  bots: ['s3_remove_public_statements', 's3_block_all_public_access'],
  async make({ s3 }) {
    const Bucket = 'reports-public-by-policy';
    await s3.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
    const Resource = `arn:aws:s3:::${Bucket}/*`;
    const statements = [
      { Sid: 'Everyone', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource },
      {
        Sid: 'Partner',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::444455556666:root' },
        Action: 's3:GetObject',
        Resource,
      },
      { Sid: 'NoDeletes', Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource },
    ];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    return Bucket;
  },
  isFixed: async ({ s3 }, Bucket) =>
    (await statements({ s3 }, Bucket)).every(({ Sid }) => Sid !== 'Everyone') &&
    (await isBlocked({ s3 }, Bucket)),
  neighbours: async ({ s3 }, Bucket) =>
    (await statements({ s3 }, Bucket)).filter(({ Sid }) => Sid !== 'Everyone'),
};

const stillKey: Fault = {
  name: 'a KMS key that never rotates',
  bots: ['kms_enable_rotation'],
  make: async ({ kms }) =>
    (await kms.send(new CreateKeyCommand({ Description: 'customer data' }))).KeyMetadata?.KeyId ?? '',
  isFixed: async ({ kms }, KeyId) =>
    (await kms.send(new GetKeyRotationStatusCommand({ KeyId }))).KeyRotationEnabled === true,
};

const weakPasswords: Fault = {
  name: 'a weak password policy that is strict in one point',
  bots: ['iam_turn_on_password_policy'],
  async make({ iam, accountId }) {
    const weak = { MinimumPasswordLength: 8, RequireNumbers: true, MaxPasswordAge: 30 };
    await iam.send(new UpdateAccountPasswordPolicyCommand(weak));
    return accountId;
  },
  async isFixed({ iam }) {
    const { PasswordPolicy } = await iam.send(new GetAccountPasswordPolicyCommand({}));
    return (PasswordPolicy?.MinimumPasswordLength ?? 0) >= 14 && PasswordPolicy?.RequireSymbols === true;
  },
  neighbours: async ({ iam }) => {
    const { PasswordPolicy } = await iam.send(new GetAccountPasswordPolicyCommand({}));
    return { stricterAlready: PasswordPolicy?.MaxPasswordAge };
  },
};

const strayInstance: Fault = {
  name: 'an instance to stop, named by a tool of your own',
  bots: ['ec2_stop_instance'],
  async make(account) {
    const id = await instance(account);
    await publish(account, {
      bot: 'ec2_stop_instance',
      target: { id },
      id: 'inventory-4711',
      title: 'Instance without an owner',
    });
    return id;
  },
  isFixed: async ({ ec2 }, id) => ['stopping', 'stopped'].includes(await instanceState({ ec2 }, id)),
};

const breachedInstance: Fault = {
  name: 'an instance to quarantine, named by CloudGuard',
  bots: ['ec2_quarantine_instance'],
  async make(account) {
    const id = await instance(account);
    await secondInterface(account, id);
    await publish(account, cloudGuardFinding(account, id));
    return id;
  },
  async isFixed({ ec2 }, id) {
    const groups = (await interfaces({ ec2 }, id)).map(({ Groups = [] }) =>
      Groups.map(({ GroupName }) => GroupName),
    );
    return groups.length === 2 && groups.every((names) => names.join() === 'quarantine');
  },
  neighbours: ({ ec2 }, id) => instanceState({ ec2 }, id),
};

const farInstance: Fault = {
  name: 'an instance to stop in eu-central-1, where a person has to approve',
  bots: ['ec2_stop_instance'],
  async make(account) {
    const id = await instance({ ec2: account.ec2Central });
    await publish(account, {
      bot: 'ec2_stop_instance',
      target: { id, region: 'eu-central-1' },
      id: 'inventory-4712',
      title: 'Instance without an owner',
    });
    return id;
  },
  isFixed: async ({ ec2Central }, id) =>
    ['stopping', 'stopped'].includes(await instanceState({ ec2: ec2Central }, id)),
};

/** Everything that is wrong in the demo's account. */
export const faults: readonly Fault[] = [
  openSecurityGroup,
  publicAcl,
  publicPolicy,
  stillKey,
  weakPasswords,
  strayInstance,
  farInstance,
  breachedInstance,
];

/** A security group with these rules. */
export async function securityGroup(
  { ec2 }: Pick<Account, 'ec2'>,
  GroupName: string,
  IpPermissions: IpPermission[],
) {
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName, Description: GroupName }),
  );
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  return GroupId;
}

/** A running instance. */
export async function instance({ ec2 }: Pick<Account, 'ec2'>): Promise<string> {
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({ ImageId: 'ami-12c6146b', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
  );
  return Instances[0]?.InstanceId ?? '';
}

/** `running`, `stopped` … */
export async function instanceState({ ec2 }: Pick<Account, 'ec2'>, id: string): Promise<string> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations[0]?.Instances?.[0]?.State?.Name ?? 'gone';
}

/** The network interfaces of an instance. */
export async function interfaces({ ec2 }: Pick<Account, 'ec2'>, id: string) {
  const Filters = [{ Name: 'attachment.instance-id', Values: [id] }];
  return (await ec2.send(new DescribeNetworkInterfacesCommand({ Filters }))).NetworkInterfaces ?? [];
}

interface Rule {
  readonly protocol: string | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly source: string;
  readonly description: string | undefined;
}

/** The ingress of a security group, a line a source. */
export async function rules({ ec2 }: Pick<Account, 'ec2'>, id: string): Promise<Rule[]> {
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
  return (SecurityGroups[0]?.IpPermissions ?? [])
    .flatMap(({ IpProtocol, FromPort, ToPort, IpRanges = [], Ipv6Ranges = [] }) =>
      [...IpRanges, ...Ipv6Ranges].map((range) => ({
        protocol: IpProtocol,
        from: FromPort,
        to: ToPort,
        source: ('CidrIp' in range ? range.CidrIp : (range as { CidrIpv6?: string }).CidrIpv6) ?? '',
        description: range.Description,
      })),
    )
    .sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
}

/** A bucket that blocks all public access. */
export const BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
} as const;

/** Blocks all public access, as a careful owner would. */
export async function block({ s3 }: Pick<Account, 's3'>, Bucket: string): Promise<void> {
  await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: BLOCKED }));
}

function isOpen({ from, source }: Rule): boolean {
  return WORLD.includes(source) && CLOSED.includes(from ?? -1);
}

async function isBlocked({ s3 }: Pick<Account, 's3'>, Bucket: string): Promise<boolean> {
  const reply = await s3.send(new GetPublicAccessBlockCommand({ Bucket })).catch(() => undefined);
  return Object.values(reply?.PublicAccessBlockConfiguration ?? { none: false }).every(Boolean);
}

async function statements({ s3 }: Pick<Account, 's3'>, Bucket: string): Promise<{ Sid?: string }[]> {
  const { Policy = '{}' } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
  return (JSON.parse(Policy) as { Statement?: { Sid?: string }[] }).Statement ?? [];
}

async function secondInterface({ ec2 }: Account, InstanceId: string): Promise<void> {
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const SubnetId = Subnets[0]?.SubnetId;
  const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }));
  const NetworkInterfaceId = NetworkInterface?.NetworkInterfaceId;
  await ec2.send(new AttachNetworkInterfaceCommand({ InstanceId, NetworkInterfaceId, DeviceIndex: 1 }));
}

async function publish({ sns, findingsTopicArn }: Account, finding: object): Promise<void> {
  await sns.send(new PublishCommand({ TopicArn: findingsTopicArn, Message: JSON.stringify(finding) }));
}

function cloudGuardFinding({ accountId, region }: Account, id: string) {
  return {
    reportTime: new Date().toISOString(),
    findingKey: 'cg-0815',
    status: 'Failed',
    rule: {
      name: 'Instance talks to a known command-and-control server',
      severity: 'High',
      complianceTags: 'AUTO: ec2_quarantine_instance | NIST 800-53',
    },
    account: { id: accountId, vendor: 'AWS' },
    entity: { id, name: 'web-1', type: 'Instance', region: region.replaceAll('-', '_') },
  };
}
