import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { randomUUID } from 'node:crypto';
import { CLIENT_DEFAULTS } from '../../../shared/aws/clients';

/** What is on record of a ticket, or of a message that was sent. */
export interface Entry {
  /** By what the service knows the ticket. */
  readonly key?: string;
  readonly state?: 'open' | 'closed';
  /** ISO time of the latest news that was told. */
  readonly at?: string;
  /** ISO time of the news that opened it. */
  readonly openedAt?: string;
  /** News that was told, by id; the latest of them. */
  readonly told: readonly string[];
  /** Somebody before has begun to tell, and did not come to write down how it ended. */
  readonly isBegun: boolean;
}

/** An entry that nobody else may work on for now. */
export interface Claim {
  readonly entry: Entry;
  /** Writes down what was told, and lets others. */
  readonly settle: (
    news: string,
    changes?: Partial<Pick<Entry, 'key' | 'state' | 'at' | 'openedAt'>>,
  ) => Promise<void>;
  /** Lets others, with nothing told. */
  readonly release: () => Promise<void>;
}

/** The record of what was told, so that news that comes twice is told once. */
export interface Book {
  /**
   * @param until - Epoch milliseconds at which the claim ends by itself: whoever made it cannot run any more.
   * @returns `undefined`: another run is at work on it.
   */
  readonly claim: (id: string, until: number) => Promise<Claim | undefined>;
}

const OPEN_DAYS = 400;
/** Longer than a queue keeps what may come again. */
const SETTLED_DAYS = 15;
const DAY_SECONDS = 86_400;
/** A fault is told of at most a few times before it is settled or given up. */
const KEPT = 50;

/**
 * The book in the journal's table, under ids of its own: `ticket/<channel>/<digest>`. It only ever updates: that is all
 * its role may do. Source: DynamoDB API, UpdateItem.
 */
export function book(
  table: string,
  client = new DynamoDBClient({ ...CLIENT_DEFAULTS }),
  now = Date.now,
): Book {
  const db = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    async claim(id, until) {
      const by = randomUUID();
      const entry = await begin(id, by, until);
      return (
        entry && {
          entry,
          settle: (news, changes = {}) => settle(id, by, entry, news, changes),
          release: () => release(id, by),
        }
      );
    },
  };

  async function begin(id: string, by: string, until: number): Promise<Entry | undefined> {
    try {
      const { Attributes } = await db.send(
        new UpdateCommand({
          TableName: table,
          Key: { id },
          UpdateExpression:
            'SET leasedUntil = :until, leasedBy = :by, expiresAt = if_not_exists(expiresAt, :expires) ADD tries :one',
          ConditionExpression: 'attribute_not_exists(leasedUntil) OR leasedUntil < :now',
          ExpressionAttributeValues: {
            ...{ ':until': until, ':by': by, ':now': now(), ':one': 1 },
            ':expires': inDays(SETTLED_DAYS),
          },
          ReturnValues: 'ALL_NEW',
        }),
      );
      const {
        tries,
        told = [],
        ticket: key,
        ...known
      } = (Attributes ?? {}) as Partial<Entry> & {
        readonly tries?: number;
        readonly ticket?: string;
      };
      const { state, at, openedAt } = known;
      return {
        ...(key !== undefined && { key }),
        ...(state && { state }),
        ...(at !== undefined && { at }),
        ...(openedAt !== undefined && { openedAt }),
        told,
        isBegun: Number(tries) > 1,
      };
    } catch (error) {
      if (isConditionFailure(error)) return undefined;
      throw error;
    }
  }

  async function settle(
    id: string,
    by: string,
    before: Entry,
    news: string,
    changes: Partial<Entry>,
  ): Promise<void> {
    const { key, state, at, openedAt } = { ...before, ...changes };
    const days = state === 'open' ? OPEN_DAYS : SETTLED_DAYS;
    const fields = { ticket: key, state, at, openedAt, told: [...before.told, news].slice(-KEPT) };
    const set = Object.entries({ ...fields, expiresAt: inDays(days) }).filter(
      ([, value]) => value !== undefined,
    );
    await db.send(
      new UpdateCommand({
        TableName: table,
        Key: { id },
        UpdateExpression: `SET ${set.map((_, n) => `#n${n} = :v${n}`).join(', ')} REMOVE leasedUntil, leasedBy, tries`,
        ConditionExpression: 'leasedBy = :by',
        ExpressionAttributeNames: Object.fromEntries(set.map(([name], n) => [`#n${n}`, name])),
        ExpressionAttributeValues: {
          ':by': by,
          ...Object.fromEntries(set.map(([, value], n) => [`:v${n}`, value])),
        },
      }),
    );
  }

  async function release(id: string, by: string): Promise<void> {
    await db.send(
      new UpdateCommand({
        TableName: table,
        Key: { id },
        UpdateExpression: 'REMOVE leasedUntil, leasedBy',
        ConditionExpression: 'leasedBy = :by',
        ExpressionAttributeValues: { ':by': by },
      }),
    );
  }

  function inDays(days: number): number {
    return Math.floor(now() / 1000) + days * DAY_SECONDS;
  }
}

function isConditionFailure(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}
