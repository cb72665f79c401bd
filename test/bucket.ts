/** Buckets in any state, for the tests of their bots; and all their settings, for what must survive. */
import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetPublicAccessBlockCommand,
  type Grant,
  HeadObjectCommand,
  type ObjectOwnership,
  type PublicAccessBlockConfiguration,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketReplicationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type ServerSideEncryptionRule,
  type WebsiteConfiguration,
} from '@aws-sdk/client-s3';
import type { Account } from './account';

/** The canonical user to whom all buckets of local AWS belong. */
export const OWNER = '75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a';

/** What is set on a bucket beside what {@link bucketWith} always sets. */
export interface Settings {
  readonly name?: (account: Account) => string;
  /** The text of the policy, or what it says of the bucket with that ARN. */
  readonly policy?: string | ((arn: string) => object);
  readonly grants?: readonly Grant[];
  readonly versioning?: 'Enabled' | 'Suspended';
  readonly encryption?: ServerSideEncryptionRule;
  readonly website?: WebsiteConfiguration;
  readonly block?: PublicAccessBlockConfiguration;
  readonly ownership?: ObjectOwnership;
  /** Replication, which needs versioning. */
  readonly replicated?: boolean;
}

/** Makes a bucket with tags, CORS, lifecycle rules, one object, and these settings; answers with its name. */
export const bucketWith =
  (settings: Settings = {}) =>
  async (account: Account): Promise<string> => {
    const Bucket = settings.name?.(account) ?? randomUUID();
    const s3 = account.client(S3Client);
    const LocationConstraint = account.region as 'eu-west-1';
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
    await s3.send(
      new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'team', Value: 'a' }] } }),
    );
    const CORSRules = [{ AllowedMethods: ['GET'], AllowedOrigins: ['https://example.com'] }];
    await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    const Rules = [
      { ID: 'old', Status: 'Enabled' as const, Filter: { Prefix: 'tmp/' }, Expiration: { Days: 7 } },
    ];
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'kept' }));
    for (const command of commandsFor(Bucket, settings)) await s3.send(command as never);
    return Bucket;
  };

type Setting = keyof typeof READERS;

/** Reads all settings of a bucket but those that the bot is there to change. */
export const settingsBut =
  (...changed: readonly Setting[]) =>
  async ({ client }: Account, Bucket: string): Promise<unknown> => {
    const s3 = client(S3Client);
    const entries = Object.entries(READERS)
      .filter(([name]) => !changed.includes(name as Setting))
      .map(async ([name, read]) => {
        const reply = await s3.send(read(Bucket) as never).catch((error: unknown) => (error as Error).name);
        const { $metadata: _unused, ...rest } =
          typeof reply === 'string' ? { reply } : (reply as unknown as Record<string, unknown>);
        return [name, JSON.stringify(rest)];
      });
    return Object.fromEntries(await Promise.all(entries)) as unknown;
  };

/** A grant to a group: `group('global/AllUsers', 'READ')`, `group('s3/LogDelivery', 'WRITE')`. */
export const group = (name: string, Permission: Grant['Permission']): Grant => ({
  Grantee: { Type: 'Group', URI: `http://acs.amazonaws.com/groups/${name}` },
  Permission,
});

/** A grant to an account whose canonical id is that digit over and over, or that id. */
export const user = (id: string, Permission: Grant['Permission']): Grant => ({
  Grantee: { Type: 'CanonicalUser', ID: id.length === 1 ? id.repeat(64) : id },
  Permission,
});

const READERS = {
  acl: (Bucket: string) => new GetBucketAclCommand({ Bucket }),
  block: (Bucket: string) => new GetPublicAccessBlockCommand({ Bucket }),
  cors: (Bucket: string) => new GetBucketCorsCommand({ Bucket }),
  encryption: (Bucket: string) => new GetBucketEncryptionCommand({ Bucket }),
  lifecycle: (Bucket: string) => new GetBucketLifecycleConfigurationCommand({ Bucket }),
  logging: (Bucket: string) => new GetBucketLoggingCommand({ Bucket }),
  object: (Bucket: string) => new HeadObjectCommand({ Bucket, Key: 'kept' }),
  ownership: (Bucket: string) => new GetBucketOwnershipControlsCommand({ Bucket }),
  policy: (Bucket: string) => new GetBucketPolicyCommand({ Bucket }),
  replication: (Bucket: string) => new GetBucketReplicationCommand({ Bucket }),
  tags: (Bucket: string) => new GetBucketTaggingCommand({ Bucket }),
  versioning: (Bucket: string) => new GetBucketVersioningCommand({ Bucket }),
  website: (Bucket: string) => new GetBucketWebsiteCommand({ Bucket }),
};

function commandsFor(Bucket: string, settings: Settings): object[] {
  const { policy, grants, versioning, encryption, website, block, ownership, replicated } = settings;
  const text = typeof policy === 'function' ? JSON.stringify(policy(`arn:aws:s3:::${Bucket}`)) : policy;
  const AccessControlPolicy = { Owner: { ID: OWNER }, Grants: [...(grants ?? [])] };
  const rule = {
    ID: 'copy',
    Status: 'Enabled' as const,
    Prefix: '',
    Destination: { Bucket: 'arn:aws:s3:::somewhere-else' },
  };
  return [
    versioning && new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: versioning } }),
    replicated &&
      new PutBucketReplicationCommand({
        Bucket,
        ReplicationConfiguration: { Role: 'arn:aws:iam::111122223333:role/copy', Rules: [rule] },
      }),
    encryption &&
      new PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: { Rules: [encryption] },
      }),
    website && new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: website }),
    grants && new PutBucketAclCommand({ Bucket, AccessControlPolicy }),
    ownership &&
      new PutBucketOwnershipControlsCommand({
        Bucket,
        OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] },
      }),
    text !== undefined && new PutBucketPolicyCommand({ Bucket, Policy: text }),
    block && new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: block }),
  ].filter((command) => typeof command === 'object');
}
