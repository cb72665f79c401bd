import { randomUUID } from 'node:crypto';
import { CreateRepositoryCommand, ECRClient, SetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import type * as z from 'zod';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { bot as ecr } from '../functions/remediators/ecr/ecr_remove_public_statements';
import { bot as kms } from '../functions/remediators/kms/kms_remove_public_statements';
import { bot as s3Permissions } from '../functions/remediators/s3/s3_delete_permissions';
import { bot as s3Limit } from '../functions/remediators/s3/s3_limit_access';
import { bot as s3Ssl } from '../functions/remediators/s3/s3_only_allow_ssl';
import { bot as s3Statements } from '../functions/remediators/s3/s3_remove_public_statements';
import { bot as secret } from '../functions/remediators/secrets-manager/secretsmanager_remove_public_statements';
import { bot as sns } from '../functions/remediators/sns/sns_set_topic_private';
import { bot as sqs } from '../functions/remediators/sqs/sqs_remove_public_statements';
import type { AnyBot, ClientClasses } from '../shared/bot/bot';
import { remediate, undo } from '../shared/bot/run';
import { type Account, newAccount } from '../testing/account';
import { newWire, wired } from '../testing/wire';

const ROLE = 'AROA27HJSWAHEPTTLIWSO';
const FRIEND = 'arn:aws:iam::111122223333:role/reader';

/** What every policy here holds: somebody deleted beside somebody who is there, alone, and everyone. */
const policyFor = (Action: string, Resource: string, root?: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      ...(root
        ? [{ Sid: 'Root', Effect: 'Allow', Principal: { AWS: root }, Action: 'kms:*', Resource }]
        : []),
      { Sid: 'Both', Effect: 'Allow', Principal: { AWS: [ROLE, FRIEND] }, Action, Resource },
      { Sid: 'Old', Effect: 'Allow', Principal: { AWS: ROLE }, Action, Resource },
      { Sid: 'Public', Effect: 'Allow', Principal: '*', Action, Resource },
    ],
  });

const bucket = async ({ client, region }: Account) => {
  const s3 = client(S3Client);
  const Bucket = randomUUID();
  const CreateBucketConfiguration = { LocationConstraint: region as 'eu-west-1' };
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  const Policy = policyFor('s3:GetObject', `arn:aws:s3:::${Bucket}/*`);
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  return Bucket;
};

/** The bot, how its resource is made, and the error by which AWS refuses the policy. */
const CASES: readonly (readonly [AnyBot, (account: Account) => Promise<string>, string])[] = [
  [s3Statements, bucket, 'MalformedPolicy'],
  [s3Limit, bucket, 'MalformedPolicy'],
  [s3Ssl, bucket, 'MalformedPolicy'],
  [s3Permissions, bucket, 'MalformedPolicy'],
  [
    kms,
    async ({ client, account }) => {
      const { KeyMetadata } = await client(KMSClient).send(new CreateKeyCommand({}));
      const KeyId = KeyMetadata?.KeyId ?? '';
      const Policy = policyFor('kms:Decrypt', '*', `arn:aws:iam::${account}:root`);
      await client(KMSClient).send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }));
      return KeyId;
    },
    'MalformedPolicyDocumentException',
  ],
  [
    sqs,
    async ({ client }) => {
      const { QueueUrl = '' } = await client(SQSClient).send(new CreateQueueCommand({ QueueName: 'q' }));
      const Attributes = { Policy: policyFor('sqs:SendMessage', '*') };
      await client(SQSClient).send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
      return QueueUrl;
    },
    'InvalidAttributeValue',
  ],
  [
    sns,
    async ({ client }) => {
      const { TopicArn = '' } = await client(SNSClient).send(new CreateTopicCommand({ Name: 't' }));
      const AttributeValue = policyFor('sns:Publish', TopicArn);
      const AttributeName = 'Policy';
      await client(SNSClient).send(
        new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }),
      );
      return TopicArn;
    },
    'InvalidParameter',
  ],
  [
    ecr,
    async ({ client }) => {
      const repositoryName = 'repo';
      await client(ECRClient).send(new CreateRepositoryCommand({ repositoryName }));
      const policyText = policyFor('ecr:BatchGetImage', '*');
      await client(ECRClient).send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
      return repositoryName;
    },
    'InvalidParameterException',
  ],
  [
    secret,
    async ({ client }) => {
      const manager = client(SecretsManagerClient);
      const { ARN: SecretId = '' } = await manager.send(
        new CreateSecretCommand({ Name: 's', SecretString: 'x' }),
      );
      const ResourcePolicy = policyFor('secretsmanager:GetSecretValue', '*');
      await manager.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
      return SecretId;
    },
    'MalformedPolicyDocumentException',
  ],
];

test.each(CASES.map(([bot, given, code]) => ({ id: bot.id, bot, given, code })))(
  '$id: deleted principals are dropped and said, as AWS would refuse the policy; undo says that they are lost',
  async ({ bot, given, code }) => {
    const account = await newAccount();
    const target = {
      account: account.account,
      region: account.region,
      type: bot.resource,
      id: await given(account),
    };
    const aws = wired(bot.clients as ClientClasses, account, newWire()) as never;
    for (const client of Object.values<S3Client>(aws)) refuse(client, code);
    const params = (bot.params as z.ZodObject).parse({});
    const settle = { tries: 2, delayMs: 10 };
    const outcome = await remediate(bot as never, { aws, target, params, mode: 'apply', settle });
    expect(outcome).toMatchObject({
      outcome: 'fixed',
      violation: expect.stringMatching(`; ${ROLE} in it is the id of a deleted user or role.*: dropped$`),
    });
    const { before, after } = outcome as { before: { policy: string }; after: { policy?: string } };
    expect(before.policy).toContain(ROLE);
    expect(after.policy ?? '').not.toContain(ROLE);
    // s3_delete_permissions leaves no Allow at all; s3_only_allow_ssl takes none.
    expect(after.policy?.includes(FRIEND) ?? false).toBe(bot !== s3Permissions);
    const back = await undo(
      bot as never,
      { aws, target, params, before, after, mode: 'apply', settle } as never,
    );
    expect(back).toMatchObject({
      outcome: 'unverified',
      differences: expect.arrayContaining([
        expect.stringContaining(`deletedPrincipals: ["${ROLE}"]`),
      ]) as unknown,
    });
    const now = (await bot.inspect(aws, { target, params })) as { policy?: string };
    expect(now.policy).toMatch(/"Sid": ?"Public"/);
    expect(now.policy).toContain(FRIEND);
    expect(now.policy).not.toContain(ROLE);
  },
);

/** As AWS does: no policy with the id of somebody deleted is taken. */
function refuse(client: S3Client, code: string): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      if (JSON.stringify(args.input).includes(ROLE)) {
        throw Object.assign(new Error('Invalid principal in policy'), { name: code, $metadata: {} });
      }
      return next(args);
    },
    { step: 'initialize', name: 'refuse' },
  );
}
