/**
 * The contract that every bot is held to, on an AWS that nobody here wrote. A bot's test lists situations; what
 * must hold in each of them is said here once.
 */
import type * as z from 'zod';
import { type Account, newAccount } from './account';
import { setFaults } from './faults';
import { type Wire, newWire, wired } from './wire';
import { actionsNeeded } from '../shared/aws/iam-names';
import { sessionPolicy } from '../shared/aws/session-policy';
import { type Target, isSettings, settingsTarget } from '../shared/resources/target';
import { typeOfId } from '../shared/resources/types';
import {
  type Bot,
  type ClientClasses,
  type Held,
  type Metadata,
  type Permissions,
  type Waiting,
  typesOf,
} from '../shared/bot/bot';
import type { Change } from '../shared/bot/changes';
import type { Call, Outcome } from '../shared/bot/outcome';
import { rightsUnder } from '../shared/bot/rights';
import { isDenied } from '../shared/bot/refusals';
import { type Job, remediate, undo } from '../shared/bot/run';
import { opened } from '../shared/bot/sealed';

export type { Account };

/** A resource in some state, with neighbours. */
export interface Situation<P extends z.ZodObject> {
  readonly name: string;
  /** Makes the resource and answers with its id. */
  readonly given: (account: Account) => Promise<string>;
  /** Of a bot on several types, whose ids do not tell which. */
  readonly type?: string;
  readonly params?: z.input<P>;
}

/** A resource that the bot must repair. */
export interface Violating<P extends z.ZodObject> extends Situation<P> {
  /** What check must say. */
  readonly violation: string | RegExp;
  /** The IAM actions of all writes, in their order. */
  readonly writes: readonly string[];
  /** What the state must look like before and after the repair, as far as it matters here. */
  readonly before?: object;
  readonly after?: object;
  /** Reads what must be the same before and after: the neighbours. */
  readonly untouched?: (account: Account, id: string) => Promise<unknown>;
  /** Bots that cannot be undone say why. */
  readonly irreversible?: RegExp;
  /** Where a plan must be refused. */
  readonly held?: RegExp;
}

/** What a bot's test gives. */
export interface Contract<P extends z.ZodObject> {
  readonly violating: readonly [Violating<P>, ...Violating<P>[]];
  /** For a bot that deletes, the resource is the fault: nothing is compliant but that it is gone. */
  readonly compliant: readonly [Situation<P>, ...Situation<P>[]] | 'only when gone';
  /** An id that names nothing; absent for what always exists, such as an account. */
  readonly gone?: string;
  /** Reads of operations that moto lacks: the bot's test scripts the answers. */
  readonly scripted?: readonly string[];
}

/** The steps of a plan that must be neither held nor waiting. */
export function stepsOf<T>(plan: readonly T[] | Held | Waiting): readonly T[] {
  if ('held' in plan || 'waiting' in plan) throw new Error(`no steps: ${JSON.stringify(plan)}`);
  return plan;
}

const SETTLE = { tries: 2, delayMs: 10 };

