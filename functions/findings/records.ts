import * as z from 'zod';

/** One message as it came in. */
export interface Received {
  /** Its id in the batch, to hand back just this one; absent when it did not come from a queue. */
  readonly itemIdentifier?: string;
  readonly messageId: string;
  /** ISO time at which it was sent. */
  readonly sentAt: string;
  /** The ARN of the SNS topic that it says it came over, empty when it names none; absent when no topic is in play. */
  readonly topic?: string;
  readonly text: string;
}

/** Fields that are not as AWS sends them count as absent: nothing that comes in may stop the rest of a batch. */
const text = z.string().optional().catch(undefined);
const envelopeSchema = z.object({
  Type: text,
  MessageId: text,
  TopicArn: text,
  Message: text,
  Timestamp: text,
});
const recordSchema = z
  .object({
    messageId: text,
    body: text,
    attributes: z.object({ SentTimestamp: text }).optional().catch(undefined),
    Sns: envelopeSchema.optional().catch(undefined),
  })
  .catch({});
const eventSchema = z.object({ Records: z.array(recordSchema) });
const eventBridgeSchema = z.object({ id: text, time: text }).catch({});

/** The messages in an event of SQS (raw, or in SNS's envelope), of SNS, or of EventBridge. */
export function unwrap(event: unknown): Received[] {
  const records = eventSchema.safeParse(event);
  if (!records.success) {
    const { id, time } = eventBridgeSchema.parse(event);
    return [received({ text: JSON.stringify(event ?? null), messageId: id, sentAt: timeOf(time) })];
  }
  return records.data.Records.map(({ messageId, body = '', attributes, Sns }) => {
    const envelope = Sns ?? envelopeIn(body);
    return received({
      text: envelope?.Message ?? body,
      messageId: envelope?.MessageId ?? messageId,
      sentAt: timeOf(envelope?.Timestamp) ?? timeOf(Number(attributes?.SentTimestamp)),
      itemIdentifier: messageId,
      topic: envelope && (envelope.TopicArn ?? ''),
    });
  });
}

function received(fields: { [K in keyof Received]?: Received[K] | undefined } & { text: string }): Received {
  const { text, messageId = 'unknown', sentAt = new Date().toISOString(), itemIdentifier, topic } = fields;
  return {
    ...{ text, messageId: messageId.slice(0, 128), sentAt },
    ...(itemIdentifier !== undefined && { itemIdentifier }),
    ...(topic !== undefined && { topic }),
  };
}

function timeOf(value: string | number | undefined): string | undefined {
  const time = new Date(value ?? '');
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

function envelopeIn(body: string): z.output<typeof envelopeSchema> | undefined {
  if (!body.startsWith('{') || !body.includes('"Notification"')) return undefined;
  try {
    const envelope = envelopeSchema.parse(JSON.parse(body));
    return envelope.Type === 'Notification' && envelope.Message !== undefined ? envelope : undefined;
  } catch {
    return undefined;
  }
}
