import { VISIBILITY_SECONDS } from '../shared/worker/message';
import { type Resource, STAGE, att } from './template';

/** Who may put messages on a queue. */
interface Sender {
  readonly Sid: string;
  readonly service: 'events.amazonaws.com' | 'sns.amazonaws.com';
  /** ARNs of the rules or topics. */
  readonly from: unknown;
}

/**
 * `<name>Queue` with its policy, before a function that is retried from it: messages wait while the function fails,
 * and go to the undelivered ones after twenty times.
 *
 * @param suffix The end of the queue's name: `security-hub`.
 */
export function functionQueue(
  name: string,
  suffix: string,
  senders: readonly Sender[],
): Record<string, Resource> {
  return {
    [`${name}Queue`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: `selfheal-${STAGE}-${suffix}`,
        VisibilityTimeout: VISIBILITY_SECONDS,
        // Lambda wraps what a function failed at, and writes what it answered.
        MaximumMessageSize: 1_048_576,
        MessageRetentionPeriod: 1_209_600,
        SqsManagedSseEnabled: true,
        RedrivePolicy: { deadLetterTargetArn: att('UndeliveredQueue'), maxReceiveCount: 20 },
      },
    },
    [`${name}QueuePolicy`]: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: `${name}Queue` }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'OnlyEncryptedTransport',
              Effect: 'Deny',
              Principal: '*',
              Action: 'sqs:*',
              Resource: '*',
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
            ...senders.map(({ Sid, service, from }) => ({
              Sid,
              Effect: 'Allow',
              Principal: { Service: service },
              Action: 'sqs:SendMessage',
              Resource: att(`${name}Queue`),
              Condition: { ArnEquals: { 'aws:SourceArn': from } },
            })),
          ],
        },
      },
    },
  };
}
