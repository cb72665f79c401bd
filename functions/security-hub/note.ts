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
  /** It says less than any note that is there already, and takes the place of none. */
  readonly yields?: true;
}

/**
 * What Security Hub is told of an event, or `undefined`: nothing. Of a fault that was gone already it is told when the
 * finding is so fresh that finder and bot may not agree; a finding that was settled has been answered by a person.
 */
export function answerTo(event: SelfhealEvent): Answer | undefined {
  const { finding, outcome, disagreement } = event;
  if (!finding?.securityHub || outcome === 'declined') return undefined;
  if (outcome === 'gone' || outcome === 'compliant') {
    if (disagreement === undefined) return undefined;
    return { note: noteOf(finding.time, disagreement), yields: true };
  }
  const status = statusOf(outcome, finding.securityHub.repairs);
  return { note: noteOf(finding.time, sentencesOf(event, outcome)), ...(status && { status }) };
}

function noteOf(time: string, sentences: string): string {
  const text = (noteHead(time) + sentences).replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ');
  return clip(text.trim(), NOTE_LENGTH);
}

type Told = Exclude<SelfhealEvent['outcome'], 'gone' | 'compliant' | 'declined'>;

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
    case 'approved':
    case 'rejected':
    case 'snoozed':
    case 'expired':
      return `the repair that ${bot} planned was ${outcome}: ${reason}.${found}`;
    case 'exemption-ending':
    case 'exemption-ended':
      return reason;
  }
}
