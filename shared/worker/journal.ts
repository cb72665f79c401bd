import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandOutput,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { CLIENT_DEFAULTS } from '../aws/clients';
import { type Change, atMost } from '../bot/changes/change';
import type { Call, Outcome } from '../bot/outcome';
import { reasonOf } from './event';
import { CHANGES, type Finding } from './message';
import { type Decision, type Plan, decisionId, planBook, planId, planIn } from './plans';
import { type Repair, repairsId, repairsIn } from './repeats';
import { type Limits, type Reached, periodOf } from './limits';
import { type Stops, STOPS, stopFor } from './stops';
import { type Target, resourceKey } from '../resources/target';
import { updateOf } from './update';
import { typeOf } from '../resources/types';

/** One change of one resource. Written before the first write, completed after the last. */
export interface JournalEntry {
  /** Begins with the bot, then the time: see {@link journalId}. */
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
  /** What was planned, in words. */
  readonly changes?: readonly Change[];
  /** `started` until the run is over: one that stays so was interrupted. */
  readonly status: 'started' | 'fixed' | 'unverified' | 'failed' | 'held' | 'waiting' | 'undone';
  readonly reason?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly undoneAt?: string;
  /** Who let it be done, where a person was asked. */
  readonly approvedBy?: string;
  /** The stack or the state that owns the resource, and who last changed it, where config.ts asks for that. */
  readonly ownedBy?: string;
  readonly changedBy?: string;
}

/** What a delivery comes to. */
export interface Delivered {
  /** Tries of the message so far, this one counted; the first is 1. */
  readonly attempt: number;
  /** How often the message was set aside, and how long ago for the first time. */
  readonly asides: number;
  readonly waitedMs: number;
  /** What a try before this one, or another message with this id, has recorded. */
  readonly earlier?: JournalEntry;
}

/** What is to become of a message that is handed back; times in epoch milliseconds. */
export type Aside =
  /** Tried again later: it failed (`retry`), or nothing was tried (`wait`). */
  | {
      readonly as: 'retry' | 'wait';
      readonly notBefore: number;
      /** Every message for this bot and account would have to wait as well: a limit, or a stop. */
      readonly forAll?: true;
    }
  /** Put into the line of the resource that it is about, which goes by this name. */
  | { readonly as: 'moved'; readonly target: Target }
  /** Given up: it goes to the dead-letter queue with the reason. */
  | { readonly as: 'dead'; readonly reason: string };

/** What keeps a bot from a resource. */
export interface Standing {
  /** For now, until an operator lets it go on. */
  readonly stopped?: string;
  /** For good, until the hold is released. */
  readonly held?: string;
  /** What was planned for the resource last, and what a person said of it. */
  readonly plan?: Plan;
  readonly decision?: Decision;
  /** When the bot repaired the resource, the latest first. */
  readonly repairs: readonly Repair[];
}

