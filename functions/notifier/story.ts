import type { ToldOutcome } from '../../shared/config/notifications';
import { consoleUrl } from '../../shared/resources/console';
import type { SelfhealEvent } from '../../shared/worker/event';
import { type Mrkdwn, mrkdwn } from './escape';
import { type Place, accountText, commandIn, fixCommand } from './place';
import type { Severity } from './summary';

/** An event that people want to hear of. */
export type NewsEvent = SelfhealEvent & { readonly outcome: ToldOutcome | 'compliant' | 'gone' };

/** What there is to tell of an event, in plain words: every channel writes it in its own form. */
export interface Story {
  readonly emoji: Mrkdwn;
  /** How it ended, in a word or two. */
  readonly word: string;
  /** What was done or found, and where: `Close ports that are open to the world (sg-0a1b2c3d)`. */
  readonly what: string;
  readonly severity: Severity;
  readonly violation?: string | undefined;
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** What the calls change, a line each. */
  readonly changes?: string;
  /** The calls to AWS, a line or more each, and what they are: `Sent to AWS`. */
  readonly calls?: { readonly heading: string; readonly count: number; readonly text: string };
  /** Why, what is so now, and what that means. */
  readonly notes: readonly string[];
  /** What a person may do next, and the command for it. */
  readonly commands: readonly { readonly to: string; readonly command: string }[];
  readonly links: readonly { readonly label: string; readonly url: string }[];
}

interface Wording {
  readonly emoji: Mrkdwn;
  readonly word: string;
  /** What stands above the calls. */
  readonly calls: string;
  /** Somebody should look. */
  readonly open: boolean;
  /** What is known about the resource now. */
  readonly state?: string;
}

/** How outcomes are told. `exempt`, `declined`, `approved` and `snoozed` are no news, but are written on a ticket. */
export const WORDINGS: Readonly<Record<SelfhealEvent['outcome'], Wording>> = {
  fixed: {
    emoji: mrkdwn`✅`,
    word: 'Fixed',
    open: false,
    calls: 'Sent to AWS',
    state: 'Re-read after the change: the fault is gone.',
  },
  planned: {
    emoji: mrkdwn`📝`,
    word: 'Planned',
    open: false,
    calls: 'Would be sent to AWS',
    state: 'Nothing was changed.',
  },
  unverified: { emoji: mrkdwn`❓`, word: 'Unverified', open: true, calls: 'Sent to AWS' },
  failed: { emoji: mrkdwn`❌`, word: 'Failed', open: true, calls: 'Sent to AWS before it failed' },
  held: { emoji: mrkdwn`✋`, word: 'Held', open: true, calls: 'Sent to AWS before it was held' },
  waiting: {
    emoji: mrkdwn`⏳`,
    word: 'Waiting',
    open: true,
    calls: 'Sent to AWS so far',
    state: 'It goes on by itself.',
  },
  undone: {
    emoji: mrkdwn`⏪`,
    word: 'Undone',
    open: false,
    calls: 'Sent to AWS to take the fix back',
    state:
      'Re-read after the undo: the state from before the fix is back. The bot stays away from this resource until it is released.',
  },
  'dead-lettered': {
    emoji: mrkdwn`📪`,
    word: 'Given up',
    open: true,
    calls: 'Sent to AWS',
    state: 'The message is kept in the dead-letter queue.',
  },
  rejected: { emoji: mrkdwn`🚫`, word: 'Rejected', open: false, calls: 'Would have been sent to AWS' },
  expired: {
    emoji: mrkdwn`⌛`,
    word: 'Expired',
    open: true,
    calls: 'Would have been sent to AWS',
    state: 'Nobody approved of it in time: the fault stands.',
  },
  'exemption-ending': { emoji: mrkdwn`⏰`, word: 'Exemption ends', open: true, calls: 'Sent to AWS' },
  'exemption-ended': { emoji: mrkdwn`⏰`, word: 'Exemption ended', open: true, calls: 'Sent to AWS' },
  compliant: { emoji: mrkdwn`🤔`, word: 'Nothing wrong', open: true, calls: 'Sent to AWS' },
  gone: { emoji: mrkdwn`🤔`, word: 'Not there', open: true, calls: 'Sent to AWS' },
  exempt: { emoji: mrkdwn`🙈`, word: 'Exempt', open: false, calls: 'Sent to AWS' },
  approved: { emoji: mrkdwn`👍`, word: 'Approved', open: false, calls: 'Will be sent to AWS' },
  snoozed: { emoji: mrkdwn`💤`, word: 'Snoozed', open: false, calls: 'Would be sent to AWS' },
  declined: { emoji: mrkdwn`🤝`, word: 'Settled by its finder', open: false, calls: 'Sent to AWS' },
};

