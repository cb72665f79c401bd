import { settingsOf } from '../../../shared/config';
import type { Rules } from '../../../functions/coordinator/route';
import {
  type Home,
  callsBrief,
  changesBrief,
  counted,
  emptyText,
  resourceCell,
  restText,
  severityCell,
  shortId,
} from '../../describe';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { handOn } from '../../export/export';
import type { Exported } from '../../export/record';
import { callerOf, openJournal, openQueue } from '../../installation';
import { type Peeked, countAll, peek } from '../../peek';
import { countsText, sorted, totalsOf, totalsText } from '../../rows/order';
import type { Group, Sort } from '../../rows/kinds';
import { type Facts, type NarrowOptions, narrowing } from '../../rows/narrow';
import { type Paints, type Printable, joined, printable, shortened, text } from '../../terminal/print';
import { type Result, type Session, warn } from '../../session';
import { ago } from '../../since';
import { closedNow } from '../../windows';
import { type Cell, table } from '../../terminal/table';
import { type Looked, watching } from '../../watch';
import {
  type Prospect,
  type Understood,
  type Unusable,
  type Waiting,
  factsOf,
  understoodAll,
} from './waiting';

/** Options of `selfheal queue`. */
export interface QueueOptions extends NarrowOptions {
  readonly dead?: boolean;
  readonly redrive?: boolean;
  readonly yes?: boolean;
  readonly asEnqueued?: boolean;
  /** Of the option's older name. */
  readonly live?: boolean;
  readonly sort?: Sort;
  readonly groupBy?: Group;
  readonly limit?: number;
  readonly watch?: number;
}

const COLUMNS = {
  id: 'whole',
  age: 'extra',
  severity: 'whole',
  'found by': 'extra',
  bot: 'name',
  resource: 'name',
  'what is wrong': 'prose',
  'what would be done': 'prose',
} as const;

/** SQS gives up what is received a thousand times, and every look receives: watching ends well before. */
const MOST_RECEIVES = 500;

/** `selfheal queue`: what waits, and what each message would do. Takes nothing. */
export async function queue(session: Session, options: QueueOptions): Promise<Result> {
  const { dead, redrive, yes, watch, limit = 100 } = options;
  if (redrive && !dead) throw new Problem('--redrive goes with --dead');
  if (dead) {
    const { deadLetters } = await import('./dead-letters');
    return deadLetters(session, { redrive: redrive ?? false, yes, limit });
  }
  const passes = await narrowing(session, options);
  const config = await session.config();
  if (config.enable_auto_response) {
    warn(
      session,
      'auto response is on in config.ts: what is read here is hidden from the coordinator for a moment',
    );
  }
  const told = new Set<string>();
  const look = () => looked(session, options, passes, told);
  return watch === undefined ? (await look()).result : watching(session, watch, look);
}

async function looked(
  session: Session,
  options: QueueOptions,
  passes: ((row: Facts) => boolean) | undefined,
  told: Set<string>,
): Promise<Looked> {
  const { sort = 'severity', groupBy, limit = 100 } = options;
  const asEnqueued = options.asEnqueued === true || options.live === false;
  const config = await session.config();
  const open = await openQueue(session, 'remediationQueue');
  const [peeked, setAside, caller, catalogue] = await Promise.all([
    session.during('reading the queue', peek(session, open, limit)),
    openQueue(session, 'waitingQueue').then(countAll),
    callerOf(session),
    session.catalogue(),
  ]);
  const { account: accountId, region } = caller;
  const rules: Rules = { config, accountId, region, catalogue };
  const journal = asEnqueued ? undefined : await openJournal(session);
  const messages = await session.during('looking at the resources', (tell) =>
    understoodAll(session, peeked.messages, rules, { asEnqueued, journal, passes, tell }),
  );
  const closed = setAside > 0 ? await closedNow(session) : [];
  const unusable = messages.filter((message): message is Unusable => 'unusable' in message);
  const usable = sorted(
    messages.filter((message): message is Understood => !('unusable' in message)),
    sort,
    factsOf,
  );
  const facts = usable.map(factsOf);
  const shown: readonly Waiting[] = [...usable, ...unusable];
  session.say(
    listText(session, shown, {
      peeked,
      home: caller,
      limit,
      setAside,
      closed,
      groupBy,
      facts,
      narrowed: passes !== undefined,
    }),
  );
  const documents = shown.map((message) => documentOf(message));
  // JSON Lines that watch show each message once.
  const fresh = documents.filter((_, index) => !told.has(shown[index]?.id ?? ''));
  for (const { id } of shown) told.add(id);
  await handOn(session, { command: 'queue', rows: usable.map(exportedOf), documents: fresh });
  const { waiting, inFlight } = peeked;
  const worn = messages.find(({ receives }) => receives >= MOST_RECEIVES);
  return {
    result: {
      exit: EXIT.fine,
      document: {
        ...{ queue: open.url, waiting, inFlight, setAside, shown: messages.length },
        ...(closed.length > 0 && { closed }),
        ...totalsOf(facts, groupBy),
        messages: documents,
      },
    },
    ...(worn && {
      enough: `watching ends: message ${shortId(worn.id)} was read ${worn.receives} times, and after a thousand SQS gives it up`,
    }),
  };

  function documentOf(message: Waiting): object {
    const { id, messageId, sentAt } = message;
    const common = { id, messageId, sentAt: new Date(sentAt).toISOString() };
    if ('unusable' in message) return { ...common, unusable: message.unusable, body: message.body };
    const { remediation, severity, violation, prospect } = message;
    const { bot, target, params, finding } = remediation;
    const mode = settingsOf(config, bot)?.mode;
    return {
      ...common,
      ...{ severity, bot, target, params, finding, violation },
      plan: { ...prospect, ...(mode && { mode }) },
    };
  }
}

