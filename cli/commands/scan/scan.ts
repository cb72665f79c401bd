import type { CatalogueEntry } from '../../../shared/catalogue';
import { type Config, settingsOf } from '../../../shared/config';
import { admit } from '../../../shared/worker/admission';
import { type Remediation, previewOf } from '../../../shared/worker/message';
import { enqueue } from '../../../shared/worker/queue';
import { knownRegions } from '../../../shared/resources/regions';
import { partitionOf } from '../../../shared/resources/target';
import { type Home, callsBrief, changesBrief, counted, resourceCell, severityCell } from '../../describe';
import { handOn } from '../../export/export';
import type { Exported } from '../../export/record';
import type { Group, Sort } from '../../rows/kinds';
import { type Facts, severitiesIn, severityOf } from '../../rows/narrow';
import { countsText, sorted, totalsOf, totalsText } from '../../rows/order';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { type FailedLook, type FaultFound, faultsNow } from '../../faults';
import { callerOf, openQueue } from '../../installation';
import { type Printable, printable, text } from '../../terminal/print';
import { type Result, type Session, botNamed, confirm } from '../../session';
import { table } from '../../terminal/table';

/** Options of `selfheal scan`. */
export interface ScanOptions {
  readonly bot?: readonly string[];
  readonly account?: string;
  readonly resourceRegion?: readonly string[];
  readonly severity?: readonly string[];
  readonly sort?: Sort;
  readonly groupBy?: Group;
  readonly enqueue?: boolean;
  readonly yes?: boolean;
}

const COLUMNS = {
  severity: 'whole',
  bot: 'name',
  resource: 'name',
  wrong: 'prose',
  'would be done': 'prose',
} as const;

/** `selfheal scan`: the checks of all enabled posture bots over the live resources of an account. Writes nothing. */
export async function scan(session: Session, options: ScanOptions): Promise<Result> {
  const config = await session.config();
  const severities = severitiesIn(options.severity);
  const entries = (await botsToScan(session, config, options.bot ?? [])).filter(
    ({ severity }) => severities?.includes(severity) ?? true,
  );
  if (entries.length === 0) throw new Problem('no bot that is to look is of this severity');
  const caller = await callerOf(session);
  const account = options.account ?? caller.account;
  const regions = regionsOf(options.resourceRegion, caller.region);
  const places = regions.map((region) => ({ account, region }));
  const home = { accountId: caller.account, region: caller.region, stage: session.options.stage };
  for (const entry of entries) {
    for (const target of places) {
      const admission = admit({ config, home, bot: entry, target, byHand: true });
      if ('refused' in admission) throw new Problem(admission.refused, EXIT.refused);
    }
  }
  const { found, failures, ...counts } = await faultsNow(session, { entries, places, home });
  const atMs = Date.now();
  const factsOf = ({ bot, target }: FaultFound): Facts => ({
    ...{
      bot,
      target,
      severity: severityOf(
        undefined,
        entries.find(({ id }) => id === bot),
      ),
    },
    ...{ source: 'scan', atMs },
  });
  const inOrder = sorted(found, options.sort ?? 'severity', factsOf);
  const facts = inOrder.map(factsOf);
  report(session, { home: caller, counts, found: inOrder, facts, failures, groupBy: options.groupBy });
  await handOn(session, {
    command: 'scan',
    rows: inOrder.map((finding): Exported => exportedOf(finding, factsOf(finding))),
    documents: inOrder,
  });
  const exit = failures.length > 0 ? EXIT.failed : EXIT.fine;
  const wanted = found.filter(({ exemption }) => exemption === undefined);
  const document = {
    account,
    regions,
    ...counts,
    ...totalsOf(facts, options.groupBy),
    found: inOrder,
    failures,
  };
  if (!options.enqueue || wanted.length === 0) return { exit, document };
  await confirm(session, `Put ${wanted.length} on the remediation queue?`, options.yes);
  const { sqs, url } = await openQueue(session, 'remediationQueue');
  const time = new Date().toISOString();
  await session.during(
    'enqueuing',
    enqueue(
      sqs,
      url,
      wanted.map((finding) => remediationOf(finding, time)),
    ),
  );
  session.say(text`Enqueued ${counted(wanted.length, 'remediation')}: see npx selfheal queue.`);
  return { exit, document: { ...document, enqueued: wanted.length } };
}

