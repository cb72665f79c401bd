import type { AnyBot, Context } from './bot';
import { changesOfCall, goneBy } from './changes/call';
import { type Change, change } from './changes/change';
import { merged } from './changes/difference';
import { asJson } from './changes/json';
import type { Call } from './outcome';

export { type Change, atMost } from './changes/change';

/** How many of the things that stay are named. */
const STAYING = 3;

/**
 * What calls change, in words, a line a change: `- tcp 22 from 0.0.0.0/0 "temporary"`; some of what stays is last. Pure.
 *
 * @param state - what was read: ids in the calls are looked up in it, and what is replaced is compared with it.
 * @param calls - those of the bot's plan for that state, or of its undo; then `before` is the state that it leads to.
 */
export function changesOf(
  bot: Pick<AnyBot, 'changes'>,
  state: unknown,
  context: Context<unknown>,
  calls: readonly Call[],
  before?: unknown,
): readonly Change[] {
  const own: readonly Change[] | undefined = bot.changes?.(state, context, {
    calls,
    ...(before !== undefined && { before }),
  });
  if (own !== undefined && own.length > 0) return own;
  const { target } = context;
  const beside = { state: asJson(state), target, gone: goneBy(calls, target) };
  const { changes, stays } = merged(calls.map((call) => changesOfCall(call, beside)));
  const touched = new Set(changes.map(({ text }) => text));
  const staying = [...new Set(stays)].filter((text) => !touched.has(change('-', text).text));
  const more = staying.length - STAYING;
  return [
    ...changes,
    ...staying.slice(0, STAYING).map((text) => change(' ', `${text} (stays)`)),
    ...(more > 0 ? [change(' ', `… and ${more} more ${more === 1 ? 'stays' : 'stay'}`)] : []),
  ];
}
