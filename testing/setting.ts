/** The contract of a setting: one attribute, from a wrong value to a right one and back. */
import type * as z from 'zod';
import type { Bot, ClientClasses } from '../shared/bot/bot';
import { type Account, type Situation, type Violating, testBot } from './contract';

/** What a setting's test gives; everything else follows from the contract. */
export interface SettingCase<P extends z.ZodObject, V> {
  /** Makes a resource, with neighbours, whose attribute has this value; answers with its id. */
  readonly given: (account: Account, value: V) => Promise<string>;
  /** A value that must be repaired, and what it must become. */
  readonly wrong: V;
  readonly right: NoInfer<V>;
  readonly params?: z.input<P>;
  /** What check must say. */
  readonly violation: string | RegExp;
  /** The IAM actions of all writes, in their order. */
  readonly writes: readonly string[];
  /** Reads what must be the same before and after: at least one other attribute, and a neighbour. */
  readonly untouched: (account: Account, id: string) => Promise<unknown>;
  readonly irreversible?: RegExp;
  /** An id that names nothing; absent for what always exists, such as an account. */
  readonly gone?: string;
  /** Reads of operations that moto lacks and that no situation reaches. */
  readonly scripted?: readonly string[];
  /** Situations of its own: other values, what is held, what does not apply. */
  readonly more?: {
    /** What they leave unsaid is as above; one that is `held` writes nothing. */
    readonly violating?: readonly (Situation<P> & Partial<Violating<P>>)[];
    readonly compliant?: readonly Situation<P>[];
  };
}

/** Registers the contract's tests for one setting. */
export function testSetting<
  C extends ClientClasses,
  P extends z.ZodObject,
  S extends { readonly is: unknown },
>(bot: Bot<C, P, S>, one: SettingCase<P, S['is']>): void {
  const { given, wrong, right, violation, writes, irreversible, gone, scripted, more } = one;
  const params = one.params !== undefined && { params: one.params };
  const untouched = (account: Account, id: string) => one.untouched(account, id).then(something);
  const alike = { violation, writes, untouched, ...params, ...(irreversible && { irreversible }) };
  testBot(bot, {
    violating: [
      {
        name: `${JSON.stringify(wrong)}, which must be ${JSON.stringify(right)}`,
        given: (account) => given(account, wrong),
        ...alike,
        ...{ before: { is: wrong }, after: { is: right } },
      },
      ...(more?.violating ?? []).map((each) => ({ ...alike, ...(each.held && { writes: [] }), ...each })),
    ],
    compliant: [
      {
        name: `${JSON.stringify(right)} already`,
        given: (account) => given(account, right),
        ...params,
      },
      ...(more?.compliant ?? []).map((each) => ({ ...params, ...each })),
    ],
    ...(gone !== undefined && { gone }),
    ...(scripted && { scripted }),
  });
}

/** Nothing is the same before and after everything. */
function something<T>(read: T): T {
  if (read === undefined || /^(null|""|\[\]|\{\})$/.test(JSON.stringify(read))) {
    throw new Error('`untouched` reads nothing that could have changed');
  }
  return read;
}
