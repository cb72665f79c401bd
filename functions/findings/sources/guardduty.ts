import * as z from 'zod';
import { resourceOf } from '../../../shared/resources/arn';
import { isNowhere } from '../../../shared/resources/regions';
import { isSettings } from '../../../shared/resources/target';
import { typeNamed } from '../../../shared/resources/types';
import { type Located, routedEach } from '../each';
import { lastOf, list, misshapen, text, timeOf } from '../shapes';
import type { Reading, Source } from '../source';

const ACCESS_KEY = 'AWS::IAM::AccessKey';

const profile = z.object({ arn: text }).nullish();

/** Details of all types of resources; a finding carries those that it is about. Source: GuardDuty API, Resource. */
const resourceSchema = z.object({
  instanceDetails: z
    .object({
      instanceId: text,
      iamInstanceProfile: profile,
      networkInterfaces: list(z.object({ vpcId: text })),
    })
    .nullish(),
  accessKeyDetails: z.object({ accessKeyId: text, userName: text, userType: text }).nullish(),
  s3BucketDetails: list(z.object({ name: text })),
  eksClusterDetails: z.object({ name: text, vpcId: text }).nullish(),
  ecsClusterDetails: z
    .object({ name: text, taskDetails: z.object({ arn: text, definitionArn: text }).nullish() })
    .nullish(),
  lambdaDetails: z.object({ functionName: text, role: text }).nullish(),
  rdsDbInstanceDetails: z.object({ dbInstanceIdentifier: text, dbClusterIdentifier: text }).nullish(),
  rdsLimitlessDbDetails: z.object({ dbShardGroupIdentifier: text, dbClusterIdentifier: text }).nullish(),
  ebsSnapshotDetails: z.object({ snapshotArn: text }).nullish(),
  ec2ImageDetails: z.object({ imageArn: text }).nullish(),
  recoveryPointDetails: z.object({ recoveryPointArn: text, backupVaultName: text }).nullish(),
});

/** What a malware scan found, and where. Source: GuardDuty API, EbsVolumeScanDetails. */
const scanSchema = z.object({
  scanDetections: z
    .object({
      threatDetectedByName: z
        .object({
          threatNames: list(z.object({ filePaths: list(z.object({ volumeArn: text })) })),
        })
        .nullish(),
    })
    .nullish(),
});

/** Who and what takes part in an attack of several steps. Source: GuardDuty API, Sequence. */
const sequenceSchema = z.object({
  actors: list(
    z.object({
      user: z
        .object({
          name: text,
          type: text,
          credentialUid: text,
          account: z.object({ uid: text }).nullish(),
        })
        .nullish(),
    }),
  ),
  resources: list(
    z.object({
      uid: text,
      accountId: text,
      region: text,
      resourceType: text,
      data: z
        .object({
          accessKey: z.object({ userName: text, userType: text }).nullish(),
          ec2Instance: z.object({ iamInstanceProfile: profile }).nullish(),
        })
        .nullish(),
    }),
  ),
});
type Sequence = z.infer<typeof sequenceSchema>;

const findingSchema = z.object({
  id: z.string().min(1),
  accountId: z.string(),
  region: text,
  type: z.string().min(1),
  severity: z.number().nullish(),
  title: text,
  createdAt: text,
  updatedAt: text,
  resource: resourceSchema,
  service: z.object({
    archived: z.boolean().nullish(),
    additionalInfo: z.object({ sample: z.boolean().nullish(), value: text }).nullish(),
    ebsVolumeScanDetails: scanSchema.nullish(),
    detection: z.object({ sequence: sequenceSchema.nullish() }).nullish(),
  }),
});
type Finding = z.infer<typeof findingSchema>;

const eventSchema = z.object({ 'detail-type': text, detail: z.unknown() });

/** GuardDuty's findings: events of EventBridge, or the finding alone. Routed by finding type. */
export const guardduty: Source = {
  name: 'guardduty',

  accepts: (message) => isEvent(message) || isBare(message),

  read(message, intake): Reading[] {
    const event = isEvent(message) ? eventSchema.safeParse(message) : undefined;
    if (event && !event.success) return misshapen('an event of GuardDuty', event.error);
    const kind = event?.data['detail-type'] ?? 'GuardDuty Finding';
    if (kind !== 'GuardDuty Finding') return [{ declined: `GuardDuty says ${kind}, which is no finding` }];
    const parsed = findingSchema.safeParse(event ? event.data.detail : message);
    if (!parsed.success) return misshapen('a GuardDuty finding', parsed.error);
    const finding = parsed.data;
    if (finding.service.archived) return [{ declined: 'the finding is archived' }];
    if (isSample(finding)) return [{ declined: 'it is a sample finding' }];
    const { id, accountId: account, region, type, severity, title, createdAt, updatedAt } = finding;
    const said = {
      ...({ source: 'guardduty', id, account, region, keys: [type] } as const),
      // While it goes on, GuardDuty publishes the finding again under its id: that is worth another look, and only
      // updatedAt tells it from a redelivery.
      time: timeOf(updatedAt, createdAt) ?? intake.sentAt,
      ...(title !== undefined && { title }),
      ...(typeof severity === 'number' && { severity }),
    };
    return routedEach(said, resourcesOf(finding), intake);
  },

  eventPattern: { source: ['aws.guardduty'], 'detail-type': ['GuardDuty Finding'] },
};

function isEvent(message: object): boolean {
  return 'source' in message && message.source === 'aws.guardduty';
}

function isBare(message: object): boolean {
  return ['schemaVersion', 'accountId', 'type', 'resource', 'service'].every((field) => field in message);
}

