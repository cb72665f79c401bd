import { TOLD_OUTCOMES } from '../../shared/config/notifications';
import type { SelfhealEvent } from '../../shared/worker/event';
import { buttons, context, fields, header, prose, section, type SlackBlock } from './blocks';
import { code, codeBlock, joined, link, moment, mrkdwn, words, type Mrkdwn } from './escape';
import { type Place, accountText } from './place';
import { type NewsEvent, type Story, WORDINGS, isUndoable, severityOf, storyOf } from './story';
import { lineOf, type Change, type Summary, type Telling } from './summary';

/**
 * `gone` and `compliant` are news only where a fresh finding says otherwise; `exempt` and `declined` are none: nothing was
 * to be done.
 */
export function isNews(event: SelfhealEvent): event is NewsEvent {
  if (event.isRepeated) return false;
  const isQuiet = event.outcome === 'gone' || event.outcome === 'compliant';
  return isQuiet ? event.disagreement !== undefined : TOLD_OUTCOMES.some((told) => told === event.outcome);
}

/** How a run of a bot ended. */
export function tellEvent(event: NewsEvent, place: Place): Telling {
  const summary = summarise(event, place);
  return {
    summary,
    message: () => {
      const story = storyOf(event, place);
      const commands = story.commands.map(({ to, command }) => mrkdwn`${words(to)}: ${code(command, 1000)}`);
      return {
        text: joined([lineOf(summary, 1000), ...commands], ' '),
        blocks: [...blocksOf(event, story, commands), ...(place.hasButtons ? askFor(event) : [])],
      };
    },
  };
}

function summarise(event: NewsEvent, place: Place): Summary {
  const { outcome, bot, title, target, violation, reason, disagreement } = event;
  const { emoji, word, open } = WORDINGS[outcome];
  const sentences = [violation, reason, disagreement].filter(Boolean);
  return {
    emoji,
    word,
    open,
    by: bot ?? title ?? 'no bot',
    severity: severityOf(event),
    resource: target?.id,
    account: target && accountText(place, target.account),
    accountId: target?.account,
    region: target?.region,
    sentence: sentences.length > 0 ? sentences.join('; ') : undefined,
    isPlan: outcome === 'planned',
    asks: planToDecide(event) !== undefined,
    change: changeOf(event),
  };
}

/** The plan that waits for a person, where one does. */
function planToDecide({ plan }: NewsEvent): NewsEvent['plan'] {
  return plan?.mode === 'approve' ? plan : undefined;
}

/** Buttons for whoever may decide: the press names the very plan that the message shows. */
function askFor(event: NewsEvent): SlackBlock[] {
  const plan = planToDecide(event);
  if (!plan) return [];
  const value = JSON.stringify({ id: plan.id, digest: plan.digest });
  return [
    buttons([
      { action: 'selfheal_approve', label: 'Approve', value, style: 'primary' },
      { action: 'selfheal_reject', label: 'Reject', value, style: 'danger' },
      { action: 'selfheal_snooze', label: 'Snooze 7 days', value },
      { action: 'selfheal_exempt', label: 'Exempt 30 days', value },
    ]),
  ];
}

/** What can be taken back. Its id holds when it was asked for, which may be long before it began. */
function changeOf(event: NewsEvent): Change | undefined {
  const { bot, journalId, time } = event;
  if (!isUndoable(event) || bot === undefined || journalId === undefined) return undefined;
  const [, y, mo, d, h, mi, s] = /\/(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)-/.exec(journalId) ?? [];
  const asked = y === undefined ? NaN : Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  const earliest = Date.parse(time) - LONGEST_RUN_MS;
  return { bot, id: journalId, since: Math.max(earliest, Number.isNaN(asked) ? earliest : asked) };
}

/** No run of a bot is longer than its function may take. */
const LONGEST_RUN_MS = 300_000;

function blocksOf(event: NewsEvent, story: Story, commands: readonly Mrkdwn[]): SlackBlock[] {
  const { finding, time, violation } = event;
  const { emoji, word, what, facts, changes, calls, notes, links } = story;
  // The finder's words for the fault, where they are other words.
  const title = finding?.title;
  const isOther = title !== undefined && title.toLowerCase() !== violation?.toLowerCase();
  return [
    header(`${emoji} ${word}: ${what}`),
    ...(violation ? [prose(violation)] : []),
    fields(facts.map(([label, value]) => [words(label), value])),
    ...(changes === undefined ? [] : [section(mrkdwn`*What changes*\n${codeBlock(changes, 2900)}`)]),
    ...(calls
      ? [section(mrkdwn`*${words(calls.heading)}* (${calls.count})\n${codeBlock(calls.text, 2900)}`)]
      : []),
    ...notes.map(prose),
    ...commands.map(section),
    ...(links.length > 0
      ? [
          section(
            joined(
              links.map(({ label, url }) => link(url, words(label))),
              ' · ',
            ),
          ),
        ]
      : []),
    context(
      joined(
        [
          moment(time),
          ...(finding ? [mrkdwn`finding ${code(finding.id, 500)}`] : []),
          ...(isOther ? [code(title, 500)] : []),
        ],
        ' · ',
      ),
    ),
  ];
}
