import { createHash } from 'node:crypto';
import { CreateRepositoryCommand, ECRClient, ListImagesCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import { type Account, testBot } from '../../../testing/contract';
import { workloads } from '../ecs/fixtures/workloads';
import { bot } from './ecs_delete_repository_image';

const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const manifestOf = (tag: string) =>
  JSON.stringify({ schemaVersion: 2, mediaType, layers: [], annotations: { tag } });
const digestOf = (tag: string) => `sha256:${createHash('sha256').update(manifestOf(tag)).digest('hex')}`;

/** The repositories `team/web` and `team/neighbour`, with the images `bad` and `good` each. */
const images = async ({ client }: Account) => {
  const ecr = client(ECRClient);
  for (const repositoryName of ['team/neighbour', 'team/web']) {
    await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    for (const imageTag of ['bad', 'good']) {
      const image = { imageTag, imageManifest: manifestOf(imageTag), imageDigest: digestOf(imageTag) };
      await ecr.send(new PutImageCommand({ repositoryName, imageManifestMediaType: mediaType, ...image }));
    }
  }
  return 'team/web';
};

const untouched = async ({ client }: Account) => {
  const list = (repositoryName: string) => client(ECRClient).send(new ListImagesCommand({ repositoryName }));
  const { imageIds: own = [] } = await list('team/web');
  const { imageIds: neighbour } = await list('team/neighbour');
  return [own.filter(({ imageTag }) => imageTag === 'good'), neighbour];
};

const violation = `the image ${digestOf('bad')} is in the repository`;
const after = { tasks: [] };

/** With a task of ECS that runs the image; moto's containers say no digest. */
const running = async (account: Account) => {
  await workloads(account);
  const containers = [{ imageDigest: digestOf('bad') }];
  account.script({
    DescribeTasks: () => ({ tasks: [{ taskArn: 'task/1', desiredStatus: 'RUNNING', containers }] }),
  });
  return images(account);
};

testBot(bot, {
  violating: [
    {
      name: 'by its digest, beside another image',
      given: async (account) => {
        await workloads(account);
        return images(account);
      },
      params: { digest: digestOf('bad') },
      ...{ violation, after, untouched, writes: ['ecr:BatchDeleteImage'] },
    },
    {
      name: 'by its tag',
      given: images,
      params: { tag: 'bad' },
      ...{ violation, after, untouched, writes: ['ecr:BatchDeleteImage'] },
    },
    {
      name: 'tasks run with it',
      given: running,
      params: { tag: 'bad' },
      ...{ violation, writes: [], held: /1 tasks run with it, among them task\/1/ },
    },
    {
      name: 'nobody said which',
      given: images,
      violation: 'neither its digest nor its tag is given',
      ...{ writes: [], held: /give its digest/ },
    },
  ],
  compliant: [{ name: 'it is gone already', given: images, params: { digest: digestOf('other') } }],
  gone: 'team/gone',
});
