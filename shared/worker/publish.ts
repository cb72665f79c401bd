import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { SelfhealEvent } from './event';
import { MESSAGE_BYTES } from './message';
import { clip } from '../text';

const CUT_LENGTH = 2000;

/** Tells the events topic. The outcome and the bot are attributes too, for subscribers' filter policies. */
export async function publish(sns: SNSClient, topicArn: string, event: SelfhealEvent) {
  await sns.send(
    new PublishCommand({
      TopicArn: topicArn,
      Message: fitting(event),
      MessageAttributes: {
        outcome: { DataType: 'String', StringValue: event.outcome },
        ...(event.bot && { bot: { DataType: 'String', StringValue: event.bot } }),
      },
    }),
  );
}

/** An event that is too large loses the inputs of its calls, which the journal has. */
function fitting(event: SelfhealEvent): string {
  const whole = JSON.stringify(event);
  if (Buffer.byteLength(whole) <= MESSAGE_BYTES) return whole;
  const cut = (text: string | undefined) => (text === undefined ? undefined : clip(text, CUT_LENGTH));
  return JSON.stringify({
    ...event,
    calls: event.calls.slice(0, 100).map(({ action }) => ({ action, input: { cut: 'see the journal' } })),
    violation: cut(event.violation),
    reason: cut(event.reason),
  });
}
