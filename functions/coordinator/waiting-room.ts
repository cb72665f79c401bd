import { type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Environment } from '../../shared/worker/environment';
import type { Aside } from '../../shared/worker/journal';
import { log } from '../../shared/worker/log';
import { type Remediation, groupOf, remediationSchema } from '../../shared/worker/message';
import { deadLetter, originOf, putBack, takeOff } from '../../shared/worker/queue';

/** The waiting room is looked into no more often than this. */
const LOOK_MS = 5_000;
/** After a bot said that a limit or a stop keeps it, its other messages are set aside for so long without asking it. */
const KEPT_MS = 60_000;
/** How long such a message waits. */
const ASIDE_MS = 5 * 60_000;

/** Where messages wait that are tried again later: a queue of its own, in which nothing stands behind anything. */
export interface WaitingRoom {
  /** Puts what has waited long enough at the end of its resource's line. */
  readonly moveBack: () => Promise<void>;
  /** Remembers for a minute that a limit or a stop keeps this bot from this account. */
  readonly keep: (remediation: Remediation) => void;
  /** What to do with a message whose bot is known to be kept from its account. */
  readonly keeps: (remediation: Remediation) => Aside | undefined;
}

/** Opens the waiting room of the installation. */
export function waitingRoom(
  sqs: SQSClient,
  environment: Pick<Environment, 'queueUrl' | 'deadLetterQueueUrl'>,
  waitingQueueUrl: string,
): WaitingRoom {
  const kept = new Map<string, number>();
  let lookedAt = 0;
  const keyOf = ({ bot, target }: Remediation) => `${bot} ${target.account}`;
  return {
    moveBack: async () => {
      if (Date.now() - lookedAt < LOOK_MS) return;
      lookedAt = Date.now();
      try {
        for (let messages = await receive(); messages.length > 0; messages = await receive()) {
          await Promise.all(messages.map((message) => back(message)));
        }
      } catch (error) {
        // What waits can wait a little longer; what is new must not.
        log('error', 'what has waited could not be moved back', { error: String(error) });
      }
    },
    keep: (remediation) => void kept.set(keyOf(remediation), Date.now() + KEPT_MS),
    keeps: (remediation) => {
      if ((kept.get(keyOf(remediation)) ?? 0) <= Date.now()) return undefined;
      return { as: 'wait', notBefore: Date.now() + ASIDE_MS };
    },
  };

  async function receive(): Promise<Message[]> {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: waitingQueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['SentTimestamp'],
        MessageAttributeNames: ['messageId', 'sentAt'],
      }),
    );
    return Messages;
  }

  /** In first, then out: SQS drops the repetition of a move that was cut off. */
  async function back(message: Message): Promise<void> {
    const { MessageId: id = '', Body: body = '', ReceiptHandle: receiptHandle = '' } = message;
    const remediation = understood(body);
    if (remediation) {
      const group = groupOf(remediation);
      await putBack(sqs, environment.queueUrl, { body, group, id, ...originOf(message) });
    } else {
      log('warn', 'quarantined', { id, reason: 'not a remediation message' });
      const reason = 'what waited is not a remediation message';
      await deadLetter(sqs, environment.deadLetterQueueUrl, {
        body,
        reason,
        source: 'coordinator',
        id,
        group: id,
      });
    }
    await takeOff(sqs, waitingQueueUrl, receiptHandle);
  }
}

function understood(body: string): Remediation | undefined {
  try {
    return remediationSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
