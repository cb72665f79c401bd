import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SQS_DEFAULTS } from '../../shared/aws/clients';
import type { Installation } from '../installation';
import { assertLoopback } from '../loopback';

/** The clients with which the demo makes its faults and looks at what became of them: none of the bots' own. */
export type Account = ReturnType<typeof accountOf>;

/** Clients of the account that selfheal is deployed in. */
export function accountOf({ endpoint, region, accountId, findingsTopicArn }: Installation) {
  assertLoopback(endpoint);
  const settings = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  return {
    accountId,
    region,
    findingsTopicArn,
    dynamodb: new DynamoDBClient(settings),
    ec2: new EC2Client(settings),
    ec2Central: new EC2Client({ ...settings, region: 'eu-central-1' }),
    iam: new IAMClient(settings),
    kms: new KMSClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    sns: new SNSClient(settings),
    sqs: new SQSClient({ ...SQS_DEFAULTS, ...settings }),
  };
}
