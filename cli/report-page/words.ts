import type { Dimension, State } from '../report/data';
import type { Sort } from './filters';

/** What a state is called, and what it means. */
export const STATE_WORDS: Readonly<Record<State, { readonly name: string; readonly means: string }>> = {
  open: { name: 'Open', means: 'waits in the queue to be repaired' },
  planned: { name: 'Planned', means: 'told only: config.ts does not let it be repaired' },
  approval: { name: 'Waiting for approval', means: 'a person has to say yes' },
  working: { name: 'In progress', means: 'under way, or waiting for AWS' },
  fixed: { name: 'Fixed', means: 'repaired, and proven by reading again' },
  failed: { name: 'Failed', means: 'not repaired: somebody should look' },
  held: { name: 'Held', means: 'a person must do something first' },
  exempt: { name: 'Exempt', means: 'config.ts leaves it alone' },
  undone: { name: 'Undone', means: 'a person took the repair back' },
  again: { name: 'Tried again', means: 'a later try is in the list as well' },
};

export const DIMENSION_WORDS: Readonly<Record<Dimension, string>> = {
  account: 'Account',
  region: 'Region',
  bot: 'Bot',
  standard: 'Standard',
  severity: 'Severity',
};

export const SORT_WORDS: Readonly<Record<Sort, string>> = {
  newest: 'Newest',
  severity: 'Severity',
  state: 'State',
  slowest: 'Slowest',
  resource: 'Resource',
};

/** `41 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return pair(whole, 60, 'min', 1, 's');
  if (whole < 86_400) return pair(whole, 3_600, 'h', 60, 'min');
  return pair(whole, 86_400, 'd', 3_600, 'h');
}

/** `2026-11-21 09:30:12 UTC`. */
export function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** `just now`, `5 min ago`, `3 d ago`. */
export function ago(iso: string, now: string): string {
  const seconds = (Date.parse(now) - Date.parse(iso)) / 1_000;
  if (seconds < 45) return 'just now';
  if (seconds < 3_600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3_600)} h ago`;
  return `${Math.round(seconds / 86_400)} d ago`;
}

/** `1 fault`, `3 faults`; large numbers in groups. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${number(count)} ${count === 1 ? singular : plural}`;
}

/** `12,345`. */
export function number(value: number): string {
  return value.toLocaleString('en');
}

function pair(value: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((value % large) / small);
  const whole = `${Math.floor(value / large)} ${largeName}`;
  return rest > 0 ? `${whole} ${rest} ${smallName}` : whole;
}
