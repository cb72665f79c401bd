import type { SelfhealEvent } from '../../shared/worker/event';
import { noteHead } from '../../shared/security-hub';
import { clip } from '../../shared/text';

/** Most characters of a note and of a comment. Source: Security Hub API, Note, BatchUpdateFindingsV2. */
const NOTE_LENGTH = 512;

/** What is written to a finding. */
export interface Answer {
  readonly note: string;
  /** Absent: the workflow stays as it is. */
  readonly status?: 'RESOLVED' | 'NOTIFIED' | 'NEW';
}

/**
 * What Security Hub is told of an event, or `undefined`: nothing. Of a fault that was gone already it finds out by
 * itself, and a note would take the place of the one that says who repaired it and how to undo that.
 */
export function answerTo(event: SelfhealEvent): Answer | undefined {
  const { finding, outcome } = event;
  if (!finding?.securityHub || outcome === 'gone' || outcome === 'compliant') return undefined;
  const text = (noteHead(finding.time) + sentencesOf(event, outcome)).replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ');
  const status = statusOf(outcome, finding.securityHub.repairs);
  return { note: clip(text.trim(), NOTE_LENGTH), ...(status && { status }) };
}

type Told = Exclude<SelfhealEvent['outcome'], 'gone' | 'compliant'>;

/** One repair of several does not settle a finding; Security Hub resolves it when its control passes. */
function statusOf(outcome: Told, repairs: number): Answer['status'] {
  if (outcome === 'fixed') return repairs === 1 ? 'RESOLVED' : undefined;
  if (outcome === 'planned') return 'NOTIFIED';
  return outcome === 'undone' ? 'NEW' : undefined;
}

/** The most useful first: what is too long is cut at its end. */
function sentencesOf(event: SelfhealEvent, outcome: Told): string {
  const { bot = 'no bot', violation, reason = 'the reason is not known', journalId, calls } = event;
  const found = violation === undefined ? '' : ` Found: ${violation}`;
  const undo = journalId === undefined ? '' : ` Undo: npx selfheal undo ${journalId}`;
  switch (outcome) {
    case 'fixed':
      return `fixed by ${bot}, proven by a re-read.${undo}${found}`;
    case 'planned': {
      const actions = [...new Set(calls.map(({ action }) => action))].join(', ');
      return `${bot} would send ${actions}; nothing was changed.${found}`;
    }
    case 'unverified':
      return `${bot} is not done and will look again: ${reason}.${undo}${found}`;
    case 'held':
      return `${bot} holds: ${reason}.${found}`;
    case 'waiting':
      return `${bot} waits and will go on by itself: ${reason}.${undo}${found}`;
    case 'exempt':
      return `exempt from ${bot} by config.ts: ${reason}`;
    case 'failed':
      return `${bot} failed and will try again: ${reason}`;
    case 'dead-lettered':
      return `${bot} gave up: ${reason}. The message is kept, see npx selfheal queue --dead`;
    case 'undone':
      return `the fix of ${bot}${journalId === undefined ? '' : ` (${journalId})`} was taken back: ${reason}.${found}`;
  }
}
