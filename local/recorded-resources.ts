import {
  DescribeNetworkInterfacesCommand,
  EC2Client,
  paginateDescribeInstances,
  paginateDescribeSecurityGroups,
  type Tag,
} from '@aws-sdk/client-ec2';
import { GetAccountPasswordPolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  DescribeKeyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListResourceTagsCommand,
  paginateListKeys,
} from '@aws-sdk/client-kms';
import {
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { moreListers } from './listed-resources';
import { asConfigWrites, type Lister, orMissing, type Recorded } from './recording';

/** The types that the stand-in records; a rule that is scoped to another type is never invoked for it. */
export function listers(endpoint: string, region: string, accountId: string): Record<string, Lister> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const settings = { endpoint, region, credentials };
  const ec2 = new EC2Client(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const kms = new KMSClient(settings);
  const iam = new IAMClient(settings);
  const arn = (kind: string, id: string) => `arn:aws:ec2:${region}:${accountId}:${kind}/${id}`;
  return {
    'AWS::EC2::SecurityGroup': () => securityGroups(ec2, arn),
    'AWS::EC2::Instance': () => instances(ec2, arn),
    'AWS::S3::Bucket': () => buckets(s3, region),
    'AWS::KMS::Key': () => keys(kms),
    'AWS::::Account': () => account(iam, accountId),
    ...moreListers(settings, accountId),
  };
}

/** An account has no configuration item; what the scheduled rules ask about stands for it. */
async function account(iam: IAMClient, id: string): Promise<Recorded[]> {
  const policy = await iam.send(new GetAccountPasswordPolicyCommand({})).catch(() => undefined);
  return [{ id, arn: `arn:aws:iam::${id}:root`, configuration: { ...policy?.PasswordPolicy }, tags: {} }];
}

async function securityGroups(
  ec2: EC2Client,
  arn: (kind: string, id: string) => string,
): Promise<Recorded[]> {
  const found: Recorded[] = [];
  for await (const page of paginateDescribeSecurityGroups({ client: ec2 }, {})) {
    for (const group of page.SecurityGroups ?? []) {
      const id = group.GroupId ?? '';
      found.push({
        id,
        name: group.GroupName ?? '',
        arn: arn('security-group', id),
        configuration: asConfigWrites(group),
        tags: tagsOf(group.Tags),
      });
    }
  }
  return found;
}

async function instances(ec2: EC2Client, arn: (kind: string, id: string) => string): Promise<Recorded[]> {
  const found: Recorded[] = [];
  for await (const page of paginateDescribeInstances({ client: ec2 }, {})) {
    for (const instance of (page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? [])) {
      // A terminated instance is still described for an hour, but to Config it is gone.
      if (instance.State?.Name === 'terminated') continue;
      const id = instance.InstanceId ?? '';
      const { NetworkInterfaces } = await ec2.send(
        new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [id] }] }),
      );
      found.push({
        id,
        arn: arn('instance', id),
        configuration: asConfigWrites({ ...instance, NetworkInterfaces }),
        tags: tagsOf(instance.Tags),
      });
    }
  }
  return found;
}

async function buckets(s3: S3Client, region: string): Promise<Recorded[]> {
  const { Buckets, Owner } = await s3.send(new ListBucketsCommand({}));
  const all = await Promise.all((Buckets ?? []).map(({ Name }) => bucket(s3, Name ?? '', region, Owner)));
  return all.filter((each) => each !== undefined);
}

async function bucket(
  s3: S3Client,
  name: string,
  region: string,
  owner: unknown,
): Promise<Recorded | undefined> {
  const Bucket = name;
  const location = await orMissing(s3.send(new GetBucketLocationCommand({ Bucket })));
  if (!location || (location.LocationConstraint ?? 'us-east-1') !== region) return undefined;
  const [acl, policy, block, ownership, tagging] = await Promise.all([
    orMissing(s3.send(new GetBucketAclCommand({ Bucket }))),
    orMissing(s3.send(new GetBucketPolicyCommand({ Bucket }))),
    orMissing(s3.send(new GetPublicAccessBlockCommand({ Bucket }))),
    orMissing(s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))),
    orMissing(s3.send(new GetBucketTaggingCommand({ Bucket }))),
  ]);
  return {
    id: name,
    name,
    arn: `arn:aws:s3:::${name}`,
    configuration: { name, owner: asConfigWrites(owner) },
    supplementary: {
      AccessControlList: JSON.stringify(asConfigWrites({ Grants: acl?.Grants, Owner: acl?.Owner })),
      BucketPolicy: { policyText: policy?.Policy ?? null },
      PublicAccessBlockConfiguration: asConfigWrites(block?.PublicAccessBlockConfiguration ?? null),
      OwnershipControls: asConfigWrites(ownership?.OwnershipControls ?? null),
    },
    tags: tagsOf(tagging?.TagSet),
  };
}

async function keys(kms: KMSClient): Promise<Recorded[]> {
  const found: Recorded[] = [];
  for await (const page of paginateListKeys({ client: kms }, {})) {
    for (const { KeyId } of page.Keys ?? []) {
      const described = await orMissing(kms.send(new DescribeKeyCommand({ KeyId })));
      const key = described?.KeyMetadata;
      if (key?.KeyManager !== 'CUSTOMER') continue;
      const rotation = await orMissing(kms.send(new GetKeyRotationStatusCommand({ KeyId })));
      const tags = await orMissing(kms.send(new ListResourceTagsCommand({ KeyId })));
      found.push({
        id: KeyId ?? '',
        arn: key.Arn ?? '',
        configuration: asConfigWrites(key),
        supplementary: { KeyRotationStatus: rotation?.KeyRotationEnabled ?? false },
        tags: Object.fromEntries(
          (tags?.Tags ?? []).map(({ TagKey, TagValue }) => [TagKey ?? '', TagValue ?? '']),
        ),
      });
    }
  }
  return found;
}

function tagsOf(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}
