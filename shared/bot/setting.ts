import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import {
  type Authorised,
  type Bot,
  type ClientClasses,
  type Clients,
  type Context,
  type Held,
  type Irreversible,
  type NoParams,
  type Step,
  type Unsaid,
  type Waiting,
  type Way,
  defineBot,
} from './bot';
import { changesOfSetting } from './changes/setting';

/** What an attribute may be: whatever survives JSON, except `undefined`. */
type Value = string | number | boolean | null | object;

/** The state of a setting: the attribute, and whatever else its functions need to know. */
export type SettingState<V extends Value, E extends object> = { readonly is: V } & E;

/** The setting means nothing for this resource (another engine, a member of a cluster), so that nothing is wrong. */
export interface NotApplicable {
  readonly notApplicable: string;
}

/** A range of acceptable values: see {@link atLeast}, {@link includes}, {@link oneOf} and {@link otherThan}. */
export interface Wanted<V> {
  isMetBy(is: V): boolean;
  /** The value to write where the attribute is `is`. */
  startingFrom(is: V): V;
  /** The value that undo writes, where others may have changed it since (`now`); default: what stood `before`. */
  backTo?(before: V, now: V): V;
}

/** One attribute that should have another value; {@link defineSetting} makes a bot of it. */
interface Setting<C extends ClientClasses, P extends z.ZodObject, V extends Value, E extends object>
  extends
    Omit<
      Bot<C, P, SettingState<V, E>>,
      'kind' | 'check' | 'plan' | 'undo' | 'footprint' | 'changes' | keyof Unsaid<P>
    >,
    Omit<Unsaid<P>, 'from'> {
  /** Default: `posture`. */
  readonly kind?: 'posture' | 'response';
  /** Reads the attribute; `undefined`: the resource is gone. Stands before the functions that use its state. */
  inspect(aws: Clients<C>, context: Context<z.output<P>>): Promise<({ readonly is: V } & E) | undefined>;
  /** The value, a range of values, or a function of the parameters and the state that answers with either. */
  readonly want:
    | NoInfer<V>
    | Wanted<NoInfer<V>>
    | ((params: z.output<P>, state: NoInfer<SettingState<V, E>>) => NoInfer<V> | Wanted<NoInfer<V>>);
  /** What is wrong while the attribute is not as wanted: one sentence that a person can act on. */
  readonly says: string | ((state: NoInfer<SettingState<V, E>>, context: Context<z.output<P>>) => string);
  /**
   * Why the attribute cannot be written now, or not by this bot, or need not be. Pure. A function that several bots
   * share is called in an arrow function, `(state) => busy(state)`: named alone, it keeps TypeScript from the state.
   */
  readonly obstacle?: (
    state: NoInfer<SettingState<V, E>>,
    context: Context<z.output<P>>,
  ) => Held | Waiting | NotApplicable | undefined;
  /**
   * The command that sets the attribute to `value`, for plan and undo alike. `state` is what was just read: where the
   * API replaces what is not sent, the command sends all of it; preconditions (an ETag, an UpdateToken) come from it.
   * Several commands only where each part of the value needs its own. Pure.
   */
  readonly write: (
    value: NoInfer<V>,
    context: Context<z.output<P>>,
    state: NoInfer<SettingState<V, E>>,
  ) => Step<C> | readonly Step<C>[];
  /** Why there is no way back; absent: undo writes the value before. */
  readonly oneWay?: string;
  /** What the attribute is called to people; default: as the field of the command that holds the value. */
  readonly attribute?: string;
}

/** Numbers are never lowered: a value of `minimum` or more is left alone. */
export function atLeast(minimum: number): Wanted<number> {
  return {
    isMetBy: (is) => is >= minimum,
    startingFrom: () => minimum,
  };
}

/** Lists only grow: the missing items are added behind those that are there, and undo takes out what was added. */
export function includes<const T>(items: readonly T[]): Wanted<T[]> {
  return {
    isMetBy: (is) => without(items, is).length === 0,
    startingFrom: (is) => [...is, ...without(items, is)],
    backTo(before, now) {
      const left = without(now, without(items, before));
      return isSameSet(left, before) ? before : left;
    },
  };
}

