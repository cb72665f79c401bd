import type { Message } from '@aws-sdk/client-sqs';
import { consoleUrl } from '../../shared/resources/console';
import { loadBot } from '../../shared/worker/load';
import { type Queue, callerOf, openJournal, openQueue } from '../installation';
import { countAll, peek } from '../peek';
import type { Session } from '../session';
import { sinceToIso } from '../since';
import { type QueueRead, type Sources, reportData } from './build';
import type { ReportData } from './data';
import type { QueueMessage } from './items';
import { keeper } from './keeper';

/** What a report looks at. */
export interface ReportOptions {
  /** As `--since` of all commands. */
  readonly since?: string;
  /** At most so many changes in full. */
  readonly limit?: number;
}

/** Reads the installation again and again for the same report. */
export interface Gatherer {
  readonly read: () => Promise<ReportData>;
}

/** Most messages that are read of a queue. */
const MOST_MESSAGES = 500;
/** A message that was received so often is read no more: at 1,000, SQS moves it to the dead letters. */
const MOST_RECEIVES = 300;

/**
 * Opens what a report is made from. A queue is read again only when as many messages as before are not in it, and not at
 * all when its messages have been received often: SQS counts every look, and gives up what is received too often.
 */
export async function gatherer(session: Session, options: ReportOptions): Promise<Gatherer> {
  const { since = '30d', limit = 2_000 } = options;
  sinceToIso(since);
  const [caller, journal, remediation, waiting, dead] = await Promise.all([
    callerOf(session),
    openJournal(session),
    openQueue(session, 'remediationQueue'),
    openQueue(session, 'waitingQueue'),
    openQueue(session, 'deadLetterQueue'),
  ]);
  const { account, region } = caller;
  const [readQueue, readDead] = [reader(session, remediation), reader(session, dead)];
  return {
    read: async () => {
      const nowMs = Date.now();
      const from = sinceToIso(since, nowMs);
      const kept = keeper(limit);
      const [config, catalogue, queue, deadLetters, setAside, plans] = await Promise.all([
        session.config(),
        session.catalogue(),
        readQueue(),
        readDead(),
        countAll(waiting),
        journal.plans(),
        journal.list({ since: from, where: kept.take, limit: 1 }),
      ]);
      const { entries, unread } = kept.entries();
      const told = new Set(entries.slice(0, limit).map(({ bot }) => bot));
      return reportData({
        nowMs,
        home: { account, region, stage: session.options.stage },
        ...{
          config,
          catalogue,
          since: from,
          limit,
          entries,
          plans,
          queue,
          deadLetters,
          setAside,
          consoleUrl,
        },
        ...(unread !== undefined && { unread }),
        bots: await botsOf(session, told),
      });
    },
  };
}

/** The bots that have words of their own for what they change. */
async function botsOf(session: Session, ids: ReadonlySet<string>): Promise<NonNullable<Sources['bots']>> {
  const registry = await session.registry();
  const bots = await Promise.all([...ids].map((id) => loadBot(registry, id)));
  return new Map(bots.flatMap((bot) => (bot ? [[bot.id, bot] as const] : [])));
}

function reader(session: Session, queue: Queue): () => Promise<QueueRead> {
  let last: (QueueRead & { readonly count: number; readonly receives: number }) | undefined;
  return async () => {
    const count = await countAll(queue);
    if (last && (last.count === count || last.receives >= MOST_RECEIVES)) return { ...last, waiting: count };
    const { messages } = await peek(session, queue, MOST_MESSAGES);
    const receives = Math.max(
      0,
      ...messages.map(({ Attributes }) => Number(Attributes?.ApproximateReceiveCount ?? 0)),
    );
    last = { messages: messages.map(messageOf), waiting: Math.max(count, messages.length), count, receives };
    return last;
  };
}

function messageOf({ MessageId = '', Body = '', Attributes, MessageAttributes }: Message): QueueMessage {
  const reason = MessageAttributes?.reason?.StringValue;
  return {
    id: MessageId,
    sentAt: Number(Attributes?.SentTimestamp ?? Date.now()),
    body: Body,
    ...(reason !== undefined && { reason }),
  };
}
