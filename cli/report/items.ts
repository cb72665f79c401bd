import { type Rules, route } from '../../functions/coordinator/route';
import type { Severity } from '../../shared/bot/bot';
import { differences } from '../../shared/bot/differences';
import type { Call } from '../../shared/bot/outcome';
import { type CatalogueEntry, findBot } from '../../shared/catalogue';
import { modeOf, settingsOf } from '../../shared/config';
import type { Target } from '../../shared/resources/target';
import { clip } from '../../shared/text';
import type { JournalEntry } from '../../shared/worker/journal';
import { type Finding, type Remediation, remediationSchema } from '../../shared/worker/message';
import { type Standing, standingOf } from '../describe';
import { outline, printable } from '../terminal/print';
import { standardsOf } from './coverage';
import type { Item, State } from './data';

/** A message of a queue as far as the report reads it. */
export interface QueueMessage {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly sentAt: number;
  readonly body: string;
  /** Of dead letters: why they were given up. */
  readonly reason?: string;
}

/** What items are made with. */
export interface Making extends Rules {
  /** What stands behind `npx selfheal undo <id>`. */
  readonly options: string;
  readonly nowMs: number;
  readonly consoleUrl: (target: Target) => string | undefined;
}

/** An entry of the journal as an item of the report; one that is only counted goes without calls and differences. */
export function itemOfEntry(entry: JournalEntry, making: Making, isCounted = false): Item {
  const { bot, target, finding, status, violation, reason, startedAt, endedAt, undoneAt } = entry;
  const about = findBot(making.catalogue, bot, target.type);
  const standing = standingOf(entry, making.nowMs);
  const state = stateOf(standing);
  const seconds =
    state === 'fixed' && endedAt !== undefined ? secondsBetween(finding.time, endedAt) : undefined;
  const changes = entry.after === undefined || isCounted ? [] : differences(entry.before, entry.after);
  return {
    id: entry.id,
    from: 'journal',
    state,
    ...(standing !== status || standing !== state ? { standing: WORDS[standing] ?? standing } : {}),
    ...aboutBot(bot, about),
    severity: severityOf(finding, about),
    ...placed(target, making),
    violation: line(violation),
    ...(reason !== undefined && { reason: line(reason) }),
    finding: findingOf(finding),
    ...paramsOf(isCounted ? {} : entry.params),
    ...callsOf(isCounted ? [] : entry.calls),
    changes: changes.slice(0, CHANGES).map((change) => line(change)),
    at: startedAt,
    ...(endedAt !== undefined && { endedAt }),
    ...(undoneAt !== undefined && { undoneAt }),
    ...(seconds !== undefined && { seconds }),
    ...whoOf(entry),
    ...wayBack(entry.id, state, about, making),
    ...cutOf(entry.calls.length, changes.length),
  };
}

/** What a message of the remediation queue asks for, as an item of the report. */
export function itemOfMessage({ id, sentAt, body }: QueueMessage, making: Making): Item {
  const routed = route(body, making);
  if ('reason' in routed) {
    return {
      ...unusable({ id, sentAt, body, reason: `it will go to the dead letters: ${routed.reason}` }, making),
      from: 'queue',
    };
  }
  const preview = parsed(body)?.preview;
  const { remediation, exempt } = routed;
  const calls = preview?.calls ?? [];
  return {
    ...asked(remediation, making),
    id,
    from: 'queue',
    state: exempt === undefined ? prospectOf(remediation.bot, making) : 'exempt',
    violation: line(
      preview?.violation ??
        remediation.finding.title ??
        findBot(making.catalogue, remediation.bot)?.title ??
        '',
    ),
    ...(exempt !== undefined && { reason: line(exempt) }),
    ...callsOf(calls),
    changes: [],
    at: new Date(sentAt).toISOString(),
    ...cutOf(calls.length, 0),
  };
}

/** A dead letter as an item of the report. */
export function itemOfDeadLetter(letter: QueueMessage, making: Making): Item {
  return { ...unusable(letter, making), from: 'dead letters', standing: 'dead letter' };
}

/** Messages that ask for the same are one item: the first speaks for them. */
export function alike(items: readonly Item[]): Item[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const { bot, target, state, violation, params, reason } = item;
    const key = target ? JSON.stringify([bot, target, state, violation, params, reason]) : item.id;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()].flatMap(([first, ...others]) =>
    first ? [others.length > 0 ? { ...first, times: others.length + 1 } : first] : [],
  );
}

