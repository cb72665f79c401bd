import { DeleteBucketCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { BUCKET, bucketOf } from './lib/bucket';
import { aclOf, isDeliveryStatement, isLogDelivery, policyOf } from './lib/bucket-access';
import { defineBot } from '../../../shared/bot/bot';
import { parsePolicy, statementsOf } from '../../../shared/policy/policy-document';

export const bot = defineBot({
  ...BUCKET,
  id: 's3_delete_bucket',
  title: 'Delete an S3 bucket that is empty',
  severity: 'low',
  risk: 'destructive',
  kind: 'response',
  permissions: {
    read: ['s3:ListBucketVersions', 's3:GetBucketPolicy', 's3:GetBucketAcl'],
    write: ['s3:DeleteBucket'],
    undo: [],
  },

  async inspect({ s3 }, { target }) {
    const list = new ListObjectVersionsCommand({ ...bucketOf(target), MaxKeys: 1 });
    const { Versions = [], DeleteMarkers = [] } = await s3.send(list);
    const policy = await policyOf(s3, target);
    const delivers = policy !== undefined && statementsOf(parsePolicy(policy)).some(isDeliveryStatement);
    const takesLogs = delivers || (await aclOf(s3, target)).grants.some(isLogDelivery);
    return { isEmpty: Versions.length + DeleteMarkers.length === 0, takesLogs, policy };
  },

  check: ({ isEmpty }) => `the bucket, which is ${isEmpty ? '' : 'not '}empty, is to be deleted`,

  plan({ isEmpty, takesLogs }, { target }) {
    if (!isEmpty) return { held: 'objects or old versions of them are in the bucket: empty it first' };
    if (takesLogs) return { held: 'AWS services may deliver logs into the bucket: end that first' };
    return [{ s3: new DeleteBucketCommand(bucketOf(target)) }];
  },

  undo: () => ({ irreversible: 'the name of a deleted bucket may be taken by somebody else' }),
});
