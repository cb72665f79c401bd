import { type Rules, route } from '../../functions/coordinator/route';
import type { AnyBot } from '../../shared/bot/bot';
import { atMost, changesOf } from '../../shared/bot/changes';
import { differences } from '../../shared/bot/differences';
import type { Call } from '../../shared/bot/outcome';
import { type CatalogueEntry, findBot } from '../../shared/catalogue';
import { modeOf, settingsOf } from '../../shared/config';
import type { Target } from '../../shared/resources/target';
import { clip } from '../../shared/text';
import type { JournalEntry } from '../../shared/worker/journal';
import { type Finding, type Remediation, remediationSchema } from '../../shared/worker/message';
import { type Decision, type Plan, standingOf as standingOfPlan } from '../../shared/worker/plans';
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
  /** Bots by id that say in words of their own what their calls change. */
  readonly bots: ReadonlyMap<string, Pick<AnyBot, 'changes'>>;
}

/** A plan that was not carried out, and what was decided on it. */
export interface Planned {
  readonly plan: Plan;
  readonly decision?: Decision;
}

/** An entry of the journal as an item of the report; one that is only counted goes without calls and differences. */
export function itemOfEntry(entry: JournalEntry, making: Making, isCounted = false): Item {
  const { bot, target, finding, status, violation, reason, startedAt, endedAt, undoneAt } = entry;
  const about = findBot(making.catalogue, bot, target.type);
  const standing = standingOf(entry, making.nowMs);
  const state = stateOf(standing);
  const seconds =
    state === 'fixed' && endedAt !== undefined ? secondsBetween(finding.time, endedAt) : undefined;
  const different = entry.after === undefined || isCounted ? [] : differences(entry.before, entry.after);
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
    words: isCounted ? [] : wordsOf(entry, making, entry.before),
    differences: different.slice(0, CHANGES).map((difference) => line(difference)),
    at: startedAt,
    ...(endedAt !== undefined && { endedAt }),
    ...(undoneAt !== undefined && { undoneAt }),
    ...(seconds !== undefined && { seconds }),
    ...whoOf(entry),
    ...wayBack(entry.id, state, about, making),
    ...cutOf(isCounted ? 0 : entry.calls.length, different.length),
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
    ...(exempt === undefined ? prospectOf(remediation.bot, making) : { state: 'exempt' }),
    violation: line(
      preview?.violation ??
        remediation.finding.title ??
        findBot(making.catalogue, remediation.bot)?.title ??
        '',
    ),
    ...(exempt !== undefined && { reason: line(exempt) }),
    ...callsOf(calls),
    words: wordsOf({ ...remediation, calls }, making, undefined),
    differences: [],
    at: new Date(sentAt).toISOString(),
    ...cutOf(calls.length, 0),
  };
}

/** A plan as an item of the report; `undefined`: nobody waits for it any more. */
export function itemOfPlan({ plan, decision }: Planned, making: Making): Item | undefined {
  const standing = standingOfPlan(plan, decision, making.nowMs);
  if (standing === 'closed' || standing === 'dropped') return undefined;
  const { id, calls, changes = [], violation, startedAt, decideBy, mode } = plan;
  const said = decision && standing !== 'open' ? decisionText(standing, decision) : undefined;
  const state = standing === 'open' ? (mode === 'approve' ? 'approval' : 'planned') : 'held';
  return {
    ...asked(plan, making),
    id,
    from: 'plans',
    state: standing === 'approved' ? 'working' : state,
    ...(standing !== 'open' && { standing }),
    violation: line(violation),
    ...(said !== undefined && { reason: line(said) }),
    ...callsOf(calls),
    words: atMost(changes, CHANGES).map(({ sign, text }) => ({ sign, text: line(text) })),
    differences: [],
    at: startedAt,
    ...(decideBy !== undefined && { decideBy }),
    ...whoOf(plan),
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

function decisionText(standing: string, { by, at, until }: Decision): string {
  return `${standing} by ${by} on ${at.slice(0, 10)}${until === undefined ? '' : `, until ${until.slice(0, 16).replace('T', ' ')} UTC`}`;
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
    words: [],
    differences: [],
    at: new Date(sentAt).toISOString(),
  };
}

function asked(
  { bot, target, finding, params }: Pick<Remediation, 'bot' | 'target' | 'finding' | 'params'>,
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

/** By the bot's own mode; stages by account, tag and the like are its function's to judge. */
function prospectOf(bot: string, { config, catalogue }: Making): Pick<Item, 'state' | 'standing'> {
  const settings = settingsOf(config, bot);
  const about = findBot(catalogue, bot);
  switch (settings && about && modeOf(settings, about.risk)) {
    case 'off':
      return { state: 'exempt', standing: 'off in config.ts' };
    case 'plan':
      return { state: 'planned' };
    case 'approve':
      return { state: 'open', standing: 'a person will be asked' };
    default:
      return { state: 'open' };
  }
}

/** In words what calls change; a state of a time when the bot had another may not be understood by it any more. */
function wordsOf(
  { bot, target, params, calls }: Pick<JournalEntry, 'bot' | 'target' | 'params' | 'calls'>,
  { bots }: Making,
  state: unknown,
): Item['words'] {
  if (calls.length === 0) return [];
  const context = { target, params };
  const by = (named: Pick<AnyBot, 'changes'>) =>
    atMost(changesOf(named, state, context, calls), CHANGES).map(({ sign, text }) => ({
      sign,
      text: line(text),
    }));
  try {
    return by(bots.get(bot) ?? {});
  } catch {
    try {
      return by({});
    } catch {
      return [];
    }
  }
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
function severityOf({ severity }: Finding, about: CatalogueEntry | undefined): Item['severity'] {
  return severity ?? about?.severity ?? 'unknown';
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

function whoOf({
  ownedBy,
  changedBy,
  approvedBy,
}: Pick<JournalEntry, 'ownedBy' | 'changedBy' | 'approvedBy'>): Partial<Item> {
  return {
    ...(ownedBy !== undefined && { owner: line(ownedBy) }),
    ...(changedBy !== undefined && { changedBy: line(changedBy) }),
    ...(approvedBy !== undefined && { approvedBy: line(approvedBy) }),
  };
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
