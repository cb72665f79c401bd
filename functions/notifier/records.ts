import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { eventSchema } from '../../shared/worker/event';
import { faultIn } from '../../shared/text';
import type { Place } from './place';
import type { Telling } from './summary';
import { alarmSchema, isRinging, tellAlarm } from './tell-alarm';
import { complianceSchema, isChange, tellCompliance } from './tell-compliance';
import { isNews, tellEvent } from './tell-event';

/** What a record is to this function. `unknown` is answered for, too: it is counted, logged and let go. */
export type Reading =
  | { readonly is: 'news'; readonly telling: Telling }
  | { readonly is: 'no-news' }
  | { readonly is: 'unknown'; readonly why: string };

/**
 * What SNS puts around a message where delivery is not raw.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
 */
const envelopeSchema = z.object({ Type: z.literal('Notification'), Message: z.string() });

/** @see https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
const bridgeSchema = z.object({ 'detail-type': z.string(), detail: z.unknown() });

const kindSchema = z.object({
  kind: z.string().optional(),
  messageType: z.string().optional(),
  AlarmName: z.string().optional(),
});

/** Reads one record of the queue: whatever is in it, the answer is a {@link Reading}. */
export function readRecord({ body }: Pick<SQSRecord, 'body'>, place: Place): Reading {
  const parsed = parse(body);
  if (parsed === undefined) return unknown('it is not JSON');
  const envelope = envelopeSchema.safeParse(parsed);
  if (!envelope.success) return readMessage(parsed, place);
  const message = parse(envelope.data.Message);
  return message === undefined ? unknown('its message is not JSON') : readMessage(message, place);
}

function readMessage(value: unknown, place: Place): Reading {
  const bridge = bridgeSchema.safeParse(value);
  if (bridge.success && bridge.data['detail-type'] !== 'Config Rules Compliance Change') {
    return unknown(`an EventBridge event "${bridge.data['detail-type'].slice(0, 100)}"`);
  }
  const message = bridge.success ? bridge.data.detail : value;
  const { kind, messageType, AlarmName } = kindSchema.safeParse(message).data ?? {};
  if (kind === 'selfheal') return read(eventSchema, message, isNews, (news) => tellEvent(news, place));
  if (messageType === 'ComplianceChangeNotification') {
    return read(complianceSchema, message, isChange, (change) => tellCompliance(change, place));
  }
  // Config's delivery channel also tells of every recorded item, snapshot and evaluation.
  if (messageType !== undefined) return { is: 'no-news' };
  if (AlarmName !== undefined)
    return read(alarmSchema, message, isRinging, (alarm) => tellAlarm(alarm, place));
  return unknown('JSON of another kind');
}

function read<T, N extends T>(
  schema: z.ZodType<T>,
  message: unknown,
  isNews: ((value: T) => value is N) | ((value: T) => boolean),
  tell: (news: N) => Telling,
): Reading {
  const { data, error } = schema.safeParse(message);
  if (error) return unknown(`its ${faultIn(error, 'message')}`);
  return isNews(data) ? { is: 'news', telling: tell(data as N) } : { is: 'no-news' };
}

function unknown(why: string): Reading {
  return { is: 'unknown', why };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
