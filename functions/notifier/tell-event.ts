import type { SelfhealEvent } from '../../shared/worker/event';
import { context, fields, header, prose, section, type SlackBlock } from './blocks';
import { code, codeBlock, joined, mrkdwn, type Mrkdwn } from './escape';
import { lineOf, type Summary, type Telling } from './summary';

interface Wording {
  readonly emoji: Mrkdwn;
  readonly word: string;
  /** What stands above the calls. */
  readonly calls: Mrkdwn;
  readonly open: boolean;
  /** What is known about the resource now. */
  readonly state?: string;
}

const WORDINGS = {
  fixed: {
    emoji: mrkdwn`✅`,
    word: 'Fixed',
    open: false,
    calls: mrkdwn`Sent to AWS`,
    state: 'Re-read after the change: the fault is gone.',
  },
  planned: {
    emoji: mrkdwn`📝`,
    word: 'Planned',
    open: false,
    calls: mrkdwn`Would be sent to AWS`,
    state: 'Nothing was changed.',
  },
  unverified: {
    emoji: mrkdwn`❓`,
    word: 'Unverified',
    open: true,
    calls: mrkdwn`Sent to AWS`,
    state: 'Re-read after the change: the fault is still found.',
  },
  failed: { emoji: mrkdwn`❌`, word: 'Failed', open: true, calls: mrkdwn`Sent to AWS before it failed` },
  held: { emoji: mrkdwn`✋`, word: 'Held', open: true, calls: mrkdwn`Sent to AWS before it was held` },
  waiting: {
    emoji: mrkdwn`⏳`,
    word: 'Waiting',
    open: true,
    calls: mrkdwn`Sent to AWS so far`,
    state: 'It goes on by itself.',
  },
  undone: {
    emoji: mrkdwn`⏪`,
    word: 'Undone',
    open: false,
    calls: mrkdwn`Sent to AWS to take the fix back`,
    state: 'Re-read after the undo: the state from before the fix is back.',
  },
  'dead-lettered': {
    emoji: mrkdwn`📪`,
    word: 'Given up',
    open: true,
    calls: mrkdwn`Sent to AWS`,
    state: 'The message is kept in the dead-letter queue.',
  },
  compliant: { emoji: mrkdwn`🤔`, word: 'Nothing wrong', open: true, calls: mrkdwn`Sent to AWS` },
  gone: { emoji: mrkdwn`🤔`, word: 'Not there', open: true, calls: mrkdwn`Sent to AWS` },
} as const satisfies Partial<Record<SelfhealEvent['outcome'], Wording>>;

/** An event that people want to hear of. */
export type NewsEvent = SelfhealEvent & { readonly outcome: keyof typeof WORDINGS };

/**
 * `gone` and `compliant` are news only where a fresh finding says otherwise; `exempt` and `declined` are none: nothing was
 * to be done.
 */
export function isNews(event: SelfhealEvent): event is NewsEvent {
  const isQuiet = event.outcome === 'gone' || event.outcome === 'compliant';
  return isQuiet ? event.disagreement !== undefined : Object.hasOwn(WORDINGS, event.outcome);
}

/** How a run of a bot ended. */
export function tellEvent(event: NewsEvent): Telling {
  const summary = summarise(event);
  return {
    summary,
    message: () => {
      const undo = undoLine(event);
      const text = lineOf(summary, 1500);
      return {
        text: undo ? mrkdwn`${text} ${undo}` : text,
        blocks: blocksOf(event, summary, undo),
      };
    },
  };
}

function summarise(event: NewsEvent): Summary {
  const { outcome, bot, title, severity, target, violation, reason, disagreement } = event;
  const { emoji, word, open } = WORDINGS[outcome];
  const sentences = [violation, reason, disagreement].filter(Boolean);
  return {
    emoji,
    word,
    open,
    by: bot ?? title ?? 'no bot',
    severity: severity ?? (outcome === 'dead-lettered' ? 'high' : 'medium'),
    resource: target?.id,
    account: target?.account,
    region: target?.region,
    sentence: sentences.length > 0 ? sentences.join('; ') : undefined,
  };
}

function blocksOf(event: NewsEvent, { emoji, word, severity }: Summary, undo?: Mrkdwn): SlackBlock[] {
  const { bot, title, target, finding, violation, reason, disagreement, calls, attempt } = event;
  const { state, calls: heading }: Wording = WORDINGS[event.outcome];
  const what = title ?? bot ?? 'a message that no bot could use';
  return [
    header(`${emoji} ${word}: ${what}${target ? ` (${target.id})` : ''}`),
    ...(violation ? [prose(violation)] : []),
    fields([
      [mrkdwn`Account`, target?.account],
      [mrkdwn`Region`, target?.region],
      [mrkdwn`Resource`, target?.id],
      [mrkdwn`Type`, target?.type],
      [mrkdwn`Bot`, bot ?? 'none'],
      [mrkdwn`Severity`, severity],
      [mrkdwn`Found by`, finding?.source],
      [mrkdwn`Attempt`, attempt !== undefined && attempt > 1 ? String(attempt) : undefined],
    ]),
    ...(calls.length > 0
      ? [section(mrkdwn`*${heading}* (${calls.length})\n${codeBlock(calls.map(callText).join('\n'), 2900)}`)]
      : []),
    ...(disagreement ? [prose(disagreement)] : []),
    ...(reason ? [prose(`Why: ${reason}`)] : []),
    ...(state ? [prose(state)] : []),
    ...(event.outcome === 'held' && calls.length === 0 ? [prose('Nothing was changed.')] : []),
    ...(undo ? [section(undo)] : []),
    context(
      joined(
        [
          code(event.time),
          ...(finding ? [mrkdwn`finding ${code(finding.id, 500)}`] : []),
          ...(finding?.title ? [code(finding.title, 500)] : []),
        ],
        ' ',
      ),
    ),
  ];
}

/** Only what may have changed something can be taken back. */
function undoLine({ outcome, journalId, calls }: NewsEvent): Mrkdwn | undefined {
  const maybe = outcome === 'fixed' || outcome === 'unverified' || outcome === 'failed';
  const changed = maybe || (['held', 'waiting'].includes(outcome) && calls.length > 0);
  return changed && journalId
    ? mrkdwn`To take it back: ${code(`npx selfheal undo ${journalId}`)}`
    : undefined;
}

function callText({ action, input }: NewsEvent['calls'][number]): string {
  const short = JSON.stringify(input);
  return `${action} ${short.length <= 80 ? short : JSON.stringify(input, undefined, 2)}`;
}
