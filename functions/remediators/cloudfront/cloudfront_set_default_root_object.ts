import type { DistributionConfig } from '@aws-sdk/client-cloudfront';
import * as z from 'zod';
import { DISTRIBUTION, readDistribution, updateDistribution } from './lib/distribution';
import { defineSetting, otherThan } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'cloudfront_set_default_root_object',
  title: 'Answer for the root of a distribution with one object',
  attribute: 'default root object',
  severity: 'high',
  risk: 'disruptive',
  params: z.object({
    object: z
      .string()
      .regex(/^[^/].{0,254}$/)
      .default('index.html')
      .describe('the object that is answered with'),
    anyOrigin: z.boolean().default(false).describe('also where the root is not read from an S3 bucket'),
  }),
  from: { object: 'finding', anyOrigin: 'config' },
  permissions: { read: ['cloudfront:GetDistributionConfig'], write: ['cloudfront:UpdateDistribution'] },
  ...DISTRIBUTION,

  async inspect({ cloudfront }, { target: { id } }) {
    const read = await readDistribution(cloudfront, id);
    return read && { is: read.config.DefaultRootObject ?? '', ...read };
  },
  want: ({ object }) => otherThan('', object),
  says: 'the distribution has no default root object',
  obstacle: ({ config }, { params: { anyOrigin } }) =>
    anyOrigin || readsFromS3(config)
      ? undefined
      : { held: 'its root is not read from an S3 bucket: set anyOrigin where the object is there' },
  write: (DefaultRootObject, { target: { id } }, read) => updateDistribution(id, read, { DefaultRootObject }),
});

/** Whether the default behavior reads from a bucket; of a group of origins, the first does. */
function readsFromS3({ Origins, OriginGroups, DefaultCacheBehavior }: DistributionConfig): boolean {
  const named = DefaultCacheBehavior?.TargetOriginId;
  const group = OriginGroups?.Items?.find(({ Id }) => Id === named);
  const id = group?.Members?.Items?.[0]?.OriginId ?? named;
  return Origins?.Items?.find(({ Id }) => Id === id)?.S3OriginConfig !== undefined;
}