/** What people call the sources of findings. */
const SOURCES: Readonly<Record<string, string>> = {
  accessanalyzer: 'IAM Access Analyzer',
  alarm: 'a CloudWatch alarm',
  cloudguard: 'CloudGuard',
  config: 'AWS Config',
  conformity: 'Conformity',
  generic: 'your own tools',
  guardduty: 'GuardDuty',
  health: 'AWS Health',
  inspector: 'Inspector',
  macie: 'Macie',
  prowler: 'Prowler',
  securityhub: 'Security Hub',
};

/** What there is to tell of an event. */
export function storyOf(event: SelfhealEvent, place: Place): Story {
  const {
    outcome,
    bot,
    title,
    target,
    violation,
    reason,
    disagreement,
    calls,
    changes = [],
    attempt,
  } = event;
  const { emoji, word, state, calls: heading } = WORDINGS[outcome];
  const what = title ?? bot ?? 'a message that no bot could use';
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Account', target && accountText(place, target.account)],
    ['Region', target?.region],
    ['Resource', target?.id],
    ['Type', target?.type],
    ['Bot', bot ?? 'none'],
    ['Severity', severityOf(event)],
    ['Found by', event.finding && sourceName(event.finding.source)],
    ['Owned by', event.ownedBy],
    ['Last changed by', event.changedBy],
    ['Approved by', event.approvedBy],
    ['Attempt', attempt !== undefined && attempt > 1 ? String(attempt) : undefined],
  ];
  return {
    emoji,
    word,
    what: target ? `${what} (${target.id})` : what,
    severity: severityOf(event),
    violation,
    facts: facts.flatMap(([label, value]) => (value ? [[label, value] as const] : [])),
    ...(changes.length > 0 && { changes: changes.map(({ sign, text }) => `${sign} ${text}`).join('\n') }),
    ...(calls.length > 0 && {
      calls: { heading, count: calls.length, text: calls.map(callText).join('\n') },
    }),
    notes: [
      disagreement,
      reason && `Why: ${reason}`,
      state,
      event.plan?.decideBy === undefined ? undefined : `It waits for approval until ${event.plan.decideBy}.`,
      outcome === 'held' && calls.length === 0 ? 'Nothing was changed.' : undefined,
    ].filter((note): note is string => Boolean(note)),
    commands: commandsOf(event, place),
    links: linksOf(event, place),
  };
}

/** The bot's; of a message that no bot could use, high: it is a finding that nobody looks at. */
export function severityOf({ severity, outcome }: Pick<SelfhealEvent, 'severity' | 'outcome'>): Severity {
  return severity ?? (outcome === 'dead-lettered' ? 'high' : 'medium');
}

/** Whether the event has changed something, or may have, that can be taken back. */
export function isUndoable({ outcome, journalId, calls }: SelfhealEvent): boolean {
  const maybe = outcome === 'fixed' || outcome === 'unverified' || outcome === 'failed';
  return journalId !== undefined && (maybe || (['held', 'waiting'].includes(outcome) && calls.length > 0));
}

/** What people call a source of findings. */
export function sourceName(source: string): string {
  return Object.hasOwn(SOURCES, source) ? (SOURCES[source] ?? source) : source;
}

function commandsOf(event: SelfhealEvent, place: Place): Story['commands'] {
  const { outcome, bot, target, journalId } = event;
  const undo = isUndoable(event) ? commandIn(place, 'undo', [journalId ?? '']) : undefined;
  const fix = bot !== undefined && target ? fixCommand(place, bot, target) : undefined;
  const dead = outcome === 'dead-lettered' ? commandIn(place, 'queue --dead', []) : undefined;
  const all: readonly (readonly [string, string | undefined])[] = [
    ['To take it back', undo],
    [
      'To have it done',
      outcome === 'planned' && event.plan ? commandIn(place, 'approve', [event.plan.id]) : undefined,
    ],
    [
      'Not to be asked again',
      outcome === 'planned' && event.plan ? commandIn(place, 'reject', [event.plan.id]) : undefined,
    ],
    ['To do it', outcome === 'planned' && !event.plan ? fix : undefined],
    ['To do it again and release the bot', outcome === 'undone' ? fix : undefined],
    ['To see it', dead],
  ];
  return all.flatMap(([to, command]) => (command === undefined ? [] : [{ to, command }]));
}

function linksOf({ bot, target }: SelfhealEvent, { botPages }: Place): Story['links'] {
  const url = target && consoleUrl(target);
  return [
    ...(url === undefined ? [] : [{ label: 'Open in the AWS console', url }]),
    ...(bot === undefined || botPages === undefined || !/^\w+$/.test(bot)
      ? []
      : [{ label: 'About this bot', url: `${botPages}#${bot}` }]),
  ];
}

function callText({ action, input }: SelfhealEvent['calls'][number]): string {
  const short = JSON.stringify(input);
  return `${action} ${short.length <= 80 ? short : JSON.stringify(input, undefined, 2)}`;
}
