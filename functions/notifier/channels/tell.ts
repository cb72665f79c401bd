import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { ToldOutcome } from '../../../shared/config/notifications';
import { log as writeLog } from '../../../shared/worker/log';
import { type Audience, isFor } from '../audience';
import type { Place } from '../place';
import type { Book, Claim, Entry } from './book';
import type { Channel, Messages, Tickets } from './channel';
import { NotTold } from './line';
import { type News, readNews } from './news';

/** Outcomes that open a ticket where config.ts says nothing else. */
const OPENING: readonly ToldOutcome[] = ['failed', 'held', 'unverified', 'planned', 'dead-lettered'];

/** Kept back of the function's time to answer SQS. */
const RESERVE_MS = 2000;

/** By then, a function that was to end has ended. */
const LEASE_MS = 10_000;

/** One channel of config.ts, and what it is told. */
export interface Told extends Audience {
  readonly name: string;
  readonly channel: Channel;
  readonly outcomes?: readonly ToldOutcome[];
}

/** What {@link channelTeller} works with. */
export interface TellerOptions {
  /** The channel whose queue this is. */
  readonly channelOf: (queueArn: string) => Told | undefined;
  readonly book: Book;
  readonly place: Place;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly log?: typeof writeLog;
}

interface Item extends News {
  readonly messageId: string;
}

/**
 * Tells a channel what its queue holds, and answers with the records that SQS is to bring back. Each channel has a queue
 * of its own, so that one that is down keeps nothing from the others.
 */
export function channelTeller({ channelOf, book, place, now = Date.now, log = writeLog }: TellerOptions) {
  return async (
    { Records }: SQSEvent,
    lambda: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<SQSBatchResponse> => {
    const until = now() + lambda.getRemainingTimeInMillis() - RESERVE_MS;
    const back: string[] = [];
    for (const [arn, records] of grouped(Records)) {
      back.push(...(await tellQueue(arn, records, until)));
    }
    log('info', 'batch told', { received: Records.length, failed: back.length });
    return { batchItemFailures: back.map((itemIdentifier) => ({ itemIdentifier })) };
  };

  async function tellQueue(arn: string, records: readonly SQSRecord[], until: number): Promise<string[]> {
    const told = channelOf(arn);
    if (!told) {
      log('error', 'config.ts has no channel for this queue: deploy again', { queue: arn });
      return records.map(({ messageId }) => messageId);
    }
    const items = records
      .flatMap((record) => itemsOf(record))
      .sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
    const { channel } = told;
    return channel.keeps === 'tickets'
      ? tellTickets(told, channel, items, until)
      : tellMessages(told, channel, items, until);
  }

  function itemsOf({ messageId, body }: SQSRecord): Item[] {
    const read = readNews(body, place);
    if (read === 'no news') return [];
    if ('news' in read) return [{ messageId, ...read.news }];
    log('warn', 'a record of a kind this function does not know was let go', {
      messageId,
      why: read.unknown,
    });
    return [];
  }

  async function tellTickets(told: Told, channel: Tickets, items: readonly Item[], until: number) {
    const back: string[] = [];
    let stopped = false;
    // An alarm does not say when it is over, so a ticket for it would never be closed.
    for (const item of items.filter(({ event }) => event !== undefined)) {
      if (stopped) {
        back.push(item.messageId);
        continue;
      }
      const refusal = await attempt(() => tellTicket(told, channel, item, until));
      if (!refusal) continue;
      back.push(item.messageId);
      stopped = refusal.how.stop;
      report(told, [item], refusal);
    }
    return back;
  }

  async function tellTicket(told: Told, channel: Tickets, news: Item, until: number): Promise<void> {
    const claim = await claimed(`ticket/${told.name}/${news.fault}`, until);
    const { entry } = claim;
    await releasing(claim, async () => {
      switch (entry.told.includes(news.id) ? 'told' : stepOf(told, entry, news)) {
        case 'told':
          return claim.release();
        case 'nothing':
          return claim.settle(
            news.id,
            news.state === 'closed' ? { state: 'closed', at: latest(entry, news) } : {},
          );
        case 'open':
          return open(channel, claim, news, until);
        case 'write': {
          const written = await channel.write(entry.key ?? '', news, until);
          if (written === 'gone' && opens(told, news)) return open(channel, claim, news, until);
          return claim.settle(news.id, {
            ...(written === 'gone' && { state: 'closed' as const }),
            at: latest(entry, news),
          });
        }
        case 'close':
          await channel.close(entry.key ?? '', news, until);
          return claim.settle(news.id, { state: 'closed', at: latest(entry, news) });
      }
    });
  }

  async function open(channel: Tickets, claim: Claim, news: News, until: number): Promise<void> {
    const key = await channel.open(news, claim.entry.isBegun, until);
    await claim.settle(news.id, { key, state: 'open', at: news.time, openedAt: news.time });
  }

  async function tellMessages(told: Told, channel: Messages, items: readonly Item[], until: number) {
    const wanted = items.filter((item) => isWanted(told, item));
    const back: string[] = [];
    const claims: { readonly item: Item; readonly claim: Claim }[] = [];
    for (const item of wanted) {
      const refusal = await attempt(async () => {
        const claim = await claimed(`ticket/${told.name}/${item.id}`, until);
        // The same news twice in one batch finds the claim taken, and comes back to find it told.
        if (claim.entry.told.length > 0) await claim.release();
        else claims.push({ item, claim });
      });
      if (!refusal) continue;
      back.push(item.messageId);
      report(told, [item], refusal);
    }
    const { singles = Infinity } = channel;
    const groups = claims.length <= singles ? claims.map((one) => [one]) : [claims];
    let stopped = false;
    for (const group of groups) {
      const refusal: NotTold | undefined = stopped
        ? undefined
        : await attempt(() =>
            channel.send(
              group.map(({ item }) => item),
              until,
            ),
          );
      if (!stopped && !refusal) {
        for (const { item, claim } of group) await noted(told, item, () => claim.settle(item.id));
        continue;
      }
      back.push(...group.map(({ item }) => item.messageId));
      for (const { item, claim } of group) await noted(told, item, () => claim.release());
      if (!refusal) continue;
      stopped = refusal.how.stop;
      report(
        told,
        group.map(({ item }) => item),
        refusal,
      );
    }
    return back;
  }

  async function claimed(id: string, until: number): Promise<Claim> {
    const claim = await book.claim(id, until + LEASE_MS);
    if (claim) return claim;
    throw new NotTold('another run is at work on the same', { stop: false, passes: false });
  }

  async function releasing(claim: Claim, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      // Else it would be held up until the claim ends by itself, which is before the record comes back.
      await claim.release().catch(() => undefined);
      throw error;
    }
  }

  /** What was told is told: a record that cannot say so would only tell it again. */
  async function noted(told: Told, { messageId }: Item, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      log('error', 'what was told could not be noted', {
        channel: told.name,
        messageId,
        reason: String(error),
      });
    }
  }

  async function attempt(act: () => Promise<void>): Promise<NotTold | undefined> {
    try {
      await act();
      return undefined;
    } catch (error) {
      return error instanceof NotTold ? error : new NotTold(String(error), { stop: false, passes: false });
    }
  }

  function report({ name }: Told, items: readonly Item[], { message }: NotTold): void {
    log('error', 'a channel was not told, the records go back to the queue', {
      channel: name,
      messageIds: items.map(({ messageId }) => messageId).slice(0, 10),
      reason: message,
    });
  }
}