/** Any of the values will do; the first is written where it is none of them. */
export function oneOf<const T>(values: readonly [T, ...T[]]): Wanted<T> {
  return {
    isMetBy: (is) => values.some((value) => isDeepStrictEqual(value, is)),
    startingFrom: () => values[0],
  };
}

/** Every value will do but that one, in whose place `instead` is written. */
export function otherThan<const T>(value: T, instead: T): Wanted<T> {
  return {
    isMetBy: (is) => !isDeepStrictEqual(is, value),
    startingFrom: () => instead,
  };
}

/**
 * A bot whose wanted state is one attribute with a certain value. `check`, `plan`, `undo` and `footprint` follow from
 * what the setting says; the state that is recorded is `{ is, … }`.
 */
export function defineSetting<
  const C extends ClientClasses,
  V extends Value,
  E extends object,
  const I extends string,
  P extends z.ZodObject = NoParams,
>(
  setting: Setting<C, P, V, E> & Authorised<NoInfer<P>> & { readonly id: I },
): Bot<C, P, SettingState<V, E>> & { readonly id: I } {
  type State = SettingState<V, E>;
  type In = Context<z.output<P>>;
  const { want, says, obstacle, write, oneWay, attribute, kind = 'posture', permissions, ...rest } = setting;

  type Choice = (params: z.output<P>, state: State) => V | Wanted<V>;
  const isChoice = (value: unknown): value is Choice => typeof value === 'function';

  const wanted = (params: z.output<P>, state: State): Wanted<V> => {
    const value = isChoice(want) ? want(params, state) : want;
    return isWanted<V>(value) ? value : oneOf<V>([value]);
  };
  const steps = (value: V, context: In, state: State): readonly Step<C>[] => {
    const written = write(value, context, state);
    return isList(written) ? written : [written];
  };

  const bot = {
    ...rest,
    kind,
    permissions: { ...permissions, ...(oneWay !== undefined && { undo: [] }) },

    check(state: State, context: In) {
      const stop = obstacle?.(state, context);
      if (stop && 'notApplicable' in stop) return undefined;
      if (wanted(context.params, state).isMetBy(state.is)) return undefined;
      return typeof says === 'string' ? says : says(state, context);
    },

    plan(state: State, context: In) {
      const stop = obstacle?.(state, context);
      if (stop && !('notApplicable' in stop)) return stop;
      return steps(wanted(context.params, state).startingFrom(state.is), context, state);
    },

    undo(
      before: State,
      { now, ...context }: In & { readonly now: State },
    ): readonly Step<C>[] | Irreversible {
      if (oneWay !== undefined) return { irreversible: oneWay };
      // A record of a version that described the state in other words.
      if (!('is' in before)) return { irreversible: 'its record does not say what the value was' };
      const value = valueBefore(wanted(context.params, now), before, now);
      return isDeepStrictEqual(value, now.is) ? [] : steps(value, context, now);
    },

    changes(state: State, { params, target }: In, { calls, before }: Way<State>) {
      const range = wanted(params, state);
      const value =
        before !== undefined && 'is' in before
          ? valueBefore(range, before, state)
          : range.startingFrom(state.is);
      return changesOfSetting(state.is, value, { calls, label: attribute, target });
    },

    footprint: ({ is }: State) => ({ is: Array.isArray(is) ? sorted(is) : is }),
  };
  return defineBot<C, State, I, P>(bot as Parameters<typeof defineBot<C, State, I, P>>[0]);
}

function valueBefore<V>(range: Wanted<V>, before: { readonly is: V }, now: { readonly is: V }): V {
  return range.backTo ? range.backTo(before.is, now.is) : before.is;
}

function isWanted<V>(value: V | Wanted<V>): value is Wanted<V> {
  return typeof value === 'object' && value !== null && 'isMetBy' in value;
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

function without<T>(items: readonly T[], others: readonly T[]): T[] {
  return items.filter((item) => !others.some((other) => isDeepStrictEqual(item, other)));
}

function isSameSet<T>(some: readonly T[], others: readonly T[]): boolean {
  return without(some, others).length === 0 && without(others, some).length === 0;
}

/** In an order of its own: AWS does not promise one. */
function sorted(items: readonly unknown[]): unknown[] {
  return items.toSorted((one, other) => compare(JSON.stringify(one), JSON.stringify(other)));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