/** What is checked and counted together with a change. */
export interface Entering {
  /** Absent: it was counted before. */
  readonly limits?: Limits;
  /** All repairs of the resource that are kept, this one among them. */
  readonly repairs?: readonly Repair[];
  /** Of a delivery that nothing has claimed yet: its receipt, and when SQS shows the message again. */
  readonly receipt?: { readonly handle: string; readonly until: number };
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
const COUNTER_DAYS = 2;
const REPAIR_DAYS = 30;
/** So often a write is tried that another one gets into the way of. */
const CONFLICTS = 6;

/** The journal in DynamoDB. Items carry JSON texts, so that states of any shape come back as they were. */
export type Journal = ReturnType<typeof journal>;

/** Opens the journal in the given table. */
export function journal(table: string, client = new DynamoDBClient({ ...CLIENT_DEFAULTS })) {
  const db = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const get = async (id: string) =>
    (await db.send(new GetCommand({ TableName: table, Key: { id }, ConsistentRead: true }))).Item;

  return {
    ...planBook(table, db, getAll),

    /** The entry with this id. */
    async entry(id: string): Promise<JournalEntry | undefined> {
      const item = await get(id);
      return item?.kind === 'change' ? fromItem(item) : undefined;
    },

    /** Records what is about to be done. */
    async begin(entry: JournalEntry): Promise<void> {
      const { id, ...fields } = toItem(entry);
      await update(
        id,
        fields,
        ['after', 'reason', 'endedAt'].filter((name) => !(name in fields)),
        true,
      );
    },

    /**
     * Counts a change against the limits of this hour and of its resource, and records what is about to be done: all of
     * it in one write, or nothing. `taken`: another run of this very delivery has begun, or one of a later delivery.
     */
    async enter(
      entry: JournalEntry,
      { limits, repairs, receipt }: Entering,
    ): Promise<Reached | 'taken' | undefined> {
      const { bot, target } = entry;
      const period = periodOf(Date.now());
      const limitsKey = { id: `limits/${target.account}/${period.name}` };
      const { id, ...fields } = toItem(entry);
      const claim = receipt && { receipt: digestOf(receipt.handle), hiddenUntil: receipt.until };
      const put = updateOf(
        { ...fields, ...claim, ...(claim && { attempts: 1 }) },
        ['after', 'reason', 'endedAt', ...(claim ? ['aside'] : [])].filter((name) => !(name in fields)),
      );
      const items = [
        {
          ...{ TableName: table, Key: { id }, ...put },
          ...(claim && {
            ConditionExpression: UNCLAIMED,
            ExpressionAttributeValues: {
              ...put.ExpressionAttributeValues,
              ':receipt': claim.receipt,
              ':until': claim.hiddenUntil,
            },
          }),
        },
        ...(repairs
          ? [
              {
                ...{ TableName: table, Key: { id: repairsId(bot, target) } },
                ...updateOf({ repairs, expiresAt: expiry(REPAIR_DAYS) }),
              },
            ]
          : []),
        ...(limits ? [{ TableName: table, Key: limitsKey, ...countOf(bot, limits) }] : []),
      ];
      const refused = await transact(items.map((Update) => ({ Update })));
      if (refused === undefined) return undefined;
      if (refused === 0) return 'taken';
      return { until: period.end, isFirst: await isFirst(limitsKey, bot) };
    },

    /** Records how a run ended. */
    async end(id: string, outcome: Outcome): Promise<void> {
      if (!isEnd(outcome)) return;
      const fields = {
        status: outcome.outcome,
        calls: JSON.stringify(outcome.calls ?? []),
        changes: outcome.changes && changesIn(outcome.changes),
        after: 'after' in outcome ? JSON.stringify(outcome.after) : undefined,
        reason: reasonOf(outcome),
        endedAt: new Date().toISOString(),
      };
      try {
        await update(id, fields);
      } catch (error) {
        if (!isTooLarge(error)) throw error;
        // A thousand rules of a group, as they were, as they are and as they were sent. Undo needs no calls.
        const reason = [fields.reason, 'the calls are too many for an entry of the journal'].filter(Boolean);
        await update(id, { ...fields, calls: '[]', reason: reason.join('; ') });
      }
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
        const changes = (page.Items ?? []).filter(({ kind }) => kind === 'change');
        found.push(...changes.map(fromItem).filter((entry) => matches(entry, filter)));
        from = page.LastEvaluatedKey;
      } while (from && found.length < (filter.limit ?? Infinity));
      return found.slice(0, filter.limit);
    },

    /**
     * Begins to work on one delivery of the message with this id, and counts the try: one that is killed has been
     * counted. `undefined`: this very delivery has been worked on already, or a later one, as Lambda may hand an event
     * over twice, and the second time late.
     *
     * @param until When SQS shows the message again: later for each delivery.
     */
    async deliver(id: string, receipt: string, until: number): Promise<Delivered | undefined> {
      try {
        const { Attributes = {} } = await db.send(
          new UpdateCommand({
            TableName: table,
            Key: { id },
            UpdateExpression:
              'SET receipt = :receipt, hiddenUntil = :until, expiresAt = if_not_exists(expiresAt, :expires) REMOVE aside ADD attempts :one',
            ConditionExpression: UNCLAIMED,
            ExpressionAttributeValues: {
              ':one': 1,
              ':receipt': digestOf(receipt),
              ':until': until,
              ':expires': expiry(ATTEMPT_DAYS),
            },
            ReturnValues: 'ALL_NEW',
          }),
        );
        return {
          attempt: Number(Attributes.attempts),
          asides: Number(Attributes.asides ?? 0),
          waitedMs: Attributes.waitsSince === undefined ? 0 : Date.now() - Number(Attributes.waitsSince),
          ...(Attributes.kind === 'change' && { earlier: fromItem(Attributes) }),
        };
      } catch (error) {
        if (isConditionFailure(error)) return undefined;
        throw error;
      }
    },

    /**
     * Notes what is to become of a message that is handed back: the coordinator sets it aside, so that it stands in
     * nobody's way. A wait takes back that its try was counted.
     */
    async setAside(id: string, aside: Aside): Promise<void> {
      const isWait = aside.as === 'wait';
      // Only what AWS lets wait ages; what a limit or a stop keeps waits as long as it takes.
      const since = isWait && !aside.forAll ? ', waitsSince = if_not_exists(waitsSince, :now)' : '';
      await db.send(
        new UpdateCommand({
          TableName: table,
          Key: { id },
          UpdateExpression: `SET aside = :aside${since} ADD asides :one${isWait ? ', attempts :minus' : ''}`,
          ExpressionAttributeValues: {
            ...{ ':aside': aside, ':one': 1 },
            ...(since && { ':now': Date.now() }),
            ...(isWait && { ':minus': -1 }),
          },
        }),
      );
    },

    /** What is to become of messages that have been delivered before, by their ids. */
    async asides(ids: readonly string[]): Promise<Map<string, Aside>> {
      const items = await getAll([...new Set(ids)]);
      return new Map(
        items.flatMap(({ id, aside }) =>
          aside === undefined ? [] : [[id as string, aside as Aside] as const],
        ),
      );
    },

    /**
     * Counts a change against the limits of this hour, in one conditional write for all functions. `undefined`: it may
     * be made; else the limit that is reached, and whether this is the first to find that out.
     */
    async count(bot: string, account: string, { perBot, perAccount }: Limits): Promise<Reached | undefined> {
      const period = periodOf(Date.now());
      const Key = { id: `limits/${account}/${period.name}` };
      try {
        await db.send(new UpdateCommand({ TableName: table, Key, ...countOf(bot, { perBot, perAccount }) }));
        return undefined;
      } catch (error) {
        if (!isConditionFailure(error)) throw error;
        return { until: period.end, isFirst: await isFirst(Key, bot) };
      }
    },

    /** What was counted in this hour, by account. */
    async counts(accounts: readonly string[]): Promise<Map<string, Record<string, number>>> {
      const { name } = periodOf(Date.now());
      const items = await getAll(accounts.map((account) => `limits/${account}/${name}`));
      return new Map(
        items.map(({ id, ...fields }) => [
          String(id).split('/')[1] ?? '',
          Object.fromEntries(
            Object.entries(fields).filter(
              (field): field is [string, number] =>
                typeof field[1] === 'number' && (field[0] === 'all' || field[0].startsWith('bot/')),
            ),
          ),
        ]),
      );
    },

    /** Forgets what was counted in this hour in the account: as much again may be changed. */
    async releaseLimits(account: string): Promise<void> {
      const { name } = periodOf(Date.now());
      await db.send(new DeleteCommand({ TableName: table, Key: { id: `limits/${account}/${name}` } }));
    },

    /** What is stopped now. */
    async stops(): Promise<Stops> {
      return readStops();
    },

    /** Stops what the scope names (see {@link Stops}), or with `undefined` lets it go on. */
    async stop(scope: string, who: string | undefined): Promise<void> {
      const { [scope]: _, ...others } = await readStops();
      const stops = who === undefined ? others : { ...others, [scope]: who };
      await db.send(new PutCommand({ TableName: table, Item: { id: STOPS, stops } }));
    },

    /** Keeps a bot from a resource, because a person has undone its work there, say; `until`: no longer than so, ISO. */
    async hold(bot: string, target: Target, reason: string, until?: string): Promise<void> {
      const Item = { id: holdId(bot, target), reason, ...(until !== undefined && { until }) };
      await db.send(new PutCommand({ TableName: table, Item }));
    },

    /** Why a bot must not work on a resource now: somebody has stopped it, or has undone its work there. */
    async standing(bot: string, target: Target): Promise<Standing> {
      const holds = holdIds(bot, target);
      const plan = planId(bot, target);
      const repairs = repairsId(bot, target);
      const items = await getAll([STOPS, ...holds, plan, decisionId(plan), repairs]);
      const stopped = stopFor(items.find(({ id }) => id === STOPS)?.stops as Stops | undefined, bot, target);
      const held = heldIn(items.filter(({ id }) => holds.includes(id as string)));
      return {
        ...(stopped !== undefined && { stopped }),
        ...(held !== undefined && { held }),
        ...planIn(items, plan),
        repairs: repairsIn(items.find(({ id }) => id === repairs)),
      };
    },

    /** Why a bot is kept from a resource, if it is. */
    async heldBecause(bot: string, target: Target): Promise<string | undefined> {
      return heldIn(await getAll(holdIds(bot, target)));
    },

    /** Lets a bot work on a resource again. */
    async release(bot: string, target: Target): Promise<void> {
      for (const id of holdIds(bot, target))
        await db.send(new DeleteCommand({ TableName: table, Key: { id } }));
    },
  };