/** Findings that GuardDuty makes up on demand name resources that do not exist. */
function isSample({ title, service: { additionalInfo }, resource }: Finding): boolean {
  return (
    additionalInfo?.sample === true ||
    (title?.startsWith('[SAMPLE]') ?? false) ||
    resource.instanceDetails?.instanceId === 'i-99999999' ||
    (resource.accessKeyDetails?.accessKeyId?.startsWith('GeneratedFinding') ?? false) ||
    saysSample(additionalInfo?.value)
  );
}

/** The older form of additionalInfo: JSON in a text. */
function saysSample(value: string | undefined): boolean {
  try {
    const info: unknown = JSON.parse(value ?? '');
    return typeof info === 'object' && info !== null && 'sample' in info && info.sample === true;
  } catch {
    return false;
  }
}

function resourcesOf({ resource, service, accountId }: Finding): Located[] {
  const {
    instanceDetails: instance,
    eksClusterDetails: eks,
    ecsClusterDetails: ecs,
    lambdaDetails: lambda,
    rdsDbInstanceDetails: rds,
    rdsLimitlessDbDetails: limitless,
    recoveryPointDetails: recovery,
  } = resource;
  const threats = service.ebsVolumeScanDetails?.scanDetections?.threatDetectedByName?.threatNames ?? [];
  const infected = threats.flatMap(({ filePaths }) => filePaths);
  const vpcs = [...(instance?.networkInterfaces ?? []), ...(eks ? [eks] : [])];
  const sequence = service.detection?.sequence;
  return [
    ...named('AWS::EC2::Instance', instance?.instanceId),
    ...named('AWS::IAM::InstanceProfile', lastOf(instance?.iamInstanceProfile?.arn)),
    ...vpcs.flatMap(({ vpcId }) => named('AWS::EC2::VPC', vpcId)),
    ...identity(resource.accessKeyDetails ?? {}),
    ...resource.s3BucketDetails.flatMap(({ name }) => named('AWS::S3::Bucket', name)),
    ...named('AWS::EKS::Cluster', eks?.name),
    ...named('AWS::ECS::Cluster', ecs?.name),
    ...named('AWS::ECS::Task', ecs?.taskDetails?.arn),
    ...named('AWS::ECS::TaskDefinition', ecs?.taskDetails?.definitionArn),
    ...named('AWS::Lambda::Function', lambda?.functionName),
    ...named('AWS::IAM::Role', lastOf(lambda?.role)),
    ...named('AWS::RDS::DBInstance', rds?.dbInstanceIdentifier),
    ...named('AWS::RDS::DBShardGroup', limitless?.dbShardGroupIdentifier),
    ...named('AWS::RDS::DBCluster', rds?.dbClusterIdentifier ?? limitless?.dbClusterIdentifier),
    // Of the volumes that were scanned, those in which something was found.
    ...infected.flatMap(({ volumeArn }) => named('AWS::EC2::Volume', lastOf(volumeArn))),
    ...named('AWS::EC2::Snapshot', lastOf(resource.ebsSnapshotDetails?.snapshotArn)),
    ...named('AWS::EC2::Image', lastOf(resource.ec2ImageDetails?.imageArn)),
    ...named('AWS::Backup::RecoveryPoint', recovery?.recoveryPointArn),
    ...named('AWS::Backup::BackupVault', recovery?.backupVaultName),
    ...(sequence ? inSequence(sequence, accountId) : []),
  ];
}

function named(type: string, id: string | undefined): Located[] {
  return id === undefined || id === '' ? [] : [{ type, id }];
}

/**
 * The user or the role that acted, and its key where it has one for long: keys of sessions (`ASIA…`) cannot be
 * switched off, and those of root only by root.
 */
function identity({
  accessKeyId,
  userName,
  userType = '',
}: {
  accessKeyId?: string | undefined;
  userName?: string | undefined;
  userType?: string | undefined;
}): Located[] {
  const isKey = accessKeyId?.startsWith('AKIA') === true && userType !== 'Root';
  const name = userName !== undefined && /^[\w+=,.@-]{1,64}$/.test(userName) ? userName : undefined;
  return [
    ...named(ACCESS_KEY, isKey ? accessKeyId : undefined),
    ...named('AWS::IAM::User', userType === 'IAMUser' ? name : undefined),
    ...named('AWS::IAM::Role', ['AssumedRole', 'Role'].includes(userType) ? name : undefined),
  ];
}

/** GuardDuty writes an id alone or an ARN. What there are no bots for is passed over. */
function takingPart(resourceType: string, uid: string | undefined): Located[] {
  const row = typeNamed(resourceType);
  // Whose key it is stands beside it.
  if (!row || isSettings(row.type) || row.type === ACCESS_KEY) return [];
  const said = resourceOf(uid ?? '');
  if (said) return said.type === row.type ? named(row.type, said.id) : [];
  return named(row.type, row.id === 'arn' ? uid : lastOf(uid));
}

function inSequence({ actors, resources }: Sequence, accountId: string): Located[] {
  const users = actors.flatMap(({ user }) => {
    const who = identity({ accessKeyId: user?.credentialUid, userName: user?.name, userType: user?.type });
    return who.map((each) => ({ ...each, account: user?.account?.uid ?? accountId }));
  });
  const others = resources.flatMap(
    ({ uid, accountId: account = accountId, region, resourceType = '', data }) => {
      const profileName = lastOf(data?.ec2Instance?.iamInstanceProfile?.arn);
      const found = [...takingPart(resourceType, uid), ...named('AWS::IAM::InstanceProfile', profileName)];
      const key =
        resourceType === 'ACCESS_KEY' ? identity({ accessKeyId: lastOf(uid), ...data?.accessKey }) : [];
      const where = isNowhere(region) ? undefined : region;
      return [...found, ...key].map((each) => ({ ...each, account, region: where }));
    },
  );
  return [...users, ...others];
}