function exportedOf(message: Understood): Exported {
  const { id, remediation, violation, prospect } = message;
  const { params, finding } = remediation;
  const { does, reason = '', calls = [], changes = [] } = prospect;
  const standing = {
    fix: 'would be fixed',
    ask: 'would be asked about, then fixed',
    tell: 'would be told, not fixed',
    nothing: `nothing: ${reason}`,
    unknown: `not known: ${reason}`,
  }[does];
  const isOver = does === 'nothing' && /^(already right|the resource is gone)/.test(reason);
  const isExempt = does === 'nothing' && reason.startsWith('exempt');
  return {
    ...factsOf(message),
    ...{ id, violation, standing, calls, changes, params, finding },
    status: isOver ? 'settled' : isExempt ? 'exempt' : 'open',
  };
}

interface Shown {
  readonly peeked: Peeked;
  readonly home: Home;
  readonly limit: number;
  /** Messages that wait until later, which SQS shows to nobody. */
  readonly setAside: number;
  /** What may keep them, of windows, freezes and calendars. */
  readonly closed: readonly string[];
  readonly groupBy: Group | undefined;
  readonly facts: readonly Facts[];
  readonly narrowed: boolean;
}

function listText(session: Session, messages: readonly Waiting[], shown: Shown): Printable {
  const { paint, io } = session;
  const { peeked, home, limit, setAside, closed, groupBy, facts, narrowed } = shown;
  const aside = [...asideText(setAside), ...closed.map((line) => text`Closed now: ${printable(line)}`)];
  if (messages.length === 0) {
    const nothing =
      narrowed && peeked.messages.length > 0
        ? `None of the ${peeked.messages.length} messages that were read is one of these.`
        : setAside > 0
          ? 'The queue is empty: nothing can be worked on now.'
          : 'The queue is empty: nothing waits to be repaired.';
    const said = peeked.messages.length > 0 ? [printable(nothing)] : emptyText(peeked, nothing);
    return joined([...said, ...aside], '\n');
  }
  const rows = alike(messages).map((group) => rowOf(session, group, home));
  const severities = facts.length > 0 ? text`: ${countsText(facts)}` : text``;
  const foot = [
    text`${counted(messages.length, 'message')}${severities}. Nothing was taken off the queue.`,
    ...restText(peeked, narrowed ? peeked.messages.length : messages.length, limit),
    ...aside,
  ];
  const body =
    groupBy === undefined
      ? table(paint, io.columns, COLUMNS, rows)
      : totalsText(paint, io.columns, groupBy, facts);
  return text`${body}\n\n${paint.dim(joined(foot, '\n'))}`;
}

/** What is tried again later is in a queue of its own, whose messages SQS shows to nobody until then. */
function asideText(count: number): Printable[] {
  if (count === 0) return [];
  return [
    text`${counted(count, 'message')} more ${count === 1 ? text`is` : text`are`} set aside until later: for another try, for AWS, for their window, or for a limit or a stop (npx selfheal limits, npx selfheal stop).`,
  ];
}

/** Messages that would do the same to the same resource are one row: the oldest speaks for them. */
function alike(messages: readonly Waiting[]): Waiting[][] {
  const groups = new Map<string, Waiting[]>();
  for (const message of messages) {
    const key =
      'unusable' in message
        ? message.messageId
        : JSON.stringify([
            message.remediation.bot,
            message.remediation.target,
            message.violation,
            message.prospect,
          ]);
    groups.set(key, [...(groups.get(key) ?? []), message]);
  }
  return [...groups.values()];
}

function rowOf(session: Session, group: readonly Waiting[], home: Home): Cell[] {
  const { paint } = session;
  const [message] = [...group].sort((one, other) => one.sentAt - other.sentAt);
  if (!message) return [];
  const id = printable(shortId(message.id));
  const age = printable(ago(message.sentAt));
  if ('unusable' in message) {
    return [
      id,
      age,
      text`?`,
      text`?`,
      { text: text`unusable`, paint: paint.red },
      text``,
      { text: shortened(printable(message.body), 80), paint: paint.dim },
      { text: text`goes to the dead letters: ${printable(message.unusable)}`, paint: paint.red },
    ];
  }
  const { remediation, severity, violation, prospect } = message;
  const { finding, bot, target } = remediation;
  return [
    id,
    age,
    severityCell(paint, severity),
    group.length > 1 ? text`${printable(finding.source)} ×${group.length}` : printable(finding.source),
    printable(bot),
    resourceCell(session, target, home),
    shortened(printable(violation ?? '-'), 200),
    prospectCell(paint, target.id, prospect),
  ];
}

function prospectCell(
  paint: Paints,
  id: string,
  { does, calls = [], changes = [], reason, waits, by = '' }: Prospect,
): Cell {
  const could = reason === undefined ? text`` : text`\n(as it was enqueued; ${printable(reason)})`;
  const after = waits === undefined ? could : text`${could}\nwaits: ${printable(waits)}`;
  const what = changes.length > 0 ? changesBrief(changes) : callsBrief(calls, id);
  switch (does) {
    case 'fix':
      return text`${what}${after}`;
    case 'ask':
      return text`asks a person first (${printable(by)}):\n${what}${after}`;
    case 'tell':
      return text`only told, not done (${printable(by)}):\n${what}${after}`;
    case 'nothing':
      return { text: text`nothing: ${printable(reason ?? '')}`, paint: paint.green };
    default:
      return { text: text`${printable(reason ?? 'not known')}${after}`, paint: paint.yellow };
  }
}
