/** One message as it came in. */
export interface Received {
  /** Its id in the batch, to hand back just this one; absent when it did not come from a queue. */
  readonly itemIdentifier?: string;
  readonly messageId: string;
  /** ISO time at which it was sent. */
  readonly sentAt: string;
  readonly text: string;
}

interface Envelope {
  readonly Type?: string;
  readonly MessageId?: string;
  readonly Message?: string;
  readonly Timestamp?: string;
}

interface Records {
  readonly Records?: readonly {
    readonly messageId?: string;
    readonly body?: string;
    readonly attributes?: { readonly SentTimestamp?: string };
    readonly Sns?: Envelope;
  }[];
}

/** The messages in an event of SQS (raw, or in SNS's envelope), of SNS, or of EventBridge. */
export function unwrap(event: object): Received[] {
  const { Records: records } = event as Records;
  if (!Array.isArray(records)) return [received({ text: JSON.stringify(event), ...eventBridge(event) })];
  return (records as NonNullable<Records['Records']>).map(({ messageId, body = '', attributes, Sns }) => {
    const envelope = Sns ?? envelopeIn(body);
    const sent = Number(attributes?.SentTimestamp ?? Date.now());
    return received({
      text: envelope?.Message ?? body,
      messageId: envelope?.MessageId ?? messageId,
      sentAt: envelope?.Timestamp ?? new Date(sent).toISOString(),
      itemIdentifier: messageId,
    });
  });
}

function received(fields: { [K in keyof Received]?: Received[K] | undefined } & { text: string }): Received {
  const { text, messageId = 'unknown', sentAt = new Date().toISOString(), itemIdentifier } = fields;
  return { text, messageId, sentAt, ...(itemIdentifier !== undefined && { itemIdentifier }) };
}

function eventBridge(event: object): { messageId?: string; sentAt?: string } {
  const { id, time } = event as { id?: unknown; time?: unknown };
  return {
    ...(typeof id === 'string' && { messageId: id }),
    ...(typeof time === 'string' && { sentAt: time }),
  };
}

function envelopeIn(body: string): Envelope | undefined {
  if (!body.startsWith('{') || !body.includes('"Notification"')) return undefined;
  try {
    const envelope = JSON.parse(body) as Envelope;
    return envelope.Type === 'Notification' && typeof envelope.Message === 'string' ? envelope : undefined;
  } catch {
    return undefined;
  }
}
