/** Bots for the tests of the command line, small enough to see through: a bucket must say who owns it. */
import {
  DeleteBucketTaggingCommand,
  GetBucketTaggingCommand,
  PutBucketTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { undefinedIfGone } from '../shared/aws/errors';
import type { BotPage } from '../shared/bot-page';
import { type AnyBot, defineBot } from '../shared/bot/bot';
import type { Target } from '../shared/resources/target';

/** The page of each of them. */
export const TEST_PAGE: BotPage = {
  controls: {},
  why: 'To test.',
  effect: ['The bucket gets a tag.'],
  references: [],
};

const shared = {
  resource: 'AWS::S3::Bucket',
  severity: 'low',
  kind: 'posture',
  params: z.object({ owner: z.string().default('team').describe('who answers for the bucket') }),
  from: { owner: 'finding' },
  words: { order: ['owner'] },
  permissions: {
    read: ['s3:GetBucketTagging'],
    write: ['s3:PutBucketTagging'],
    undo: ['s3:PutBucketTagging'],
  },
  clients: { s3: S3Client },
} as const;

interface Tagged {
  readonly tags: Record<string, string>;
}

interface Asked {
  readonly target: Target;
  readonly params: { readonly owner: string };
}

const inspect = async ({ s3: client }: { s3: S3Client }, { target: { id: Bucket } }: Asked) =>
  undefinedIfGone(
    undefinedIfGone(client.send(new GetBucketTaggingCommand({ Bucket })), 'NoSuchTagSet').then(
      (reply): Tagged => ({ tags: tagsIn(reply?.TagSet) }),
    ),
    'NoSuchBucket',
  );

const check = ({ tags }: Tagged, { params }: Asked) =>
  tags.owner === params.owner ? undefined : `the owner is ${tags.owner ?? 'nobody'}, not ${params.owner}`;

const plan = ({ tags }: Tagged, { target, params }: Asked) => [
  { s3: tagging(target.id, { ...tags, owner: params.owner }) },
];

const tagBucket = defineBot({
  ...shared,
  id: 'test_tag_bucket',
  title: 'Name the owner of a bucket',
  risk: 'safe',
  ...{ inspect, check, plan },
  undo: (before, { target }) => [{ s3: tagging(target.id, before.tags) }],
});

const burnBridges = defineBot({
  ...shared,
  id: 'test_burn_bridges',
  title: 'Name the owner for good',
  risk: 'destructive',
  ...{ inspect, check, plan },
  undo: () => ({ irreversible: 'what is said is said' }),
});

/** A bot that can take back what it does, and one that cannot. */
export const TEST_BOTS: readonly AnyBot[] = [tagBucket, burnBridges];

/** The call that leaves a bucket with these tags; without any, the one that takes them off. */
export function tagging(Bucket: string, tags: Record<string, string>): PutBucketTaggingCommand {
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return TagSet.length > 0
    ? new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } })
    : (new DeleteBucketTaggingCommand({ Bucket }) as never);
}

/** Tags as S3 lists them, as an object. */
export function tagsIn(
  set: { Key?: string | undefined; Value?: string | undefined }[] = [],
): Record<string, string> {
  return Object.fromEntries(set.map(({ Key = '', Value = '' }) => [Key, Value]));
}
