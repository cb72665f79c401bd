import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  type Image,
  PutImageCommand,
} from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import * as z from 'zod';
import { REPOSITORY } from './lib/repository';
import { TASK_READS, runningTasks } from '../ecs/lib/tasks';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  digest: z
    .string()
    .regex(/^sha256:[a-f0-9]{64}$/)
    .optional()
    .describe('the image, as sha256:…'),
  tag: z.string().min(1).max(300).optional().describe('the image by its tag, where no digest is given'),
  force: z.boolean().default(false).describe('also while tasks of ECS run with the image'),
});

export const bot = defineBot({
  id: 'ecs_delete_repository_image',
  aliases: ['delete_image_from_ecs_repo'],
  title: 'Delete an image from an ECR repository',
  severity: 'high',
  risk: 'destructive',
  kind: 'response',
  params,
  from: { digest: 'finding', tag: 'finding', force: 'config' },
  words: { order: ['digest', 'tag'] },
  permissions: {
    read: ['ecr:BatchGetImage', ...TASK_READS],
    write: ['ecr:BatchDeleteImage'],
    undo: ['ecr:PutImage'],
  },
  ...REPOSITORY,
  clients: { ...REPOSITORY.clients, ecs: ECSClient },

  async inspect({ ecr, ecs }, { target: { id }, params: { digest, tag } }): Promise<State> {
    if (digest === undefined && tag === undefined) return { isUnnamed: true, tasks: [] };
    const { images = [] } = await ecr.send(
      new BatchGetImageCommand({
        repositoryName: id,
        imageIds: [digest === undefined ? { imageTag: tag } : { imageDigest: digest }],
        acceptedMediaTypes: MEDIA_TYPES,
      }),
    );
    const image = images[0] && stored(images[0]);
    return image ? { image, tasks: await tasksWith(ecs, image.digest) } : { tasks: [] };
  },

  check({ image, isUnnamed }) {
    if (isUnnamed) return 'an image is to be deleted, and neither its digest nor its tag is given';
    return image && `the image ${image.digest} is in the repository`;
  },

  plan({ image, tasks }, { target: { id }, params: { force } }) {
    if (!image) return { held: 'say which image: give its digest' };
    if (tasks.length > 0 && !force) {
      return {
        held: `${tasks.length} tasks run with it, among them ${tasks[0] ?? ''}: stop them, or set force`,
      };
    }
    const imageIds = [{ imageDigest: image.digest }];
    return [{ ecr: new BatchDeleteImageCommand({ repositoryName: id, imageIds }) }];
  },

  undo: ({ image }, { target: { id }, params: { digest, tag }, now }) =>
    image && !now.image
      ? [
          {
            ecr: new PutImageCommand({
              repositoryName: id,
              imageManifest: image.manifest,
              imageManifestMediaType: image.mediaType,
              imageDigest: image.digest,
              // By which no image was found now, so that it is taken from none.
              ...(digest === undefined && { imageTag: tag }),
            }),
          },
        ]
      : [],

  footprint: ({ image }) => ({ digest: image?.digest }),
});

interface State {
  readonly image?: StoredImage;
  /** ARNs of the tasks that run with it. */
  readonly tasks: readonly string[];
  /** Nobody said which image. */
  readonly isUnnamed?: true;
}

interface StoredImage {
  readonly digest: string;
  readonly manifest: string;
  readonly mediaType?: string;
}

/** Asked for by these, a manifest comes as it was pushed, and keeps its digest. */
const MEDIA_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

function stored({ imageId, imageManifest = '', imageManifestMediaType: mediaType }: Image): StoredImage {
  return { digest: imageId?.imageDigest ?? '', manifest: imageManifest, ...(mediaType && { mediaType }) };
}

async function tasksWith(ecs: ECSClient, digest: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { tasks } of runningTasks(ecs)) {
    for (const { taskArn = '', containers = [] } of tasks) {
      if (containers.some(({ imageDigest }) => imageDigest === digest)) found.push(taskArn);
    }
  }
  return found;
}
