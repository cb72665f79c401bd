import { CreateKeyCommand, EnableKeyRotationCommand, GetKeyRotationStatusCommand } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  GetBucketAclCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import type { Account } from './account';
import { block, instance, instanceState, interfaces, rules, securityGroup } from './faults';

/** Something that is right, or left as it is by intent: the same afterwards, to the letter. */
export interface Healthy {
  readonly name: string;
  readonly make: (account: Account) => Promise<string>;
  readonly read: (account: Account, id: string) => Promise<unknown>;
}

const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;

/** Everything that is right in the demo's account. */
export const healthy: readonly Healthy[] = [
  {
    name: 'a security group with HTTPS for the world and SSH for the office',
    make: (account) =>
      securityGroup(account, 'office', [
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '203.0.113.0/24' }] },
      ]),
    read: rules,
  },
  {
    name: 'a bucket shared within the organisation',
    async make({ s3, ...account }) {
      const Bucket = 'shared-in-the-organisation';
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
      await block({ s3, ...account }, Bucket);
      const statement = {
        Sid: 'Organisation',
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${Bucket}/*`,
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
      };
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
      return Bucket;
    },
    read: bucket,
  },
  {
    name: 'a bucket that config.ts exempts: a website',
    async make({ s3 }) {
      const Bucket = 'website-of-the-company';
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
      return Bucket;
    },
    read: bucket,
  },
  {
    name: 'a KMS key that rotates on a period of its own',
    async make({ kms }) {
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'rotates' }));
      const KeyId = KeyMetadata?.KeyId ?? '';
      await kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 180 }));
      return KeyId;
    },
    async read({ kms }, KeyId) {
      const { KeyRotationEnabled, RotationPeriodInDays } = await kms.send(
        new GetKeyRotationStatusCommand({ KeyId }),
      );
      return { KeyRotationEnabled, RotationPeriodInDays };
    },
  },
  {
    name: 'an instance at work',
    make: instance,
    read: async (account, id) => ({
      state: await instanceState(account, id),
      groups: (await interfaces(account, id)).map(({ Groups }) => Groups),
    }),
  },
];

async function bucket({ s3 }: Account, Bucket: string): Promise<unknown> {
  const [acl, policy, publicAccess] = await Promise.all([
    s3.send(new GetBucketAclCommand({ Bucket })),
    s3.send(new GetBucketPolicyCommand({ Bucket })).catch(() => undefined),
    s3.send(new GetPublicAccessBlockCommand({ Bucket })).catch(() => undefined),
  ]);
  return {
    grants: acl.Grants,
    policy: policy?.Policy,
    publicAccess: publicAccess?.PublicAccessBlockConfiguration,
  };
}