  async function readStops(): Promise<Stops> {
    return ((await get(STOPS))?.stops ?? {}) as Stops;
  }

  /** One message an hour says that a limit is reached, not one for each change that waits. */
  async function isFirst(Key: Record<string, string>, bot: string): Promise<boolean> {
    try {
      await db.send(
        new UpdateCommand({
          ...{ TableName: table, Key },
          UpdateExpression: 'SET #told = :yes',
          ConditionExpression: 'attribute_not_exists(#told)',
          ExpressionAttributeNames: { '#told': `told/${bot}` },
          ExpressionAttributeValues: { ':yes': true },
        }),
      );
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw error;
    }
  }

  async function getAll(ids: readonly string[]): Promise<Record<string, unknown>[]> {
    if (ids.length === 0) return [];
    const found: Record<string, unknown>[] = [];
    let keys: Record<string, unknown>[] | undefined = ids.map((id) => ({ id }));
    while (keys && keys.length > 0) {
      const { Responses, UnprocessedKeys }: BatchGetCommandOutput = await db.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
      );
      found.push(...(Responses?.[table] ?? []));
      keys = UnprocessedKeys?.[table]?.Keys;
    }
    return found;
  }

  async function update(
    id: string,
    fields: Record<string, unknown>,
    gone: readonly string[] = [],
    anew = false,
  ) {
    await db.send(
      new UpdateCommand({
        ...{ TableName: table, Key: { id }, ...updateOf(fields, gone) },
        ...(!anew && { ConditionExpression: 'attribute_exists(id)' }),
      }),
    );
  }

  /** Which of several writes was refused by its condition, the first being 0; `undefined`: all were made. */
  async function transact(
    TransactItems: TransactWriteCommandInput['TransactItems'],
  ): Promise<number | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        await db.send(new TransactWriteCommand({ TransactItems }));
        return undefined;
      } catch (error) {
        const codes = cancellationCodes(error);
        const refused = codes.indexOf('ConditionalCheckFailed');
        if (refused >= 0) return refused;
        // Another change of the same account is being counted at this moment.
        if (!codes.includes('TransactionConflict') || attempt === CONFLICTS) throw error;
        await sleep(Math.random() * 50 * 2 ** attempt);
      }
    }
  }
}

