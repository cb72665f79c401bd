import { stopTexts } from '../../../shared/worker/stops';
import { counted } from '../../describe';
import { deployedConfig } from '../../deployed-config';
import { callerOf, openJournal, openQueue } from '../../installation';
import { clientOptions, namesOf, regionOf } from '../../place';
import { countAll } from '../../peek';
import { type Result, type Session, confirm, warn } from '../../session';
import { EXIT } from '../../terminal/exit-codes';
import { joined, printable, text } from '../../terminal/print';

/** Options of `selfheal off`. */
export interface OffOptions {
  readonly reason?: string;
}

/**
 * `selfheal off`: bots change nothing more, at once. What runs stops before its next call, and the schedule that starts
 * the coordinator is disabled. Findings go on to the queue. Asks nothing: it is the safe direction.
 */
export async function off(session: Session, { reason }: OffOptions): Promise<Result> {
  const [journal, caller] = await Promise.all([openJournal(session), callerOf(session)]);
  const why = reason === undefined ? '' : `, ${reason}`;
  // First what acts within seconds; the schedule only decides about the next minute.
  await journal.stop('all', `by ${caller.arn} at ${new Date().toISOString().slice(0, 19)}Z${why}`);
  await switchSchedule(session, false);
  session.say(
    text`${session.paint.yellow(text`Auto response is off.`)} Findings wait in the queue; npx selfheal on lets bots go on.`,
  );
  return { exit: EXIT.fine, document: { autoResponse: false, stops: await journal.stops() } };
}

/** `selfheal on`: bots repair what waits, and what comes. Stops of one account or one bot stay. */
export async function on(session: Session, { yes }: { readonly yes?: boolean }): Promise<Result> {
  const journal = await openJournal(session);
  const [stops, waiting, deployed] = await Promise.all([
    journal.stops(),
    openQueue(session, 'remediationQueue').then(countAll),
    deployedConfig(session.options),
  ]);
  for (const line of stopTexts(stops)) session.note(printable(line));
  const begin =
    waiting === 0 ? 'Nothing waits.' : `${counted(waiting, 'message')} will be worked on at once.`;
  await confirm(session, `Switch auto response on? ${begin}`, yes);
  await switchSchedule(session, true);
  if ('all' in stops) await journal.stop('all', undefined);
  const left = await journal.stops();
  session.say(
    joined([session.paint.green(text`Auto response is on.`), ...stopTexts(left).map(printable)], '\n'),
  );
  if ('config' in deployed && !deployed.config.enable_auto_response) {
    warn(
      session,
      'enable_auto_response is false in what is deployed: write true into config.ts, so that a later deployment does not switch it off again',
    );
  }
  return { exit: EXIT.fine, document: { autoResponse: true, stops: left, waiting } };
}

/** Source: EventBridge, EnableRule and DisableRule. */
async function switchSchedule(session: Session, isOn: boolean): Promise<void> {
  const { DisableRuleCommand, EnableRuleCommand, EventBridgeClient } =
    await import('@aws-sdk/client-eventbridge');
  const client = new EventBridgeClient(clientOptions(session.options, await regionOf(session)));
  const Name = namesOf(session.options.stage).schedule;
  await client.send(isOn ? new EnableRuleCommand({ Name }) : new DisableRuleCommand({ Name }));
}