/** What news means for the ticket of its fault. SQS keeps no order: what comes late must not open what is settled. */
function stepOf(told: Told, entry: Entry, news: News): 'nothing' | 'open' | 'write' | 'close' {
  const isOpen = entry.state === 'open' && entry.key !== undefined;
  if (news.state === 'open' && !isOpen) {
    const isLate = entry.at !== undefined && isBefore(news.time, entry.at);
    return isLate || !opens(told, news) ? 'nothing' : 'open';
  }
  if (!isOpen) return 'nothing';
  if (news.state !== 'closed') return 'write';
  return entry.openedAt !== undefined && isBefore(news.time, entry.openedAt) ? 'nothing' : 'close';
}

function opens({ outcomes = OPENING, ...audience }: Told, { event, story, account }: News): boolean {
  const isAsked = event !== undefined && outcomes.some((outcome) => outcome === event.outcome);
  return isAsked && isFor(audience, { severity: story.severity, accountId: account });
}

/** A message is sent for what is news, of the outcomes that config.ts names; alarms have none. */
function isWanted({ outcomes, ...audience }: Told, { telling, event, story, account }: News): boolean {
  const isAsked = !outcomes || !event || outcomes.some((outcome) => outcome === event.outcome);
  return (
    telling !== undefined && isAsked && isFor(audience, { severity: story.severity, accountId: account })
  );
}

function isBefore(one: string, other: string): boolean {
  return Date.parse(one) < Date.parse(other);
}

function latest({ at }: Entry, { time }: News): string {
  return at !== undefined && isBefore(time, at) ? at : time;
}

function grouped(records: readonly SQSRecord[]): Map<string, SQSRecord[]> {
  const groups = new Map<string, SQSRecord[]>();
  for (const record of records) {
    groups.set(record.eventSourceARN, [...(groups.get(record.eventSourceARN) ?? []), record]);
  }
  return groups;
}
