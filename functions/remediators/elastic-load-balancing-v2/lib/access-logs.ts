import type { Statement } from '../../../../shared/policy/policy-document';
import type { Target } from '../../../../shared/resources/target';
import { bucketArn } from '../../s3/lib/bucket';
import type { kindOf } from './balancer';

type Bucket = Pick<Target, 'account' | 'region' | 'id'>;

/** What it takes to read a log bucket and to open it for deliveries. */
export const LOGS = {
  read: [
    's3:GetBucketPolicy',
    's3:GetBucketPublicAccessBlock',
    's3:GetEncryptionConfiguration',
    's3:ListBucket',
  ],
  write: ['s3:CreateBucket', 's3:PutBucketPolicy', 's3:PutBucketPublicAccessBlock', 's3:TagResource'],
} as const;

/** The bucket for the access logs of all balancers that an account has in a region. */
export function logBucketOf({ account, region }: Pick<Target, 'account' | 'region'>): Bucket {
  return { account, region, id: `${account}-elb-access-logs-${region}` };
}

/**
 * Lets balancers of the bucket's own account deliver: they write under its number only. Network Load Balancers have
 * it done by CloudWatch Logs. Source: Elastic Load Balancing user guides, access logs.
 */
export function deliveryTo(bucket: Bucket, kind: ReturnType<typeof kindOf>): Statement {
  const objects = `${bucketArn(bucket)}/AWSLogs/${bucket.account}/*`;
  if (kind === 'network') {
    return {
      Sid: 'NetworkLoadBalancersOfThisAccount',
      Effect: 'Allow',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Action: ['s3:GetBucketAcl', 's3:PutObject'],
      Resource: [bucketArn(bucket), objects],
      Condition: { StringEquals: { 'aws:SourceAccount': bucket.account } },
    };
  }
  return {
    Sid: 'LoadBalancersOfThisAccount',
    Effect: 'Allow',
    Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: objects,
  };
}
