import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateDetectorCommand,
  CreateFilterCommand,
  GuardDutyClient,
  TagResourceCommand,
} from '@aws-sdk/client-guardduty';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Account, testBot } from '../../../testing/contract';
import { SERVICES, TAGGED, taggableId } from './lib/tags';
import { bot } from './tag_resource';

type Tags = Readonly<Record<string, string>>;
const listed = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** The ARN of what belongs to a detector. GuardDuty, CreateIPSet: moto has none. */
const within = async ({ client, account, region }: Account, Tags: Tags, kind: 'filter' | 'ipset') => {
  const guardduty = client(GuardDutyClient);
  const { DetectorId } = await guardduty.send(new CreateDetectorCommand({ Enable: true }));
  const ResourceArn = `arn:aws:guardduty:${region}:${account}:detector/${DetectorId}/${kind}/high`;
  if (kind === 'filter') {
    const FindingCriteria = { Criterion: { severity: { GreaterThanOrEqual: 7 } } };
    await guardduty.send(new CreateFilterCommand({ DetectorId, Name: 'high', FindingCriteria, Tags }));
  } else await guardduty.send(new TagResourceCommand({ ResourceArn, Tags }));
  return ResourceArn;
};

const MAKE = {
  'AWS::DynamoDB::Table': async ({ client }: Account, tags: Tags) => {
    const { TableDescription } = await client(DynamoDBClient).send(
      new CreateTableCommand({
        TableName: randomUUID(),
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
        Tags: listed(tags),
      }),
    );
    return TableDescription?.TableName ?? '';
  },
  'AWS::GuardDuty::Detector': async ({ client }: Account, Tags: Tags) =>
    (await client(GuardDutyClient).send(new CreateDetectorCommand({ Enable: true, Tags }))).DetectorId ?? '',
  'AWS::GuardDuty::Filter': (account: Account, tags: Tags) => within(account, tags, 'filter'),
  'AWS::GuardDuty::IPSet': (account: Account, tags: Tags) => within(account, tags, 'ipset'),
  'AWS::SecretsManager::Secret': async ({ client }: Account, tags: Tags) => {
    const secret = { Name: randomUUID(), SecretString: 's', Tags: listed(tags) };
    return (await client(SecretsManagerClient).send(new CreateSecretCommand(secret))).ARN ?? '';
  },
  'AWS::SNS::Topic': async ({ client }: Account, tags: Tags) => {
    const topic = { Name: randomUUID(), Tags: listed(tags) };
    return (await client(SNSClient).send(new CreateTopicCommand(topic))).TopicArn ?? '';
  },
  'AWS::SQS::Queue': async ({ client }: Account, tags: Tags) =>
    (await client(SQSClient).send(new CreateQueueCommand({ QueueName: randomUUID(), tags }))).QueueUrl ?? '',
} as const;
type Type = keyof typeof MAKE;

const given = (type: Type, tags: Tags) => ({ type, given: (account: Account) => MAKE[type](account, tags) });
/** The other tags, of which one differs in case only. */
const others = (type: Type) => async (account: Account, id: string) => {
  const aws = Object.fromEntries(
    Object.entries(TAGGED.clients).map(([name, Class]) => [name, account.client(Class as typeof SNSClient)]),
  ) as never;
  const named = await taggableId(aws, { type, id, region: account.region, account: account.account });
  return Promise.all(['Owner', 'name'].map(async (key) => SERVICES[type]?.read(aws, named, key)));
};
const params = { key: 'owner', value: 'team: a/b' };
const wrong = (type: Type, tag: string) => ({
  name: `${type} with another value`,
  ...given(type, { owner: 'nobody', Owner: 'x', name: 'y' }),
  params,
  violation: 'the tag owner is "nobody", not "team: a/b"',
  writes: [tag],
  after: { value: params.value },
  untouched: others(type),
});
const without = (type: Type, tag: string) => ({
  ...wrong(type, tag),
  name: `${type} without the tag`,
  ...given(type, { Owner: 'x', name: 'y' }),
  violation: 'the tag owner is missing',
});

testBot(bot, {
  violating: [
    wrong('AWS::DynamoDB::Table', 'dynamodb:TagResource'),
    without('AWS::DynamoDB::Table', 'dynamodb:TagResource'),
    wrong('AWS::GuardDuty::Detector', 'guardduty:TagResource'),
    without('AWS::GuardDuty::Filter', 'guardduty:TagResource'),
    wrong('AWS::GuardDuty::IPSet', 'guardduty:TagResource'),
    wrong('AWS::SecretsManager::Secret', 'secretsmanager:TagResource'),
    without('AWS::SecretsManager::Secret', 'secretsmanager:TagResource'),
    wrong('AWS::SNS::Topic', 'sns:TagResource'),
    without('AWS::SNS::Topic', 'sns:TagResource'),
    wrong('AWS::SQS::Queue', 'sqs:TagQueue'),
    without('AWS::SQS::Queue', 'sqs:TagQueue'),
    {
      name: 'nobody says which tag',
      ...given('AWS::SQS::Queue', {}),
      ...{ violation: 'nothing says which', writes: [], held: /^name the tag/ },
    },
  ],
  compliant: [
    { name: 'has the tag', ...given('AWS::DynamoDB::Table', { owner: params.value }), params },
    {
      name: 'an empty value is a value',
      ...given('AWS::SNS::Topic', { owner: '' }),
      params: { key: 'owner' },
    },
  ],
  gone: 'gone',
});
