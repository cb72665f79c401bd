import { createHash, randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { CLIENT_DEFAULTS } from '../aws/clients';
import type { Call, Outcome } from '../bot/outcome';
import { reasonOf } from './event';
import type { Finding } from './message';
import { type Target, resourceKey } from '../resources/target';

/** One change of one resource. Written before the first write, completed after the last. */
export interface JournalEntry {
  /** Begins with the time, so that ids sort by age: `20261121T093000-3f9a2c41b0`. */
  readonly id: string;
  readonly bot: string;
  readonly target: Target;
  readonly params: Record<string, unknown>;
  readonly finding: Finding;
  readonly violation: string;
  /** The bot's state before the change: what undo leads back to. */
  readonly before: unknown;
  readonly after?: unknown;
  readonly calls: readonly Call[];
  /** `started` until the run is over: one that stays so was interrupted. */
  readonly status: 'started' | 'fixed' | 'unverified' | 'failed' | 'held' | 'waiting' | 'undone';
  readonly reason?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly undoneAt?: string;
}

/** What narrows a look into the journal; all that is given must match. Newest first. */
export interface JournalFilter {
  readonly bot?: string;
  readonly target?: Target;
  /** ISO time; entries that started then or later. */
  readonly since?: string;
  /** What the indexes cannot tell: entries that do not pass are left out before `limit` counts. */
  readonly where?: (entry: JournalEntry) => boolean;
  readonly limit?: number;
}

const DAY_SECONDS = 86_400;
const KEEP_DAYS = 400;
const ATTEMPT_DAYS = 15;

/** The journal in DynamoDB. Items carry JSON texts, so that states of any shape come back as they were. */
export type Journal = ReturnType<typeof journal>;

/** Opens the journal in the given table. */
export function journal(table: string, client = new DynamoDBClient({ ...CLIENT_DEFAULTS })) {
  const db = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const get = async (id: string) =>
    (await db.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }))).Item;

  return {
    /** The entry with this id. */
    async entry(id: string): Promise<JournalEntry | undefined> {
      const item = await get(id);
      return item && 'bot' in item ? fromItem(item) : undefined;
    },

    /** Records what is about to be done; with `replace` an entry of the same id is written anew. */
    async begin(entry: JournalEntry): Promise<void> {
      await db.send(new PutCommand({ TableName: table, Item: toItem(entry) }));
    },

    /** Records how a run ended. */
    async end(id: string, outcome: Outcome): Promise<void> {
      if (!isEnd(outcome)) return;
      await update(id, {
        status: outcome.outcome,
        calls: JSON.stringify(outcome.calls ?? []),
        after: 'after' in outcome ? JSON.stringify(outcome.after) : undefined,
        reason: reasonOf(outcome),
        endedAt: new Date().toISOString(),
      });
    },

    /** Records that a later look found the fault gone after all; without `after`, the resource with it. */
    async settle(id: string, after: unknown): Promise<void> {
      const then = after === undefined ? undefined : JSON.stringify(after);
      const fields = { status: 'fixed', after: then, endedAt: new Date().toISOString() };
      // Why an earlier try failed is no word about an entry that is fixed.
      await update(id, fields, after === undefined ? ['reason', 'after'] : ['reason']);
    },

    /** Records that a person brought the state before back. */
    async undone(id: string): Promise<void> {
      await update(id, { status: 'undone', undoneAt: new Date().toISOString() });
    },

    /** Entries that match, newest first. */
    async list(filter: JournalFilter = {}): Promise<JournalEntry[]> {
      const [index, key, value] = filter.target
        ? ['resource', 'resource', resourceKey(filter.target)]
        : filter.bot
          ? ['bot', 'bot', filter.bot]
          : ['all', 'kind', 'change'];
      const found: JournalEntry[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const page = await db.send(
          new QueryCommand({
            TableName: table,
            IndexName: index,
            KeyConditionExpression: '#key = :value AND startedAt >= :since',
            ExpressionAttributeNames: { '#key': key },
            ExpressionAttributeValues: { ':value': value, ':since': filter.since ?? '0' },
            ScanIndexForward: false,
            ExclusiveStartKey: from,
          }),
        );
        found.push(...(page.Items ?? []).map(fromItem).filter((entry) => matches(entry, filter)));
        from = page.LastEvaluatedKey;
      } while (from && found.length < (filter.limit ?? Infinity));
      return found.slice(0, filter.limit);
    },

    /** Counts the tries of one message; the first answers 1. A try that is killed has been counted. */
    async attempt(messageId: string): Promise<number> {
      const { Attributes } = await db.send(
        new UpdateCommand({
          TableName: table,
          Key: { id: `attempts/${messageId}` },
          UpdateExpression: 'SET expiresAt = :expires ADD attempts :one',
          ExpressionAttributeValues: { ':one': 1, ':expires': expiry(ATTEMPT_DAYS) },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return Number(Attributes?.attempts);
    },

    /** Takes back that a try was counted, as AWS only asked for patience; answers how long it has done so, in milliseconds. */
    async uncount(messageId: string): Promise<{ readonly waits: number; readonly waitedMs: number }> {
      const { Attributes } = await db.send(
        new UpdateCommand({
          TableName: table,
          Key: { id: `attempts/${messageId}` },
          UpdateExpression:
            'SET waitsSince = if_not_exists(waitsSince, :now) ADD attempts :minus, waits :one',
          ExpressionAttributeValues: { ':minus': -1, ':one': 1, ':now': Date.now() },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return {
        waits: Number(Attributes?.waits),
        waitedMs: Date.now() - Number(Attributes?.waitsSince),
      };
    },

    /** Keeps a bot from a resource: a person has undone its work there. */
    async hold(bot: string, target: Target, reason: string): Promise<void> {
      await db.send(new PutCommand({ TableName: table, Item: { id: holdId(bot, target), reason } }));
    },

    /** Why a bot is kept from a resource, if it is. */
    async heldBecause(bot: string, target: Target): Promise<string | undefined> {
      return (await get(holdId(bot, target)))?.reason as string | undefined;
    },

    /** Lets a bot work on a resource again. */
    async release(bot: string, target: Target): Promise<void> {
      await db.send(new DeleteCommand({ TableName: table, Key: { id: holdId(bot, target) } }));
    },
  };

  async function update(id: string, fields: Record<string, unknown>, gone: readonly string[] = []) {
    const given = Object.entries(fields).filter(([, value]) => value !== undefined);
    const names = [...given.map(([name]) => name), ...gone];
    const set = given.map((_, index) => `#n${index} = :v${index}`);
    const remove = gone.map((_, index) => `#n${given.length + index}`);
    await db.send(
      new UpdateCommand({
        TableName: table,
        Key: { id },
        UpdateExpression: `SET ${set.join(', ')}${gone.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
        ConditionExpression: 'attribute_exists(id)',
        ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#n${index}`, name])),
        ExpressionAttributeValues: Object.fromEntries(given.map(([, value], index) => [`:v${index}`, value])),
      }),
    );
  }
}

/**
 * The id of the change that a message asks for. The same message has the same id however often it is delivered,
 * so a run that was killed goes on in its own entry.
 */
export function journalId(atMs: number, seed: string = randomBytes(16).toString('hex')): string {
  const time = new Date(atMs).toISOString().slice(0, 19).replace(/[-:]/g, '');
  return `${time}-${createHash('sha256').update(seed).digest('hex').slice(0, 10)}`;
}

function toItem({ target, params, finding, before, after, calls, ...rest }: JournalEntry) {
  return {
    ...rest,
    kind: 'change',
    resource: resourceKey(target),
    target,
    params: JSON.stringify(params),
    finding: JSON.stringify(finding),
    before: JSON.stringify(before),
    ...(after !== undefined && { after: JSON.stringify(after) }),
    calls: JSON.stringify(calls),
    expiresAt: expiry(KEEP_DAYS),
  };
}

function fromItem(item: Record<string, unknown>): JournalEntry {
  const { kind: _k, resource: _r, expiresAt: _e, ...rest } = item;
  const parsed = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      name,
      ['params', 'finding', 'before', 'after', 'calls'].includes(name) ? JSON.parse(value as string) : value,
    ]),
  );
  return parsed as unknown as JournalEntry;
}

function matches(entry: JournalEntry, { bot, since, where }: JournalFilter): boolean {
  return (
    (bot === undefined || entry.bot === bot) &&
    (since === undefined || entry.startedAt >= since) &&
    (where === undefined || where(entry))
  );
}

function holdId(bot: string, target: Target): string {
  return `hold/${bot}/${resourceKey(target)}`;
}

/** Outcomes of which an entry tells: those of runs that wrote. */
const ENDS = ['fixed', 'unverified', 'failed', 'held', 'waiting'] as const;

function isEnd(outcome: Outcome): outcome is Extract<Outcome, { outcome: (typeof ENDS)[number] }> {
  return (ENDS as readonly string[]).includes(outcome.outcome);
}

function expiry(days: number): number {
  return Math.floor(Date.now() / 1000) + days * DAY_SECONDS;
}
