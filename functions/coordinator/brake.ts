import { GetAccountSettingsCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { log } from '../../shared/worker/log';

/** What may be in work at once where config.ts says nothing: a tenth of the account's concurrency. */
const SHARE = 0.1;
/** The concurrency that Lambda gives an account. Source: Lambda quotas. */
const DEFAULT_CONCURRENCY = 1_000;
/** SQS is asked how many messages are out no more often than this. */
const LOOK_MS = 2_000;
const BATCH = 10;
/** What may be in work while Lambda does not say, which is asked again after this time. */
const LEAST = 1;
const UNANSWERED_MS = 60_000;

/** Keeps the bots from taking the concurrency of the account from its other functions. */
export interface Brake {
  /**
   * How many messages may be received now, at most ten; 0: as many are in work as may be. They are set aside for the caller
   * until it says how many it got.
   */
  readonly room: () => Promise<number>;
  /** Says how many were received of those that were set aside. */
  readonly took: (room: number, messages: number) => void;
}

/**
 * A brake by the number of messages that are received and not answered: SQS knows it, and what was received since it was
 * asked is added. `concurrency` is that of config.ts: up to 1 a share, above 1 a number.
 */
export function brake(
  {
    sqs,
    lambda,
    queueUrl,
  }: { readonly sqs: SQSClient; readonly lambda: LambdaClient; readonly queueUrl: string },
  concurrency: number = SHARE,
): Brake {
  let most: Promise<number> | undefined;
  let leastUntil = 0;
  let aside = 0;
  let known = { at: 0, inWork: Promise.resolve(0), since: 0 };
  return {
    room: async () => {
      if (Date.now() >= leastUntil) {
        most ??= mostAtOnce(lambda, concurrency).catch((error: unknown) => {
          log('error', 'Lambda does not say how much may run at once: as much as in a new account', {
            error: String(error),
          });
          leastUntil = Date.now() + UNANSWERED_MS;
          most = undefined;
          return LEAST;
        });
      }
      if (Date.now() - known.at >= LOOK_MS)
        known = { at: Date.now(), inWork: inWork(sqs, queueUrl), since: 0 };
      const [all, counted] = await Promise.all([most ?? LEAST, known.inWork]);
      const free = Math.max(0, Math.min(BATCH, all - counted - known.since - aside));
      aside += free;
      return free;
    },
    took: (room, messages) => {
      aside -= room;
      known.since += messages;
    },
  };
}

async function mostAtOnce(lambda: LambdaClient, concurrency: number): Promise<number> {
  if (concurrency > 1) return Math.floor(concurrency);
  const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
  return Math.max(1, Math.floor(concurrency * (AccountLimit?.ConcurrentExecutions ?? DEFAULT_CONCURRENCY)));
}

async function inWork(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0);
}