/**
 * The id of the change that a message asks for: `kms_enable_rotation/20261121093000-3f9a2c41`. It begins with the bot,
 * for a bot's role may write ids of its own bot alone. The same message has the same id however often it is delivered,
 * so a run that was killed goes on in its own entry. CloudTrail shows it as the session's name.
 */
export function journalId(bot: string, atMs: number, seed: string = randomBytes(16).toString('hex')): string {
  const time = new Date(atMs).toISOString().slice(0, 19).replace(/[-:T]/g, '');
  return `${bot}/${time}-${digestOf(seed).slice(0, 8)}`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** DynamoDB takes items of 400 KB. */
function isTooLarge(error: unknown): boolean {
  return (
    error instanceof Error && error.name === 'ValidationException' && /size.+exceeded/i.test(error.message)
  );
}

/** Why DynamoDB cancelled a transaction, a code for each of its writes. Source: DynamoDB, TransactWriteItems, errors. */
function cancellationCodes(error: unknown): (string | undefined)[] {
  if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') return [];
  const { CancellationReasons = [] } = error as {
    readonly CancellationReasons?: { readonly Code?: string }[];
  };
  return CancellationReasons.map(({ Code }) => Code);
}

/** Neither this delivery nor a later one has been worked on. */
const UNCLAIMED =
  '(attribute_not_exists(receipt) OR receipt <> :receipt) AND (attribute_not_exists(hiddenUntil) OR hiddenUntil <= :until)';

function countOf(bot: string, { perBot, perAccount }: Limits) {
  return {
    UpdateExpression: 'SET expiresAt = :expires ADD #all :one, #bot :one',
    ConditionExpression:
      '(attribute_not_exists(#all) OR #all < :perAccount) AND (attribute_not_exists(#bot) OR #bot < :perBot)',
    ExpressionAttributeNames: { '#all': 'all', '#bot': `bot/${bot}` },
    ExpressionAttributeValues: {
      ...{ ':one': 1, ':perAccount': perAccount, ':perBot': perBot },
      ':expires': expiry(COUNTER_DAYS),
    },
  };
}

function isConditionFailure(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

function toItem({ target, params, finding, before, after, calls, changes, ...rest }: JournalEntry) {
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
    ...(changes && { changes: changesIn(changes) }),
    expiresAt: expiry(KEEP_DAYS),
  };
}

/** As many as a person reads; the states beside them have it all. */
function changesIn(changes: readonly Change[]): string {
  return JSON.stringify(atMost(changes, CHANGES));
}

function fromItem(item: Record<string, unknown>): JournalEntry {
  const parsed = Object.fromEntries(
    Object.entries(item)
      .filter(([name]) => !NOT_OF_ENTRIES.includes(name))
      .map(([name, value]) => [
        name,
        ['params', 'finding', 'before', 'after', 'calls', 'changes'].includes(name)
          ? JSON.parse(value as string)
          : value,
      ]),
  );
  return parsed as unknown as JournalEntry;
}

/** What an item holds beside the entry: keys of indexes, and how its message was delivered. */
const NOT_OF_ENTRIES = [
  'kind',
  'resource',
  'expiresAt',
  'attempts',
  'receipt',
  'hiddenUntil',
  'aside',
  'asides',
  'waitsSince',
];

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

/** Where a hold may stand: those of buckets stood under the region once. */
function holdIds(bot: string, target: Target): string[] {
  const { account, region, type, id } = target;
  const older = `hold/${bot}/${account}/${region}/${type}/${id}`;
  return [...new Set([holdId(bot, target), ...(typeOf(type)?.where === 'anywhere' ? [older] : [])])];
}

/** Why somebody keeps a bot away; a hold whose time has passed keeps nobody. */
function heldIn(items: readonly Record<string, unknown>[]): string | undefined {
  const now = new Date().toISOString();
  const hold = items.find(({ until }) => until === undefined || (until as string) > now);
  return hold?.reason as string | undefined;
}

/** Outcomes of which an entry tells: those of runs that wrote. */
const ENDS = ['fixed', 'unverified', 'failed', 'held', 'waiting'] as const;

function isEnd(outcome: Outcome): outcome is Extract<Outcome, { outcome: (typeof ENDS)[number] }> {
  return (ENDS as readonly string[]).includes(outcome.outcome);
}

function expiry(days: number): number {
  return Math.floor(Date.now() / 1000) + days * DAY_SECONDS;
}
