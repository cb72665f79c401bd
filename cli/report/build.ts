import type { CatalogueEntry } from '../../shared/catalogue';
import type { Config } from '../../shared/config';
import type { Exemption } from '../../shared/config/exemptions';
import type { Target } from '../../shared/resources/target';
import type { JournalEntry } from '../../shared/worker/journal';
import { printable } from '../terminal/print';
import { coverageOf } from './coverage';
import type { ExemptionLine, Item, ReportData } from './data';
import { breakdownOf, daysOf, proofOf, totalsOf, withLaterTries } from './figures';
import {
  type Making,
  type Planned,
  type QueueMessage,
  alike,
  itemOfDeadLetter,
  itemOfEntry,
  itemOfMessage,
  itemOfPlan,
} from './items';

/** What was read of a queue, and how much is in it. */
export interface QueueRead {
  readonly messages: readonly QueueMessage[];
  readonly waiting: number;
}

/** What the report is made of. */
export interface Sources {
  readonly nowMs: number;
  readonly home: { readonly account: string; readonly region: string; readonly stage: string };
  readonly config: Config;
  readonly catalogue: readonly CatalogueEntry[];
  /** ISO time. */
  readonly since: string;
  /** Newest first. */
  readonly entries: readonly JournalEntry[];
  /** Entries may be left out of what was read; a sentence on it. */
  readonly unread?: string;
  readonly queue: QueueRead;
  readonly deadLetters: QueueRead;
  /** Messages that wait in the queue for later, which nobody can read. */
  readonly setAside: number;
  /** At most so many entries of the journal stand in the document in full. */
  readonly limit: number;
  /** Plans that were not carried out. */
  readonly plans?: readonly Planned[];
  readonly consoleUrl?: (target: Target) => string | undefined;
  /** See {@link Making.bots}. */
  readonly bots?: Making['bots'];
}

/** Makes the document from what was read. Pure: the same sources make the same document. */
export function reportData(sources: Sources): ReportData {
  const { nowMs, home, config, catalogue, since, entries, limit, queue, deadLetters, setAside } = sources;
  const making: Making = {
    config,
    catalogue,
    accountId: home.account,
    region: home.region,
    options: optionsOf(home),
    nowMs,
    consoleUrl: sources.consoleUrl ?? (() => undefined),
    bots: sources.bots ?? new Map(),
  };
  const plans = (sources.plans ?? []).flatMap((planned) => itemOfPlan(planned, making) ?? []);
  const waiting = [...alike(queue.messages.map((message) => itemOfMessage(message, making))), ...plans];
  const dead = alike(deadLetters.messages.map((letter) => itemOfDeadLetter(letter, making)));
  const done = entries.map((entry, index) => itemOfEntry(entry, making, index >= limit));
  const items = withLaterTries([...waiting, ...done, ...dead]);
  const shown = items.filter(({ from }, index) => from !== 'journal' || index < waiting.length + limit);
  const { breakdown, cut } = breakdownOf(items);
  return {
    version: 1,
    generatedAt: new Date(nowMs).toISOString(),
    installation: {
      ...home,
      autoResponse: config.enable_auto_response,
      enabledBots: Object.values(config.bots).filter((bot) => bot.enabled).length,
    },
    period: { since, until: new Date(nowMs).toISOString() },
    totals: totalsOf(items),
    ...proofOf(items),
    days: daysOf(items, since, nowMs),
    breakdown,
    coverage: coverageOf(items, sources),
    exemptions: (config.exemptions ?? []).map((exemption) => exemptionLine(exemption, nowMs)),
    items: [...shown].sort(newestFirst),
    queues: { waiting: queue.waiting, setAside, deadLetters: deadLetters.waiting },
    cut: [
      ...(items.length > shown.length
        ? [
            `the newest ${limit} changes are listed; ${items.length - shown.length} older ones are counted only: --limit lists more, --since looks back less`,
          ]
        : []),
      ...(sources.unread === undefined ? [] : [sources.unread]),
      ...unreadOf(queue, 'the remediation queue'),
      ...unreadOf(deadLetters, 'the dead-letter queue'),
      ...(setAside > 0
        ? [
            `${setAside} ${setAside === 1 ? 'message is' : 'messages are'} set aside until later, which SQS shows to nobody`,
          ]
        : []),
      ...cut,
    ],
  };
}

function unreadOf({ messages, waiting }: QueueRead, name: string): string[] {
  return waiting > messages.length
    ? [`${messages.length} of ${waiting} messages of ${name} were read: those of one resource stand in line`]
    : [];
}

function exemptionLine(
  { bot, account, region, resource, reason, until }: Exemption,
  nowMs: number,
): ExemptionLine {
  const scope = Object.entries({ bot, account, region, resource }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${printable(value)}`],
  );
  return {
    scope: scope.length > 0 ? scope.join(', ') : 'everything',
    reason: printable(reason),
    ...(until !== undefined && { until }),
    isOver: until !== undefined && new Date(nowMs).toISOString().slice(0, 10) >= until,
  };
}

/** What `undo` needs to be told to find this installation from anywhere. */
function optionsOf({ region, stage }: Sources['home']): string {
  return ` --region ${region}${stage === 'prod' ? '' : ` --stage ${stage}`}`;
}

function newestFirst(one: Item, other: Item): number {
  return one.at < other.at ? 1 : one.at > other.at ? -1 : 0;
}
