import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { CatalogueEntry } from '../../shared/catalogue';
import { targetSchema } from '../../shared/resources/target';
import type { Evaluator } from './evaluate';

/** Messages of one batch. Source: SQS SendMessageBatch. */
const BATCH = 10;

/** What looks are made with; tests give their own. */
export interface Lookout extends Evaluator {
  readonly catalogue: readonly CatalogueEntry[];
  /** The queue on which changes in members, the daily tick, single looks and what failed wait. */
  readonly looksQueueUrl: string;
}

/** A look as it stands on the queue. */
export const lookSchema = z.object({
  bot: z.string(),
  target: targetSchema,
  seenAt: z.iso.datetime({ offset: true }),
  /** The rule that the clock has asked about all resources, which wants an evaluation of this one. */
  asked: z
    .object({
      rule: z.string(),
      token: z.string(),
      /** The target by the names that AWS Config has for it. */
      evaluated: z.object({ type: z.string(), id: z.string() }),
    })
    .optional(),
});

/** See {@link lookSchema}. */
export type QueuedLook = z.infer<typeof lookSchema>;

/** Puts looks on the queue. */
export async function sendLooks(
  { sqs, looksQueueUrl }: Pick<Lookout, 'sqs' | 'looksQueueUrl'>,
  looks: readonly QueuedLook[],
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(looks.length / BATCH) }, (_, index) =>
    looks.slice(index * BATCH, (index + 1) * BATCH),
  );
  await Promise.all(batches.map((batch) => sendBatch(sqs, looksQueueUrl, batch)));
}

async function sendBatch(sqs: SQSClient, QueueUrl: string, looks: readonly QueuedLook[]) {
  const { Failed = [] } = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: looks.map((look, index) => ({ Id: String(index), MessageBody: JSON.stringify({ look }) })),
    }),
  );
  const [first] = Failed;
  if (first)
    throw new Error(`SQS refused ${Failed.length} looks: ${first.Code ?? ''} ${first.Message ?? ''}`);
}