/** Registers the contract's tests for one bot. */
export function testBot<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  { violating, compliant, gone, scripted = [] }: Contract<P>,
): void {
  const used = { read: new Set<string>(), write: new Set<string>(), undo: new Set<string>() };
  /** The calls of each repair, in their order, with the situations that led to them. */
  const sequences = new Map<string, { calls: readonly string[]; of: Violating<P>[] }>();
  const strict: Bot<C, P, S> = {
    ...bot,
    inspect: async (aws, context) => frozen(await bot.inspect(aws, context)),
  };

  const prepare = async (situation: Situation<P>) => {
    const account = await newAccount();
    const id = await situation.given(account);
    return {
      account,
      target: targetOf(situation.type ?? typeFor(bot, id), account, id),
      params: bot.params.parse(situation.params ?? {}),
    };
  };
  const run = async (
    at: Awaited<ReturnType<typeof prepare>>,
    wire: Wire,
    extra: Partial<Job<C, P, S>> = {},
  ) =>
    remediate(strict, {
      ...at,
      aws: wired(bot.clients, at.account, wire),
      mode: 'apply',
      settle: SETTLE,
      ...extra,
    });
  const note = (wire: Wire, outcome: Outcome) => {
    const calls = 'calls' in outcome ? outcome.calls : [];
    const writes = actionsOf(calls);
    for (const action of calls.flatMap(actionsNeeded)) used.write.add(action);
    for (const action of wire.sent) if (!writes.includes(action)) used.read.add(action);
  };

  describe(`${bot.id}: the contract`, () => {
    for (const situation of compliant === 'only when gone' ? [] : compliant) {
      test(`compliant, and nothing is written: ${situation.name}`, async () => {
        const wire = newWire();
        const outcome = await run(await prepare(situation), wire);
        expect(outcome).toMatchObject({ outcome: 'compliant' });
        for (const action of wire.sent) used.read.add(action);
        expect(bot.permissions.read).toEqual(expect.arrayContaining(wire.sent));
      });
    }

    for (const situation of violating.filter(({ held }) => held)) {
      test(`held, and nothing is written: ${situation.name}`, async () => {
        const wire = newWire();
        const outcome = await run(await prepare(situation), wire);
        expect(outcome).toMatchObject({
          outcome: 'held',
          violation: saying(situation.violation),
          reason: expect.stringMatching(situation.held ?? ''),
        });
        expect(bot.permissions.read).toEqual(expect.arrayContaining(wire.sent));
      });
    }

    for (const situation of violating.filter(({ held }) => !held)) {
      describe(situation.name, () => {
        let prepared: Awaited<ReturnType<typeof prepare>> | undefined;

        test('a dry run says what is wrong and what would be done, and writes nothing', async () => {
          const wire = newWire();
          prepared = await prepare(situation);
          const account = await confined(prepared, { ...bot.permissions, write: [] });
          const outcome = await run({ ...prepared, account }, wire, { mode: 'plan' });
          expect(outcome).toMatchObject({
            outcome: 'planned',
            violation: saying(situation.violation),
          });
          if (outcome.outcome === 'planned') expect(unclearIn(outcome.changes, outcome.before)).toEqual([]);
          expect(bot.permissions.read).toEqual(expect.arrayContaining(wire.sent));
        });

        test('with its own rights alone: repairs just the fault, proves it, does nothing twice, is undone exactly', async () => {
          // What a dry run leaves is what it found.
          const at = prepared ?? (await prepare(situation));
          const { account, target, params } = at;
          const own = { ...at, account: await confined(at, bot.permissions) };
          const neighbours = async () => situation.untouched?.(account, target.id);
          const untouched = await neighbours();

          const wire = newWire();
          const outcome = await run(own, wire);
          note(wire, outcome);
          const key = wire.sent.join();
          sequences.set(key, {
            calls: wire.sent,
            of: [...(sequences.get(key)?.of ?? []), situation],
          });
          expect(outcome).toMatchObject({
            outcome: 'fixed',
            ...(situation.before && { before: situation.before }),
            ...(situation.after && { after: situation.after }),
          });
          if (outcome.outcome !== 'fixed') return;
          expect(actionsOf(outcome.calls)).toEqual(situation.writes);
          const { value, secrets } = opened(outcome.before);
          if (secrets.length === 0) expect(JSON.parse(JSON.stringify(value))).toEqual(value);
          for (const secret of secrets) expect(JSON.stringify(outcome)).not.toContain(secret);
          expect(await neighbours()).toEqual(untouched);

          const again = newWire();
          const second = await run(own, again);
          expect(second).toMatchObject(outcome.after ? { outcome: 'compliant' } : { outcome: 'gone' });
          expect(bot.permissions.read).toEqual(expect.arrayContaining(again.sent));

          const back = newWire();
          const { before, after } = JSON.parse(JSON.stringify(outcome)) as { before: S; after?: S };
          const undone = await undo(strict, {
            aws: wired(bot.clients, account, back),
            target,
            params,
            before: frozen(before),
            ...(after && { after }),
            mode: 'apply',
            settle: SETTLE,
          });
          if (situation.irreversible && !after) {
            expect(undone).toEqual({ outcome: 'gone' });
            expect(bot.undo(before, { target, params, now: before })).toMatchObject({
              irreversible: expect.stringMatching(situation.irreversible),
            });
            return;
          }
          if (situation.irreversible) {
            expect(undone).toMatchObject({ reason: expect.stringMatching(situation.irreversible) });
            return;
          }
          expect(undone).toMatchObject({ outcome: 'undone' });
          if ('calls' in undone) {
            for (const action of undone.calls.flatMap(actionsNeeded)) used.undo.add(action);
          }
          expect(await neighbours()).toEqual(untouched);
        });
      });
    }

    test('refused at any call: a typed failure, and the next run ends it', async () => {
      for (const { calls, of } of sequences.values()) {
        const [first, ...others] = of;
        if (!first) continue;
        await refusedAt(
          calls.map((_, at) => at),
          first,
        );
        for (const situation of others) await refusedAt(between(calls), situation);
      }
    });

    test('throttled at every call: repaired all the same', async () => {
      const random = jest.spyOn(Math, 'random').mockReturnValue(0); // the SDK then retries without delay
      try {
        for (const { of } of sequences.values()) {
          const [situation] = of;
          if (!situation) continue;
          const wire = newWire({ at: 'every call', code: 'ThrottlingException' });
          const { name } = situation;
          const outcome = await run(await prepare(situation), wire);
          expect({ name, ...outcome }).toMatchObject({ name, outcome: 'fixed' });
        }
      } finally {
        random.mockRestore();
      }
    });

    const [repaired] = violating.filter(({ held }) => !held);
    if (repaired) {
      test('old state is shown once more after each write: what it says at the end is true', async () => {
        const at = await prepare(repaired);
        await setFaults(at.account, { stale: 1 });
        const outcome = await run(at, newWire());
        await setFaults(at.account);
        if (outcome.outcome === 'held' || outcome.outcome === 'waiting') return;
        expect(outcome).toMatchObject({ outcome: 'fixed' });
        const next = await run(at, newWire());
        expect(['compliant', 'gone']).toContain(next.outcome);
      });
    }

    if (gone !== undefined) {
      test('a resource that is gone', async () => {
        const outcome = await run(
          await prepare({ ...violating[0], given: () => Promise.resolve(gone) }),
          newWire(),
        );
        expect(outcome).toEqual({ outcome: 'gone' });
      });
    }

    test('without any one of its rights it is refused', async () => {
      const { read, write } = bot.permissions;
      const unchanged = new Map<Violating<P>, Awaited<ReturnType<typeof prepare>>>();
      const usedBy = new Map<string, Violating<P>>();
      for (const { calls, of } of sequences.values()) {
        for (const action of calls) if (of[0] && !usedBy.has(action)) usedBy.set(action, of[0]);
      }
      for (const [taken, situation] of usedBy) {
        const at = unchanged.get(situation) ?? (await prepare(situation));
        const left = (actions: readonly string[]) => actions.filter((action) => action !== taken);
        const account = await confined(at, { ...bot.permissions, read: left(read), write: left(write) });
        const wire = newWire();
        const outcome = await run({ ...at, account }, wire);
        if (hasWritten(wire)) unchanged.delete(situation);
        else unchanged.set(situation, at);
        // S3 says of a bucket that is not there that it is not, whoever asks: only one that is there asks for the right.
        const isMissed = taken !== 's3:ListBucket' || outcome.outcome !== 'fixed';
        if (isMissed) expect({ taken, ...outcome }).toMatchObject({ outcome: 'failed' });
        if (outcome.outcome === 'failed') {
          expect({ ...outcome.error, isDenied: isDenied(outcome.error) }).toMatchObject({ isDenied: true });
        }
      }
    });

    test('the permissions used are the permissions declared', () => {
      const sorted = (actions: Iterable<string>) => [...new Set(actions)].sort();
      expect({
        read: sorted(used.read),
        write: sorted(used.write),
        undo: sorted(used.undo),
      }).toEqual({
        // Those of the finder are used where a resource is named otherwise.
        read: sorted(
          bot.permissions.read.filter(
            (action) =>
              used.read.has(action) || ![...scripted, ...(bot.finder?.actions ?? [])].includes(action),
          ),
        ),
        write: sorted(bot.permissions.write),
        undo: sorted(bot.permissions.undo),
      });
    });
  });

  /** The account with clients that may do what the permissions say to the target, and nothing else. */
  async function confined(
    {
      account,
      target,
      params,
    }: { readonly account: Account; readonly target: Target; readonly params: object },
    permissions: Permissions,
  ): Promise<Account> {
    // As if config.ts said what the situation says.
    const { read, write, ...narrowing } = rightsUnder(permissions, { params: { ...params } });
    const policy = sessionPolicy({ actions: [...read, ...write], ...narrowing, target });
    return { ...account, client: await account.confined(policy) };
  }

  /** Refuses each of these calls of a situation's repair, one in a run. */
  async function refusedAt(places: readonly number[], situation: Violating<P>): Promise<void> {
    const { name } = situation;
    let at: Awaited<ReturnType<typeof prepare>> | undefined;
    for (const place of places) {
      at ??= await prepare(situation);
      const wire = newWire({ at: place, code: 'AccessDenied' });
      const outcome = await run(at, wire);
      expect({ name, place, ...outcome }).toMatchObject({
        outcome: 'failed',
        error: { code: 'AccessDenied' },
      });
      if (!hasWritten(wire)) continue;
      const next = await run(at, newWire());
      expect(['fixed', 'compliant', 'gone']).toContain(next.outcome);
      if (next.outcome === 'fixed' && situation.after) expect(next.after).toMatchObject(situation.after);
      at = undefined;
    }
  }

  /** The calls at which a refusal leaves what is neither as it was found nor as it is when repaired. */
  function between(calls: readonly string[]): number[] {
    const writes = calls.flatMap((action, at) => (isWrite(action) ? [at] : []));
    const [first, last] = [writes.at(0), writes.at(-1)];
    // A single write that is refused leaves all as it was; of several, the others are done all the same.
    if (first === undefined || last === undefined || first === last) return [];
    return calls.flatMap((_, at) => (at >= first && at <= last ? [at] : []));
  }

  /** Whether a write was tried; until then the next run finds all as it was. */
  function hasWritten({ sent }: Wire): boolean {
    return sent.some(isWrite);
  }

  function isWrite(action: string): boolean {
    return bot.permissions.write.includes(action);
  }
}

