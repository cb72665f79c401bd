import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { QUEUE } from './lib/queue';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineBot } from '../../../shared/bot/bot';

/** CloudBots' own name of a dead-letter queue, which has the queue's name behind it. */
const PREFIX = 'dlq-for-';
const READ: QueueAttributeName[] = ['QueueArn', 'RedrivePolicy', 'FifoQueue', 'KmsMasterKeyId'];

export const bot = defineBot({
  id: 'sqs_configure_dlq',
  title: 'Give an SQS queue a dead-letter queue',
  severity: 'low',
  risk: 'safe',
  kind: 'response',
  passes: 2,
  params: z.object({
    maxReceiveCount: z
      .int()
      .min(1)
      .max(1000)
      .default(50)
      .describe('how often a message is received before it goes to the dead-letter queue'),
  }),
  from: { maxReceiveCount: 'config' },
  words: { order: ['maxReceiveCount'] },
  permissions: {
    read: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ListDeadLetterSourceQueues'],
    write: ['sqs:CreateQueue', 'sqs:SetQueueAttributes'],
    undo: ['sqs:SetQueueAttributes'],
    elsewhere: ['sqs:CreateQueue', 'sqs:GetQueueUrl'],
    only: { 'sqs:CreateQueue': `${PREFIX}*` },
  },
  ...QUEUE,

  async inspect({ sqs }, { target: { id: QueueUrl } }): Promise<State> {
    const read = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: READ });
    const { Attributes: found = {} } = await sqs.send(read);
    const { queueUrls } = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl, MaxResults: 2 }));
    const [, , , region = '', account = '', name = ''] = found.QueueArn?.split(':') ?? [];
    const isThere = async (QueueName: string) =>
      (await undefinedIfGone(sqs.send(new GetQueueUrlCommand({ QueueName })), ...QUEUE.gone)) !== undefined;
    const { RedrivePolicy: redrive, KmsMasterKeyId: key } = found;
    const state = {
      isDeadLetterQueue: queueUrls?.some((url) => url !== QueueUrl) ?? false,
      ...{ name, isFifo: found.FifoQueue === 'true', ...(key && { key }) },
      ...(redrive !== undefined && redrive !== '' && { redrive }),
    };
    const [, , , of, by, to] = targetOf(state.redrive)?.split(':') ?? [];
    // SQS takes only queues of the same region and account, so that another one cannot have been meant.
    const works = to !== undefined && to !== name && of === region && by === account && (await isThere(to));
    const arn = `${found.QueueArn?.split(':').slice(0, 5).join(':') ?? ''}:${deadLetterQueueOf(state)}`;
    return { ...state, works, ...{ arn, isMade: works || (await isThere(deadLetterQueueOf(state))) } };
  },

  check({ isDeadLetterQueue, works, redrive }) {
    if (isDeadLetterQueue || works) return undefined;
    return redrive === undefined
      ? 'the queue has no dead-letter queue: give it one'
      : `the dead-letter queue of the queue is itself or is not there (${targetOf(redrive) ?? redrive}): give it another`;
  },

  plan({ name, isMade, isFifo, key, arn }, { target: { id: QueueUrl }, params: { maxReceiveCount } }) {
    if (isMade) return [setRedrive(QueueUrl, JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount }))];
    const Attributes = {
      MessageRetentionPeriod: '1209600',
      ...(isFifo && { FifoQueue: 'true' }),
      ...(key !== undefined && { KmsMasterKeyId: key }),
    };
    return [{ sqs: new CreateQueueCommand({ QueueName: deadLetterQueueOf({ name, isFifo }), Attributes }) }];
  },

  undo({ redrive = '', works }, { target: { id }, now }) {
    if (redrive === (now.redrive ?? '')) return [];
    if (redrive !== '' && !works)
      return { irreversible: 'SQS does not take one that is not there as dead-letter queue' };
    return [setRedrive(id, redrive)];
  },

  footprint: ({ redrive }) => ({ redrive }),
});

interface State {
  readonly name: string;
  readonly isFifo: boolean;
  /** Other queues have it as theirs. */
  readonly isDeadLetterQueue: boolean;
  /** The redrive policy as text. */
  readonly redrive?: string;
  /** The dead-letter queue that it names is there. */
  readonly works: boolean;
  /** The ARN of the one that it is to have, and whether that is there. */
  readonly arn: string;
  readonly isMade: boolean;
  /** The key by which its messages are encrypted. */
  readonly key?: string;
}

function targetOf(redrive: string | undefined): string | undefined {
  if (redrive === undefined) return undefined;
  const { deadLetterTargetArn: arn } = JSON.parse(redrive) as { deadLetterTargetArn?: string };
  return arn;
}

/** Names have at most 80 characters. */
function deadLetterQueueOf({ name, isFifo }: Pick<State, 'name' | 'isFifo'>): string {
  const ending = isFifo ? '.fifo' : '';
  return `${`${PREFIX}${name.replace(/\.fifo$/, '')}`.slice(0, 80 - ending.length)}${ending}`;
}

function setRedrive(QueueUrl: string, RedrivePolicy: string) {
  return { sqs: new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }) };
}
