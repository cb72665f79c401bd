import { readFinding } from '../../../functions/findings/read';
import { askForSurvey, type Survey } from '../../../shared/survey';
import { type Remediation, repetitionOf } from '../../../shared/worker/message';
import { enqueue } from '../../../shared/worker/queue';
import { type Home, counted, resourceCell, severityCell } from '../../describe';
import { EXIT } from '../../terminal/exit-codes';
import { findingsIn } from '../../finding-file';
import { callerOf, openQueue } from '../../installation';
import { type Facts, severityOf } from '../../rows/narrow';
import { countsText, sorted, totalsText } from '../../rows/order';
import { joined, printable, text } from '../../terminal/print';
import { type Result, type Session, confirm } from '../../session';
import { type Cell, table } from '../../terminal/table';

/** Options of `selfheal ingest`. */
export interface IngestOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

const COLUMNS = {
  severity: 'whole',
  'found by': 'extra',
  bot: 'name',
  resource: 'name',
  finding: 'prose',
} as const;

/** Rows beyond this are counted, not listed. */
const LISTED = 50;

interface Asked {
  readonly remediation: Remediation;
  readonly facts: Facts;
  /** What the finding calls itself, where it does. */
  readonly name: string;
}

interface TakenIn {
  messages: number;
  repeated: number;
  readonly asked: Asked[];
  readonly surveys: Survey[];
  readonly declined: Map<string, number>;
  readonly unusable: Map<string, number>;
}

/** `selfheal ingest <files>`: takes in findings from files, as the findings function takes them in from a topic. */
export async function ingest(
  session: Session,
  files: readonly string[],
  { yes, dryRun = false }: IngestOptions,
): Promise<Result> {
  const caller = await callerOf(session);
  const taken = await session.during('reading findings', (tell) => readAll(session, files, caller, tell));
  const { messages, repeated, asked, surveys, declined, unusable } = taken;
  const remediations = asked.map(({ remediation }) => remediation);
  report(session, taken, { home: caller, dryRun });
  const document = {
    ...{ messages, enqueued: dryRun ? 0 : remediations.length, repeated, surveys },
    ...(dryRun && { dryRun, wouldEnqueue: remediations }),
    ...{ declined: Object.fromEntries(declined), unusable: Object.fromEntries(unusable) },
  };
  const exit = unusable.size > 0 ? EXIT.failed : EXIT.fine;
  if (dryRun || remediations.length + surveys.length === 0) return { exit, document };
  await confirm(session, `Put ${remediations.length} on the remediation queue?`, yes);
  const { sqs, url } = await openQueue(session, 'remediationQueue');
  await session.during('enqueuing', enqueue(sqs, url, remediations));
  if (surveys.length > 0) {
    const looks = await openQueue(session, 'looksQueue');
    for (const survey of surveys) await askForSurvey(looks.sqs, looks.url, survey);
  }
  session.say(text`Enqueued ${counted(remediations.length, 'remediation')}: see npx selfheal queue.`);
  return { exit, document };
}

async function readAll(
  session: Session,
  files: readonly string[],
  { account: accountId, region }: Home,
  tell: (progress: string) => void,
): Promise<TakenIn> {
  const [config, catalogue] = await Promise.all([session.config(), session.catalogue()]);
  const rules = { config, catalogue, accountId, region };
  const entries = new Map(catalogue.map((entry) => [entry.id, entry]));
  const seen = new Set<string>();
  const taken: TakenIn = {
    ...{ messages: 0, repeated: 0, asked: [], surveys: [] },
    ...{ declined: new Map(), unusable: new Map() },
  };
  for await (const message of findingsIn(files)) {
    taken.messages += 1;
    if (taken.messages % 1000 === 0) tell(`reading findings: ${taken.messages}`);
    for (const reading of readFinding(rules, message).readings) {
      if ('declined' in reading) count(taken.declined, reading.declined);
      else if ('unusable' in reading) count(taken.unusable, reading.unusable);
      else if ('survey' in reading) taken.surveys.push(reading.survey);
      else {
        const { remediation } = reading;
        const key = repetitionOf(remediation);
        if (seen.has(key)) {
          taken.repeated += 1;
          continue;
        }
        seen.add(key);
        const { bot, target, finding } = remediation;
        taken.asked.push({
          remediation,
          name: finding.title ?? (message.isUnnamed && finding.id === message.messageId ? '-' : finding.id),
          facts: {
            ...{ bot, target, source: finding.source, atMs: Date.parse(finding.time) },
            severity: severityOf(finding, entries.get(bot)),
          },
        });
      }
    }
  }
  return taken;
}

function report(
  session: Session,
  { messages, repeated, asked, surveys, declined, unusable }: TakenIn,
  { home, dryRun }: { readonly home: Home; readonly dryRun: boolean },
): void {
  const { say, paint, io } = session;
  const facts = asked.map((one) => one.facts);
  if (asked.length > 0 && dryRun) {
    const parts = (['bot', 'account'] as const).map((by) => totalsText(paint, io.columns, by, facts));
    say(joined(parts, '\n\n'));
  } else if (asked.length > 0) {
    const shown = sorted(asked, 'severity', (one) => one.facts).slice(0, LISTED);
    say(
      table(
        paint,
        io.columns,
        COLUMNS,
        shown.map((one) => rowOf(session, one, home)),
      ),
    );
    if (asked.length > shown.length) {
      say(text`and ${asked.length - shown.length} more; --dry-run counts them by bot and account.`);
    }
  }
  const severities = asked.length > 0 ? text` (${countsText(facts)})` : text``;
  const again = repeated > 0 ? text`, ${repeated} the same again` : text``;
  const looks =
    surveys.length > 0 ? text`, ${counted(surveys.length, 'account')} to be looked through` : text``;
  say(
    text`\n${counted(messages, 'message')}: ${asked.length} to enqueue${severities}${looks}${again}, ${total(declined)} declined, ${total(unusable)} unusable.`,
  );
  for (const [word, reasons] of [
    ['declined', declined],
    ['unusable', unusable],
  ] as const) {
    const most = [...reasons].sort(([, one], [, other]) => other - one);
    for (const [reason, times] of most.slice(0, LISTED)) {
      session.note(text`${printable(word)} ${times} × ${printable(reason)}`);
    }
    if (most.length > LISTED) session.note(text`and ${most.length - LISTED} other reasons`);
  }
}

function rowOf(session: Session, { remediation, facts, name }: Asked, home: Home): Cell[] {
  const { finding, bot, target } = remediation;
  return [
    severityCell(session.paint, facts.severity),
    printable(finding.source),
    printable(bot),
    resourceCell(session, target, home),
    printable(name),
  ];
}

function count(reasons: Map<string, number>, reason: string): void {
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
}

function total(reasons: ReadonlyMap<string, number>): number {
  return [...reasons.values()].reduce((sum, times) => sum + times, 0);
}
