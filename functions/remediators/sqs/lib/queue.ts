import { SQSClient } from '@aws-sdk/client-sqs';

/** What all bots on queues share. */
export const QUEUE = {
  resource: 'AWS::SQS::Queue',
  clients: { sqs: SQSClient },
  gone: ['QueueDoesNotExist'],
} as const;