function unusable({ id, sentAt, body, reason }: QueueMessage, making: Making): Omit<Item, 'from'> {
  const remediation = parsed(body);
  return {
    ...(remediation
      ? asked(remediation, making)
      : { bot: 'not known', severity: 'unknown', standards: [], calls: [] }),
    id,
    state: 'failed',
    violation: line(remediation?.preview?.violation ?? remediation?.finding.title ?? clip(body, 200)),
    // SQS itself moves what was received too often, and gives no reason.
    reason: line(reason ?? 'it was received too often without an answer'),
    changes: [],
    at: new Date(sentAt).toISOString(),
  };
}

function asked(
  { bot, target, finding, params }: Remediation,
  making: Making,
): Pick<Item, 'bot' | 'severity' | 'standards' | 'calls'> & Partial<Item> {
  const about = findBot(making.catalogue, bot, target.type);
  return {
    ...aboutBot(bot, about),
    severity: severityOf(finding, about),
    ...placed(target, making),
    finding: findingOf(finding),
    ...paramsOf(params),
    calls: [],
  };
}

function parsed(body: string): Remediation | undefined {
  try {
    return remediationSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

function prospectOf(bot: string, { config, catalogue }: Making): State {
  const settings = settingsOf(config, bot);
  const about = findBot(catalogue, bot);
  return settings && about && modeOf(settings, about.risk) === 'plan' ? 'planned' : 'open';
}

function stateOf(standing: Standing): State {
  switch (standing) {
    case 'deleted':
    case 'fixed':
      return 'fixed';
    case 'running':
    case 'waiting':
      return 'working';
    case 'unverified':
    case 'interrupted':
    case 'failed':
      return 'failed';
    default:
      return standing;
  }
}

function aboutBot(id: string, about: CatalogueEntry | undefined) {
  return {
    bot: line(about?.id ?? id),
    ...(about && { title: about.title, risk: about.risk }),
    standards: about ? standardsOf(about) : [],
  };
}

/** What the finding says, where it says so; else the bot's own. */
function severityOf(finding: Finding, about: CatalogueEntry | undefined): Severity | 'unknown' {
  const { severity } = finding as { severity?: unknown };
  const named = SEVERITIES.find((name) => name === severity);
  return named ?? about?.severity ?? 'unknown';
}

function placed(target: Target, { consoleUrl }: Making) {
  const url = consoleUrl(target);
  return {
    target: { ...target, id: line(target.id) },
    ...(url !== undefined && { consoleUrl: url }),
  };
}

function findingOf({ source, id, time, title }: Finding): NonNullable<Item['finding']> {
  return {
    source: line(source),
    id: line(id),
    time: new Date(time).toISOString(),
    ...(title !== undefined && { title: line(title) }),
  };
}

function paramsOf(params: Readonly<Record<string, unknown>>): Pick<Item, 'params'> {
  return Object.keys(params).length === 0 ? {} : { params: clip(outline(params), INPUT) };
}

function callsOf(calls: readonly Call[]): Pick<Item, 'calls'> {
  return {
    calls: calls.slice(0, CALLS).map(({ action, input }) => ({
      action: line(action),
      input: Object.keys(input).length === 0 ? '' : clip(outline(input), INPUT),
    })),
  };
}

/** Fields of entries that not every installation writes. */
function whoOf(entry: JournalEntry): Pick<Item, 'owner' | 'madeBy'> {
  const { owner, madeBy } = entry as { owner?: unknown; madeBy?: unknown };
  return {
    ...(owner !== undefined && { owner: named(owner) }),
    ...(madeBy !== undefined && { madeBy: named(madeBy) }),
  };
}

function named(value: unknown): string {
  return line(typeof value === 'string' ? value : outline(value).replaceAll('\n', ', '));
}

function wayBack(id: string, state: State, about: CatalogueEntry | undefined, { options }: Making) {
  if (state !== 'fixed' || !about) return {};
  if (about.permissions.undo.length === 0) return { oneWay: true as const };
  return { undo: `npx selfheal undo ${id}${options}` };
}

function cutOf(calls: number, changes: number): Pick<Item, 'cut'> {
  const more = [
    ...(calls > CALLS ? [`${calls - CALLS} more calls`] : []),
    ...(changes > CHANGES ? [`${changes - CHANGES} more differences`] : []),
  ];
  return more.length > 0 ? { cut: `${more.join(' and ')} are not on this page` } : {};
}

/** One line of text from outside, without anything that cannot be seen. */
function line(text: string): string {
  return clip(printable(text), LINE);
}

function secondsBetween(from: string, to: string): number {
  return Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 100) / 10);
}

const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical'];
const WORDS: Partial<Record<Standing, string>> = {
  deleted: 'fixed by deletion',
  unverified: 'not verified',
  waiting: 'waits for AWS',
};
/** Of one item at most so many calls, differences, characters of a call's input and of any other line. */
const CALLS = 40;
const CHANGES = 60;
const INPUT = 4_000;
const LINE = 600;
