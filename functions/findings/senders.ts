import { accountRefusal } from '../../shared/accounts';
import type { FindingSource, FindingsTopic } from '../../shared/config';
import type { Remediation } from '../../shared/worker/message';
import { severityNamed } from './asff';
import type { Rules } from './read';
import type { Received } from './records';
import type { Source } from './source';
import { sources } from './sources';
import { CUSTOM_ACTION } from './sources/securityhub';

/** Whose messages are taken in. */
export interface Senders extends Pick<Rules, 'config' | 'accountId' | 'region' | 'catalogue'> {
  /** The topics that findings may come over, each with what may be asked for over it. */
  readonly topics: readonly FindingsTopic[];
}

/** Who sent a message, and what it may say. */
export interface Sender {
  /** Why nothing is taken in of a message, or `undefined`: it is. */
  refuses(message: object | undefined, source: Source | undefined): string | undefined;
  /** Why a repair that the message asks for is not this sender's to ask for, or `undefined`: it is. */
  forbids(asked: Pick<Remediation, 'bot' | 'target'>, severity: number | undefined): string | undefined;
}

/**
 * Who sent a message. It must come over a topic that is named, or be an event of EventBridge of a kind that a source
 * knows and of an account that bots may act in. What AWS itself says on EventBridge is believed from there alone: over
 * a topic whoever may publish could say it, so the topic must be named for that source.
 */
export function senderOf(senders: Senders, { topic: arn }: Pick<Received, 'topic'>): Sender {
  if (arn === undefined) {
    return {
      refuses: (message, source) =>
        isEvent(message)
          ? eventRefusal(senders, message, source)
          : 'the message names no topic: one that is put on the queue by hand does not, nor one of a subscription with raw message delivery, which is to be turned off',
      forbids: () => undefined,
    };
  }
  const topic = senders.topics.find((each) => each.arn === arn);
  const name = `the topic ${JSON.stringify(arn.slice(0, 256))}`;
  if (!topic) {
    const refused = `${name} is not one that findings may come over: name it under findings.topics in config.ts`;
    return { refuses: () => refused, forbids: () => refused };
  }
  return {
    refuses: (message, source) =>
      spokenFor(topic, name, message, source) ??
      (isEvent(message) ? eventRefusal(senders, message, source) : undefined),
    forbids: ({ bot, target }, severity) => {
      if (topic.bots && !topic.bots.some((each) => each === bot)) {
        return `${name} may not ask for ${bot}: config.ts lets it ask for ${topic.bots.join(', ')}`;
      }
      if (topic.accounts && !topic.accounts.includes(target.account)) {
        return `${name} may not ask for repairs in account ${target.account}: config.ts lets it ask for them in ${topic.accounts.join(', ')}`;
      }
      const least = topic.minSeverity ?? 0;
      const is = severity ?? severityOf(senders, bot);
      return is < least
        ? `severity ${is} is under the ${least} that ${name} may ask for repairs from, by minSeverity in config.ts`
        : undefined;
    },
  };
}

interface Event {
  readonly source?: unknown;
  readonly 'detail-type': unknown;
  readonly account?: unknown;
}

/** Only EventBridge's events have a detail-type. */
function isEvent(message: object | undefined): message is Event {
  return message !== undefined && 'detail-type' in message;
}

/** Why a topic may not speak as this source. */
function spokenFor(
  { sources: may }: FindingsTopic,
  name: string,
  message: object | undefined,
  source: Source | undefined,
): string | undefined {
  if (source && may?.includes(source.name as FindingSource)) {
    return isEvent(message) && message['detail-type'] === CUSTOM_ACTION
      ? `${name} may not press a custom action of Security Hub: what people choose by hand is believed from EventBridge alone`
      : undefined;
  }
  if (isEvent(message) || (source?.eventPattern && !source.speaksOverSns)) {
    const speaker = source?.name ?? named((message as Event).source);
    return `${name} may not speak for ${speaker}: what AWS itself sends is believed from EventBridge alone, unless config.ts lists the source for the topic`;
  }
  return source && may
    ? `${name} may not speak for ${source.name}: config.ts lets it speak for ${may.join(', ')}`
    : undefined;
}

function eventRefusal(
  { config, accountId }: Senders,
  event: Event,
  source: Source | undefined,
): string | undefined {
  const { source: speaker, 'detail-type': type, account } = event;
  const isKnown = sources.some(
    ({ eventPattern }) =>
      eventPattern?.source.includes(speaker) && eventPattern['detail-type'].includes(type),
  );
  // What looks like an event to EventBridge's rules and like another source's message to us is neither.
  if (!isKnown || (source && !source.eventPattern?.source.includes(speaker))) {
    return `events ${named(type)} of ${named(speaker)} are not taken in`;
  }
  if (typeof account !== 'string') return `the event of ${named(speaker)} names no account`;
  // Whether one of the organization is a member, the coordinator asks AWS Organizations.
  const refusal = accountRefusal(config.accounts, accountId, account);
  return typeof refusal === 'object'
    ? `the event of ${named(speaker)} comes from elsewhere: ${refusal.refused.slice(0, 512)}`
    : undefined;
}

function severityOf({ catalogue }: Senders, bot: string): number {
  return severityNamed(catalogue.find(({ id }) => id === bot)?.severity) ?? 0;
}

function named(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 128)) : 'without a name';
}
