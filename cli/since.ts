import { Problem } from './terminal/errors';

const MILLIS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/**
 * Reads `90s`, `15m`, `2h`, `7d`, `2w`, or an ISO date or time, as an ISO time in UTC.
 *
 * @throws Problem when it is none of these, or lies in the future.
 */
export function sinceToIso(text: string, nowMs: number = Date.now()): string {
  const [, count, unit] = /^(\d{1,6})\s*([smhdw])$/i.exec(text.trim()) ?? [];
  const time =
    count !== undefined && unit !== undefined
      ? nowMs - Number(count) * MILLIS[unit.toLowerCase() as keyof typeof MILLIS]
      : isoTime(text.trim());
  if (time === undefined) {
    throw new Problem(`--since takes 15m, 2h, 7d or an ISO time such as 2026-11-21T09:30:00Z, not "${text}"`);
  }
  if (time > nowMs) throw new Problem(`--since ${text} lies in the future`);
  return new Date(time).toISOString();
}

/**
 * Reads `15m`, `2h`, `7d` as the ISO time that is so much later, in UTC.
 *
 * @throws Problem when it is none of these.
 */
export function laterIso(text: string, option: string, nowMs: number = Date.now()): string {
  const [, count, unit] = /^(\d{1,4})\s*([mhdw])$/i.exec(text.trim()) ?? [];
  if (count === undefined || unit === undefined)
    throw new Problem(`${option} takes 15m, 2h or 7d, not "${text}"`);
  return new Date(nowMs + Number(count) * MILLIS[unit.toLowerCase() as keyof typeof MILLIS]).toISOString();
}

/** How long ago, in the largest unit that fits: `45s`, `3m`, `2h`, `5d`. */
export function ago(fromMs: number, nowMs: number = Date.now()): string {
  const millis = Math.max(0, nowMs - fromMs);
  for (const unit of ['d', 'h', 'm'] as const) {
    if (millis >= MILLIS[unit]) return `${Math.floor(millis / MILLIS[unit])}${unit}`;
  }
  return `${Math.floor(millis / MILLIS.s)}s`;
}

/** `2026-11-21 09:30:12Z`: to the second, in UTC, as AWS's own logs have it. */
export function moment(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}

function isoTime(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
