import {
  DescribeTableCommand,
  DynamoDBClient,
  ListTagsOfResourceCommand,
  TagResourceCommand as TagTable,
  UntagResourceCommand as UntagTable,
} from '@aws-sdk/client-dynamodb';
import {
  GuardDutyClient,
  ListTagsForResourceCommand as ListGuardDutyTags,
  TagResourceCommand as TagGuardDuty,
  UntagResourceCommand as UntagGuardDuty,
} from '@aws-sdk/client-guardduty';
import {
  DescribeSecretCommand,
  SecretsManagerClient,
  TagResourceCommand as TagSecret,
  UntagResourceCommand as UntagSecret,
} from '@aws-sdk/client-secrets-manager';
import {
  ListTagsForResourceCommand,
  SNSClient,
  TagResourceCommand as TagTopic,
  UntagResourceCommand as UntagTopic,
} from '@aws-sdk/client-sns';
import { ListQueueTagsCommand, SQSClient, TagQueueCommand, UntagQueueCommand } from '@aws-sdk/client-sqs';
import type { Clients, Step, TypeName } from '../../../../shared/bot/bot';
import { type Target, partitionOf } from '../../../../shared/resources/target';

const clients = {
  dynamodb: DynamoDBClient,
  guardduty: GuardDutyClient,
  secretsmanager: SecretsManagerClient,
  sns: SNSClient,
  sqs: SQSClient,
};

type Aws = Clients<typeof clients>;

/** How a service reads and writes the tags of one of its resources. */
interface Service {
  /** The value of one tag; throws when the resource is gone. */
  readonly read: (aws: Aws, id: string, key: string) => Promise<string | undefined>;
  readonly tag: (id: string, Key: string, Value: string) => Step<typeof clients>;
  readonly untag: (id: string, Key: string) => Step<typeof clients>;
}

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Of a detector, and of what belongs to one. */
const GUARDDUTY: Service = {
  async read({ guardduty }, ResourceArn, key) {
    const { Tags = {} } = await guardduty.send(new ListGuardDutyTags({ ResourceArn }));
    return Object.hasOwn(Tags, key) ? Tags[key] : undefined;
  },
  tag: (ResourceArn, Key, Value) => ({
    guardduty: new TagGuardDuty({ ResourceArn, Tags: { [Key]: Value } }),
  }),
  untag: (ResourceArn, Key) => ({ guardduty: new UntagGuardDuty({ ResourceArn, TagKeys: [Key] }) }),
};

/** By type, the ids of which the service's own API takes. */
export const SERVICES: Readonly<Record<TypeName, Service>> = {
  'AWS::DynamoDB::Table': {
    async read({ dynamodb }, ResourceArn, key) {
      let NextToken: string | undefined;
      do {
        const page = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn, NextToken }));
        const value = valueOf(page.Tags, key);
        if (value !== undefined) return value;
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return undefined;
    },
    tag: (ResourceArn, Key, Value) => ({ dynamodb: new TagTable({ ResourceArn, Tags: [{ Key, Value }] }) }),
    untag: (ResourceArn, Key) => ({ dynamodb: new UntagTable({ ResourceArn, TagKeys: [Key] }) }),
  },
  'AWS::GuardDuty::Detector': GUARDDUTY,
  'AWS::GuardDuty::Filter': GUARDDUTY,
  'AWS::GuardDuty::IPSet': GUARDDUTY,
  'AWS::SecretsManager::Secret': {
    async read({ secretsmanager }, SecretId, key) {
      return valueOf((await secretsmanager.send(new DescribeSecretCommand({ SecretId }))).Tags, key);
    },
    tag: (SecretId, Key, Value) => ({ secretsmanager: new TagSecret({ SecretId, Tags: [{ Key, Value }] }) }),
    untag: (SecretId, Key) => ({ secretsmanager: new UntagSecret({ SecretId, TagKeys: [Key] }) }),
  },
  'AWS::SNS::Topic': {
    async read({ sns }, ResourceArn, key) {
      return valueOf((await sns.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags, key);
    },
    tag: (ResourceArn, Key, Value) => ({ sns: new TagTopic({ ResourceArn, Tags: [{ Key, Value }] }) }),
    untag: (ResourceArn, Key) => ({ sns: new UntagTopic({ ResourceArn, TagKeys: [Key] }) }),
  },
  'AWS::SQS::Queue': {
    async read({ sqs }, QueueUrl, key) {
      const { Tags = {} } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }));
      return Object.hasOwn(Tags, key) ? Tags[key] : undefined;
    },
    tag: (QueueUrl, Key, Value) => ({ sqs: new TagQueueCommand({ QueueUrl, Tags: { [Key]: Value } }) }),
    untag: (QueueUrl, Key) => ({ sqs: new UntagQueueCommand({ QueueUrl, TagKeys: [Key] }) }),
  },
};

/** What bots that tag share. */
export const TAGGED = {
  resource: 'AWS::DynamoDB::Table',
  alsoOn: [
    'AWS::GuardDuty::Detector',
    'AWS::GuardDuty::Filter',
    'AWS::GuardDuty::IPSet',
    'AWS::SecretsManager::Secret',
    'AWS::SNS::Topic',
    'AWS::SQS::Queue',
  ],
  permissions: {
    read: [
      'dynamodb:DescribeTable',
      'dynamodb:ListTagsOfResource',
      'guardduty:ListTagsForResource',
      'secretsmanager:DescribeSecret',
      'sns:ListTagsForResource',
      'sqs:ListQueueTags',
    ],
    write: [
      ...['dynamodb:TagResource', 'guardduty:TagResource', 'secretsmanager:TagResource'],
      ...['sns:TagResource', 'sqs:TagQueue'],
    ],
    undo: [
      ...['dynamodb:TagResource', 'dynamodb:UntagResource'],
      ...['guardduty:TagResource', 'guardduty:UntagResource'],
      ...['secretsmanager:TagResource', 'secretsmanager:UntagResource'],
      ...['sns:TagResource', 'sns:UntagResource', 'sqs:TagQueue', 'sqs:UntagQueue'],
    ],
  },
  clients,
  // GuardDuty says BadRequestException of what it does not have.
  gone: ['ResourceNotFoundException', 'NotFoundException', 'QueueDoesNotExist', 'BadRequestException'],
} as const;

/** The id as the tagging API of its service takes it; throws when the table is gone. */
export async function taggableId({ dynamodb }: Aws, { type, id, region, account }: Target): Promise<string> {
  if (type === 'AWS::GuardDuty::Detector') {
    return `arn:${partitionOf(region)}:guardduty:${region}:${account}:detector/${id}`;
  }
  if (type !== 'AWS::DynamoDB::Table') return id;
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: id }));
  return Table?.TableArn ?? id;
}

function valueOf(tags: readonly Tag[] | undefined, key: string): string | undefined {
  return tags?.find(({ Key }) => Key === key)?.Value;
}
