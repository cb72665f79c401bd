import { GetSubscriptionAttributesCommand, SNSClient, paginateListSubscriptions } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { undefinedIfGone } from '../../shared/aws/errors';
import { namesOf } from '../place';
import { type Check, type Patient, deployCommand, green, red, selfhealCommand } from './check';

const NEEDS = ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'];

/** The queues are there, and nothing has been given up. Source: SQS, GetQueueAttributes. */
export function queueChecks(patient: Patient): readonly Check[] {
  const names = namesOf(patient.stage);
  return [
    ...[
      ['remediation-queue', names.remediationQueue] as const,
      ['findings-queue', names.findingsQueue] as const,
      ['notifications-queue', names.notificationsQueue] as const,
      ...(patient.config.accounts?.mode === 'multi' ? [['looks-queue', names.looksQueue] as const] : []),
    ].map(([id, queue]) => ({
      id,
      needs: NEEDS,
      look: async () => {
        const counts = await countsOf(patient, queue);
        return counts ? green(`${counts.waiting} waiting, ${counts.out} in work`) : missing(patient, queue);
      },
    })),
    {
      id: 'findings-subscriptions',
      needs: ['sns:ListSubscriptions', 'sns:GetSubscriptionAttributes'],
      look: () => rawSubscriptions(patient),
    },
    {
      id: 'waiting-queue',
      needs: NEEDS,
      look: async () => {
        const counts = await countsOf(patient, names.waitingQueue);
        if (!counts) return missing(patient, names.waitingQueue);
        return green(`${counts.waiting + counts.out + counts.later} set aside until later`);
      },
    },
    {
      id: 'dead-letter-queue',
      needs: NEEDS,
      look: async () => {
        const counts = await countsOf(patient, names.deadLetterQueue);
        if (!counts) return missing(patient, names.deadLetterQueue);
        const deadLetters = counts.waiting + counts.out;
        return deadLetters === 0
          ? green('empty')
          : red(
              `${deadLetters} messages could not be used and wait here`,
              selfhealCommand('queue --dead', patient),
            );
      },
    },
    {
      id: 'undelivered-queue',
      needs: NEEDS,
      look: async () => {
        const counts = await countsOf(patient, names.undeliveredQueue);
        if (!counts) return missing(patient, names.undeliveredQueue);
        const lost = counts.waiting + counts.out;
        return lost === 0
          ? green('empty')
          : red(
              `${lost} findings or news could not be delivered; the logs of the findings, notifier and security-hub functions say why`,
              `when the cause is gone: aws sqs start-message-move-task --source-arn ${counts.arn} --region ${patient.home.region}`,
            );
      },
    },
  ];
}

/**
 * Whether a subscription to the findings queue leaves out the topic: its messages are refused, but for what looks like
 * an event of EventBridge. Source: SNS, raw message delivery.
 */
async function rawSubscriptions({ home, stage }: Patient) {
  const client = home.client(SNSClient);
  const raw: string[] = [];
  for await (const { Subscriptions = [] } of paginateListSubscriptions({ client }, {})) {
    for (const { Endpoint = '', SubscriptionArn, TopicArn = '' } of Subscriptions) {
      if (!Endpoint.endsWith(`:${namesOf(stage).findingsQueue}`)) continue;
      const { Attributes = {} } = await client.send(
        new GetSubscriptionAttributesCommand({ SubscriptionArn }),
      );
      if (Attributes.RawMessageDelivery === 'true') raw.push(TopicArn);
    }
  }
  return raw.length === 0
    ? green('every message says over which topic it came')
    : red(
        `${raw.join(', ')} delivers raw: nobody knows who published, and what looks like an event of AWS would be believed`,
        `turn raw message delivery off for its subscription to ${namesOf(stage).findingsQueue}`,
      );
}

async function countsOf({ home }: Patient, QueueName: string) {
  const sqs = home.client(SQSClient);
  const found = await undefinedIfGone(
    sqs.send(new GetQueueUrlCommand({ QueueName })),
    'QueueDoesNotExist',
    'AWS.SimpleQueueService.NonExistentQueue',
  );
  if (!found) return undefined;
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: found.QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
        'QueueArn',
      ],
    }),
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages),
    out: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
    later: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
    arn: Attributes.QueueArn ?? '',
  };
}

function missing(patient: Patient, queue: string) {
  return red(`there is no queue ${queue}`, deployCommand(patient));
}
