import type { Severity } from '../../shared/bot/bot';
import type { Change } from '../../shared/bot/changes/change';
import type { Target } from '../../shared/resources/target';

/** How a fault stands, in the order in which a reader wants to know of it. */
export const STATES = [
  'failed',
  'held',
  'approval',
  'open',
  'planned',
  'working',
  'fixed',
  'undone',
  'exempt',
  'again',
] as const;

/**
 * `open` waits in the queue; `planned` is told and not done; `approval` waits for a person; `working` is under way, or
 * waits for AWS; `failed` is what did not come to an end, dead letters among it; `again` was tried anew later.
 */
export type State = (typeof STATES)[number];

/** How many faults are in each state; none where there are none. */
export type Counts = Readonly<Partial<Record<State, number>>>;

/** What faults are counted by. */
export const DIMENSIONS = ['account', 'region', 'bot', 'standard', 'severity'] as const;

/** See {@link DIMENSIONS}. */
export type Dimension = (typeof DIMENSIONS)[number];

/** One fault: a message of a queue, a plan that was not carried out, or an entry of the journal. */
export interface Item {
  /** The journal's id, or the message's at SQS. */
  readonly id: string;
  readonly from: 'journal' | 'plans' | 'queue' | 'dead letters';
  readonly state: State;
  /** The journal's own word for it, as `selfheal history` has it, where it says more than the state: `unverified`. */
  readonly standing?: string;
  readonly bot: string;
  /** What the bot does, in words; absent of a bot that is not in the catalogue. */
  readonly title?: string;
  readonly risk?: string;
  readonly severity: Severity | 'unknown';
  /** Absent of dead letters that name no resource. */
  readonly target?: Target;
  readonly consoleUrl?: string;
  /** Names of standards that the bot answers a control of. */
  readonly standards: readonly string[];
  readonly violation: string;
  /** Of messages of a queue: how many ask for the same, where it is more than one. */
  readonly times?: number;
  /** Why it failed, is held, exempt, or cannot be used. */
  readonly reason?: string;
  readonly finding?: {
    readonly source: string;
    readonly id: string;
    readonly time: string;
    readonly title?: string;
  };
  /** Parameters as an outline; absent where there are none. */
  readonly params?: string;
  /** What was sent, or would be; `input` as an outline in the manner of YAML. */
  readonly calls: readonly { readonly action: string; readonly input: string }[];
  /** The same in words: what goes, comes and stays. */
  readonly words: readonly Change[];
  /** What is different after it, a line a difference: `rotates: false → true`. */
  readonly differences: readonly string[];
  /** ISO times. */
  readonly at: string;
  readonly endedAt?: string;
  readonly undoneAt?: string;
  /** From the finding to the proof, of what is fixed. */
  readonly seconds?: number;
  /** What owns the resource, who changed it last, and who let the repair be made, where that is on record. */
  readonly owner?: string;
  readonly changedBy?: string;
  readonly approvedBy?: string;
  /** Of a plan: until when it can be decided on. */
  readonly decideBy?: string;
  /** The command that takes it back. */
  readonly undo?: string;
  /** Of what is fixed and has no way back: that it is so. */
  readonly oneWay?: true;
  /** Of long entries: what is not in this document. */
  readonly cut?: string;
}

/** How one standard stands: controls in numbers, and those with faults by name. */
export interface Coverage {
  /** Short, as items name it: `CIS 5.0`. */
  readonly standard: string;
  readonly title: string;
  /** The date of the list of its controls. */
  readonly date: string;
  readonly controls: number;
  /** Answered by an enabled bot. */
  readonly watched: number;
  /** Of these, with faults in the period, and still with one now. */
  readonly faulty: number;
  readonly stillFaulty: number;
  readonly byControl: readonly {
    readonly control: string;
    readonly bots: readonly string[];
    readonly found: number;
    readonly fixed: number;
    readonly left: number;
  }[];
}

/** What config.ts exempts. */
export interface ExemptionLine {
  readonly scope: string;
  readonly reason: string;
  readonly until?: string;
  readonly isOver: boolean;
}

/** The document behind the page: what `selfheal report --json` prints. */
export interface ReportData {
  readonly version: 1;
  readonly generatedAt: string;
  readonly installation: {
    readonly account: string;
    readonly region: string;
    readonly stage: string;
    readonly autoResponse: boolean;
    readonly enabledBots: number;
  };
  /** ISO times. */
  readonly period: { readonly since: string; readonly until: string };
  /** Of everything that was read, whether or not it is among the items. */
  readonly totals: Counts;
  /** From finding to proof; absent where nothing was fixed. */
  readonly proof?: { readonly count: number; readonly medianSeconds: number; readonly p95Seconds: number };
  /** By day in UTC, the whole period or its last 60 days. */
  readonly days: readonly { readonly day: string; readonly fixed: number; readonly failed: number }[];
  readonly breakdown: Readonly<
    Record<Dimension, readonly { readonly name: string; readonly counts: Counts }[]>
  >;
  readonly coverage: readonly Coverage[];
  readonly exemptions: readonly ExemptionLine[];
  readonly items: readonly Item[];
  readonly queues: {
    readonly waiting: number;
    readonly setAside: number;
    readonly deadLetters: number;
  };
  /** What is not in the document, a sentence each. */
  readonly cut: readonly string[];
}

/** What an item is counted and narrowed by in a dimension; in several standards, or in none. */
export function valuesOf(
  { target, bot, standards, severity }: Item,
  dimension: Dimension,
): readonly string[] {
  switch (dimension) {
    case 'account':
    case 'region':
      return [target?.[dimension] ?? 'not known'];
    case 'bot':
      return [bot];
    case 'standard':
      return standards;
    case 'severity':
      return [severity];
  }
}
