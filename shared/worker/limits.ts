import { type Config, type BotId } from '../config';
import type { Metadata } from '../bot/bot';

/** How many changes may be made in one account within one hour of the clock. */
export interface Limits {
  readonly perBot: number;
  readonly perAccount: number;
}

/** A limit that is reached; `until` in epoch milliseconds. */
export interface Reached {
  readonly until: number;
  /** Nobody has found that out before in this hour. */
  readonly isFirst: boolean;
}

/** What holds where config.ts says nothing, in changes an hour. */
export const LIMITS = { perAccount: 100, perBot: 20, perDisruptiveResponse: 10, perDestructive: 1 } as const;

/** The limits of a bot by config.ts; `undefined`: none. */
export function limitsOf(
  config: Pick<Config, 'bots' | 'limits'>,
  { id, risk, kind }: Pick<Metadata, 'id' | 'risk' | 'kind'>,
): Limits | undefined {
  if (config.limits === false) return undefined;
  const limits = { ...LIMITS, ...config.limits };
  const byKind =
    risk === 'destructive'
      ? limits.perDestructive
      : risk === 'disruptive' && kind === 'response'
        ? limits.perDisruptiveResponse
        : limits.perBot;
  const own = Object.hasOwn(config.bots, id) ? config.bots[id as BotId]?.limit : undefined;
  return { perBot: own ?? byKind, perAccount: limits.perAccount };
}

const HOUR_MS = 3_600_000;

/** The hour of the clock that a time lies in: `2026-11-29T10`, and its end. */
export function periodOf(atMs: number): { readonly name: string; readonly end: number } {
  return { name: new Date(atMs).toISOString().slice(0, 13), end: (Math.floor(atMs / HOUR_MS) + 1) * HOUR_MS };
}
