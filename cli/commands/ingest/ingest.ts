import { readFinding } from '../../../functions/findings/read';
import type { Remediation } from '../../../shared/worker/message';
import { enqueue } from '../../../shared/worker/queue';
import { counted, targetBrief } from '../../describe';
import { EXIT } from '../../terminal/exit-codes';
import { findingsIn } from '../../finding-file';
import { callerOf, openQueue } from '../../installation';
import { joined, printable, text } from '../../terminal/print';
import { type Result, type Session, confirm } from '../../session';
import { table } from '../../terminal/table';

const COLUMNS = { source: 'whole', bot: 'name', resource: 'name', finding: 'prose' } as const;

/** `selfheal ingest <file>`: takes in findings from a file, as the findings function takes them in from a topic. */
export async function ingest(
  session: Session,
  file: string,
  { yes }: { readonly yes?: boolean },
): Promise<Result> {
  const messages = await findingsIn(file);
  const [config, catalogue, caller] = await Promise.all([
    session.config(),
    session.catalogue(),
    callerOf(session),
  ]);
  const rules = { config, catalogue, accountId: caller.account, region: caller.region };
  const readings = messages.flatMap((message) => readFinding(rules, message).readings);
  const remediations = readings.flatMap((reading) => ('remediation' in reading ? [reading.remediation] : []));
  const declined = readings.flatMap((reading) => ('declined' in reading ? [reading.declined] : []));
  const unusable = readings.flatMap((reading) => ('unusable' in reading ? [reading.unusable] : []));
  if (remediations.length > 0) session.say(listOf(session, remediations, caller.region));
  session.say(
    text`\n${counted(messages.length, 'message')}: ${remediations.length} to enqueue, ${declined.length} declined, ${unusable.length} unusable.`,
  );
  for (const [reason, count] of tallied(unusable)) session.note(text`${count} × ${printable(reason)}`);
  const document = { messages: messages.length, enqueued: remediations.length, declined, unusable };
  const exit = unusable.length > 0 ? EXIT.failed : EXIT.fine;
  if (remediations.length === 0) return { exit, document };
  await confirm(session, `Put ${remediations.length} on the remediation queue?`, yes);
  const { sqs, url } = await openQueue(session, 'remediationQueue');
  await session.during('enqueuing', enqueue(sqs, url, remediations));
  session.say(text`Enqueued ${counted(remediations.length, 'remediation')}: see selfheal queue.`);
  return { exit, document };
}

function listOf({ paint, io }: Session, remediations: readonly Remediation[], home: string) {
  const rows = remediations.map(({ bot, target, finding }) => [
    printable(finding.source),
    printable(bot),
    targetBrief(target, home),
    printable(finding.title ?? finding.id),
  ]);
  return joined([table(paint, io.columns, COLUMNS, rows)], '\n');
}

function tallied(reasons: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}
