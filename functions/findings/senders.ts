import { refusal } from '../../shared/worker/admission';
import type { Rules } from './read';
import type { Received } from './records';
import { sources } from './sources';

/** Whose messages are taken in. */
export interface Senders extends Pick<Rules, 'config' | 'accountId' | 'region'> {
  /** ARNs of the topics that findings may come over. */
  readonly topics: readonly string[];
}

/**
 * Why a message is not taken in from whoever sent it, or `undefined`: it is. It must come over a topic that is named,
 * or be an event of EventBridge; an event, whatever it came over, must be of a kind that a source knows and of an
 * account that bots may act in.
 */
export function senderRefusal(senders: Senders, { topic, text }: Received): string | undefined {
  if (topic !== undefined && !senders.topics.includes(topic)) {
    return `the topic ${JSON.stringify(topic.slice(0, 256))} is not one that findings may come over: name it under findings.topics in config.ts`;
  }
  const event = eventIn(text);
  if (event) return eventRefusal(senders, event);
  return topic === undefined
    ? 'the message names no sender: publish it to the findings topic instead of putting it on the queue'
    : undefined;
}

interface Event {
  readonly source?: unknown;
  readonly 'detail-type': unknown;
  readonly account?: unknown;
}

/** Only EventBridge's events have a detail-type. */
function eventIn(text: string): Event | undefined {
  if (!text.includes('detail-type')) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && 'detail-type' in json ? json : undefined;
  } catch {
    return undefined;
  }
}

function eventRefusal({ config, accountId, region }: Senders, event: Event): string | undefined {
  const { source, 'detail-type': type, account } = event;
  const isKnown = sources.some(
    ({ eventPattern }) => eventPattern?.source.includes(source) && eventPattern['detail-type'].includes(type),
  );
  if (!isKnown) return `events ${named(type)} of ${named(source)} are not taken in`;
  if (typeof account !== 'string') return `the event of ${named(source)} names no account`;
  // EventBridge sends nothing from one partition to another.
  const sender = { account, region, type: 'AWS::::Account', id: account };
  const refused = refusal(config, { accountId, region }, sender);
  return refused && `the event of ${named(source)} comes from elsewhere: ${refused.slice(0, 512)}`;
}

function named(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 128)) : 'without a name';
}
