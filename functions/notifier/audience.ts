import { SEVERITIES, type Severity, type Summary } from './summary';

/** Whom news is for: what is left out does not restrict. */
export interface Audience {
  readonly minSeverity?: Severity;
  readonly accounts?: readonly string[];
}

/**
 * Whether news is for that audience. What is about no account (a message that nobody could read) is for all: it must
 * not be that nobody hears of it.
 */
export function isFor(
  { minSeverity = 'info', accounts }: Audience,
  { severity, accountId }: Pick<Summary, 'severity' | 'accountId'>,
): boolean {
  const isSevere = SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(minSeverity);
  return isSevere && (accounts === undefined || accountId === undefined || accounts.includes(accountId));
}
