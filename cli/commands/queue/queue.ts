import { settingsOf } from '../../../shared/config';
import { callsBrief, counted, emptyText, restText, targetBrief } from '../../describe';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { callerOf, openJournal, openQueue } from '../../installation';
import { type Peeked, countAll, peek } from '../../peek';
import { type Paints, type Printable, joined, printable, shortened, text } from '../../terminal/print';
import { type Result, type Session, warn } from '../../session';
import { ago } from '../../since';
import { closedNow } from '../../windows';
import { type Cell, table } from '../../terminal/table';
import { type Prospect, type Waiting, understoodAll } from './waiting';

/** Options of `selfheal queue`. */
export interface QueueOptions {
  readonly dead?: boolean;
  readonly redrive?: boolean;
  readonly yes?: boolean;
  readonly live?: boolean;
  readonly limit?: number;
}

const COLUMNS = {
  age: 'whole',
  'found by': 'prose',
  bot: 'name',
  resource: 'name',
  'what is wrong': 'prose',
  'what would be done': 'prose',
} as const;

/** `selfheal queue`: what waits, and what each message would do. Takes nothing. */
export async function queue(session: Session, options: QueueOptions): Promise<Result> {
  const { dead, redrive, yes, live = true, limit = 100 } = options;
  if (redrive && !dead) throw new Problem('--redrive goes with --dead');
  if (dead) {
    const { deadLetters } = await import('./dead-letters');
    return deadLetters(session, { redrive: redrive ?? false, yes, limit });
  }
  const config = await session.config();
  const open = await openQueue(session, 'remediationQueue');
  if (config.enable_auto_response) {
    warn(
      session,
      'auto response is on in config.ts: what is read here is hidden from the coordinator for a moment',
    );
  }
  const [peeked, setAside, caller] = await Promise.all([
    session.during('reading the queue', peek(session, open, limit)),
    openQueue(session, 'waitingQueue').then(countAll),
    callerOf(session),
  ]);
  const { account: accountId, region } = caller;
  const rules = { config, accountId, region, catalogue: await session.catalogue() };
  const journal = live ? await openJournal(session) : undefined;
  const messages = await session.during(
    'looking at the resources',
    understoodAll(session, peeked.messages, rules, { live, journal }),
  );
  const closed = setAside > 0 ? await closedNow(session) : [];
  session.say(listText(session, messages, peeked, { home: caller.region, limit, setAside, closed }));
  const { waiting, inFlight } = peeked;
  return {
    exit: EXIT.fine,
    document: {
      ...{ queue: open.url, waiting, inFlight, setAside, shown: messages.length },
      ...(closed.length > 0 && { closed }),
      messages: messages.map((message) => documentOf(message)),
    },
  };

  function documentOf(message: Waiting): object {
    const { messageId, sentAt } = message;
    const common = { messageId, sentAt: new Date(sentAt).toISOString() };
    if ('unusable' in message) return { ...common, unusable: message.unusable, body: message.body };
    const { remediation, violation, prospect } = message;
    const { bot, target, params, finding } = remediation;
    const mode = settingsOf(config, bot)?.mode;
    return {
      ...common,
      bot,
      target,
      params,
      finding,
      violation,
      plan: { ...prospect, ...(mode && { mode }) },
    };
  }
}

interface Listed {
  readonly home: string;
  readonly limit: number;
  /** Messages that wait until later, which SQS shows to nobody. */
  readonly setAside: number;
  /** What may keep them, of windows, freezes and calendars. */
  readonly closed: readonly string[];
}

function listText(
  { paint, io }: Session,
  messages: readonly Waiting[],
  peeked: Peeked,
  { home, limit, setAside, closed }: Listed,
): Printable {
  const aside = [...asideText(setAside), ...closed.map((line) => text`Closed now: ${printable(line)}`)];
  if (messages.length === 0) {
    const nothing =
      setAside > 0
        ? 'The queue is empty: nothing can be worked on now.'
        : 'The queue is empty: nothing waits to be mended.';
    return joined([...emptyText(peeked, nothing), ...aside], '\n');
  }
  const rows = alike(messages).map((group) => rowOf(paint, group, home));
  const foot = [
    text`${counted(messages.length, 'message')}. Nothing was taken off the queue.`,
    ...restText(peeked, messages.length, limit),
    ...aside,
  ];
  return text`${table(paint, io.columns, COLUMNS, rows)}\n\n${paint.dim(joined(foot, '\n'))}`;
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

function rowOf(paint: Paints, group: readonly Waiting[], home: string): Cell[] {
  const [message] = [...group].sort((one, other) => one.sentAt - other.sentAt);
  if (!message) return [];
  const age = printable(ago(message.sentAt));
  if ('unusable' in message) {
    return [
      age,
      text`?`,
      { text: text`unusable`, paint: paint.red },
      text``,
      { text: shortened(printable(message.body), 80), paint: paint.dim },
      { text: text`goes to the dead letters: ${printable(message.unusable)}`, paint: paint.red },
    ];
  }
  const { remediation, violation, prospect } = message;
  const { finding, bot, target } = remediation;
  return [
    age,
    group.length > 1 ? text`${printable(finding.source)} ×${group.length}` : printable(finding.source),
    printable(bot),
    targetBrief(target, home),
    shortened(printable(violation ?? '-'), 200),
    prospectCell(paint, target.id, prospect),
  ];
}

function prospectCell(paint: Paints, id: string, { does, calls = [], reason, waits }: Prospect): Cell {
  const after = waits === undefined ? text`` : text`\nwaits: ${printable(waits)}`;
  switch (does) {
    case 'fix':
      return text`${callsBrief(calls, id)}${after}`;
    case 'tell':
      return text`only told, not done:\n${callsBrief(calls, id)}${after}`;
    case 'nothing':
      return { text: text`nothing: ${printable(reason ?? '')}`, paint: paint.green };
    default:
      return { text: text`${printable(reason ?? 'not known')}${after}`, paint: paint.yellow };
  }
}