/** The enabled posture bots, or those that are named, whether or not they are enabled. */
async function botsToScan(
  session: Session,
  config: Config,
  names: readonly string[],
): Promise<CatalogueEntry[]> {
  if (names.length > 0) return Promise.all(names.map((name) => botNamed(session, name)));
  const entries = (await session.catalogue()).filter(
    ({ id, kind }) => kind === 'posture' && settingsOf(config, id),
  );
  if (entries.length > 0) return entries;
  throw new Problem('no posture bot is enabled in config.ts: enable one, or name one with --bot');
}

function regionsOf(named: readonly string[] | undefined, home: string): readonly string[] {
  if (!named) return [home];
  if (!named.includes('all')) return named;
  return knownRegions.filter((region) => partitionOf(region) === partitionOf(home));
}

interface Report {
  readonly home: Home;
  readonly counts: { readonly resources: number; readonly looks: number };
  readonly found: readonly FaultFound[];
  readonly facts: readonly Facts[];
  readonly failures: readonly FailedLook[];
  readonly groupBy: Group | undefined;
}

function report(session: Session, { home, counts, found, facts, failures, groupBy }: Report): void {
  const { say, note, paint, io } = session;
  const { resources, looks } = counts;
  const rows = found.map(({ bot, target, outcome, exemption }, index) => [
    severityCell(paint, facts[index]?.severity ?? 'low'),
    printable(bot),
    resourceCell(session, target, home),
    printable(violationOf(outcome)),
    whatFollows(outcome, exemption, target.id),
  ]);
  if (rows.length > 0) {
    say(
      groupBy === undefined
        ? table(paint, io.columns, COLUMNS, rows)
        : totalsText(paint, io.columns, groupBy, facts),
    );
  }
  const exempt = found.filter(({ exemption }) => exemption !== undefined).length;
  const severities = found.length > 0 ? text` (${countsText(facts)})` : text``;
  say(
    text`\n${counted(looks, 'look')} at ${counted(resources, 'resource')}: ${counted(found.length, 'fault')}${severities}, ${exempt} of them exempt; ${counted(failures.length, 'look')} failed.`,
  );
  for (const [line, count] of tallied(failures)) {
    note(text`${paint.red(text`failed`)} ${count > 1 ? text`${count} × ` : text``}${printable(line)}`);
  }
}

function whatFollows(outcome: FaultFound['outcome'], exemption: string | undefined, id: string): Printable {
  if (exemption !== undefined) return text`exempt: ${printable(exemption)}`;
  if (outcome.outcome === 'planned') {
    const { calls, changes } = outcome;
    return changes.length > 0 ? changesBrief(changes) : callsBrief(calls, id);
  }
  const word = outcome.outcome === 'held' ? text`held` : text`waits`;
  return text`${word}: ${printable(outcome.reason)}`;
}

function violationOf({ violation = 'not known' }: FaultFound['outcome']): string {
  return violation;
}

/** A right that is missing fails every look of its bot: it is said once. */
function tallied(failures: readonly FailedLook[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { what, reason } of failures) {
    const line = `${what.split(' ')[0] ?? ''}: ${reason}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return counts;
}

function exportedOf({ bot, target, outcome, exemption }: FaultFound, facts: Facts): Exported {
  const id = `${bot}/${target.id}`.slice(0, 1024);
  const isExempt = exemption !== undefined;
  const standing = isExempt
    ? `exempt: ${exemption}`
    : outcome.outcome === 'planned'
      ? 'would be fixed'
      : `${outcome.outcome === 'held' ? 'held' : 'waits'}: ${outcome.reason}`;
  return {
    ...facts,
    ...{ id, violation: outcome.violation, standing, params: {} },
    status: isExempt ? 'exempt' : 'open',
    ...(outcome.outcome === 'planned'
      ? { calls: outcome.calls, changes: outcome.changes }
      : { calls: [], changes: [] }),
    finding: { source: 'scan', id, time: new Date(facts.atMs).toISOString() },
  };
}

function remediationOf({ bot, target, outcome }: FaultFound, time: string): Remediation {
  const violation = violationOf(outcome);
  return {
    version: 1,
    bot,
    target,
    params: {},
    finding: {
      source: 'scan',
      id: `${bot}/${target.id}`.slice(0, 1024),
      time,
      title: violation.slice(0, 1024),
    },
    preview: previewOf(violation, outcome),
  };
}