/** Of a bot on several types, the one whose ids begin so. */
function typeFor(bot: Pick<Metadata, 'resource' | 'alsoOn'>, id: string): string {
  const type = typeOfId(id)?.type;
  return type !== undefined && typesOf(bot).includes(type) ? type : bot.resource;
}

function targetOf(type: string, { account, region }: Account, id: string): Target {
  return isSettings(type) ? settingsTarget(type, account, region) : { account, region, type, id };
}

/** What people could not make out of the words of a plan: nothing, when they say what changes. */
function unclearIn(changes: readonly Change[], state: unknown): string[] {
  const said = changes.map(({ text }) => text);
  return [
    ...(changes.some(({ sign }) => sign !== ' ') ? [] : ['they name no change']),
    ...said.filter((text) => text.length > 200 || text === '' || /\[object |undefined|[\r\n]/.test(text)),
    // An id by which the state knows more is said in words.
    ...said.filter((text) => isId(text) && JSON.stringify(state).includes(`"id":"${text}"`)),
  ];
}

function isId(text: string): boolean {
  return /^[a-z]+-[0-9a-f]{8,}$/.test(text);
}

/** A text is looked for as it stands, an expression as one. */
function saying(what: string | RegExp): unknown {
  return typeof what === 'string' ? expect.stringContaining(what) : expect.stringMatching(what);
}

function actionsOf(calls: readonly Call[]): string[] {
  return calls.map(({ action }) => action);
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}
