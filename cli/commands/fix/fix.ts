import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Call, Outcome } from '../../../shared/bot/outcome';
import { leftText } from '../../../shared/bot/refusals';
import { remediate } from '../../../shared/bot/run';
import { newEvent, reasonOf, saidOf } from '../../../shared/worker/event';
import { type Journal, journalId } from '../../../shared/worker/journal';
import type { Finding } from '../../../shared/worker/message';
import { counted } from '../../describe';
import { EXIT, type ExitCode } from '../../terminal/exit-codes';
import { botClients, openJournal, tell } from '../../installation';
import {
  type Order,
  type RepairRequest,
  exitOfLook,
  explainFailure,
  lookedAt,
  placeOf,
  planText,
  resolveRequest,
  homeIn,
} from '../../order';
import { Problem } from '../../terminal/errors';
import { printable, text } from '../../terminal/print';
import { type Result, type Session, confirm, warn } from '../../session';
import { openGate } from '../../windows';
import { planDocument } from '../plan/plan';

/** Options of `selfheal fix`. */
export interface FixOptions {
  readonly resourceRegion?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
}

/** `selfheal fix <bot> [resource] [words…]`: shows the plan, asks, mends, proves, journals, tells. */
export async function fix(session: Session, request: RepairRequest, options: FixOptions): Promise<Result> {
  const order = await resolveRequest(session, { ...request, resourceRegion: options.resourceRegion });
  const journal = await openJournal(session);
  const { bot, target } = order;
  const hold = await journal.heldBecause(bot.id, target);
  const look = await lookedAt(session, order);
  const exit = exitOfLook(session, look);
  session.say(planText(session, order, look));
  if (hold !== undefined) {
    session.say(session.paint.yellow(text`\nThe bot is kept away from this resource: ${printable(hold)}`));
  }
  if (look.outcome === 'compliant' && hold !== undefined) {
    await confirm(session, 'Let the bot work on this resource again?', options.yes);
    await journal.release(bot.id, target);
    session.say(text`Released: the bot may work on this resource again.`);
    return { exit, document: { ...planDocument(order, look), released: true } };
  }
  if (look.outcome !== 'planned') return { exit, document: planDocument(order, look) };

  if (order.exemption !== undefined && !options.force && (options.yes || !session.io.ask)) {
    throw new Problem(
      `nothing was changed: config.ts exempts the resource (${order.exemption}): pass --force to fix it all the same`,
      EXIT.refused,
    );
  }
  const gate = await openGate(session);
  const { severity } = order.entry;
  const closed = await gate({ account: target.account, bot: bot.id, severity });
  // A person may know better than a calendar; the bots wait.
  if (closed) warn(session, `bots would wait now: ${closed.reason}`);
  await confirm(session, questionOf(order, look.calls, hold), options.yes);
  return mend(session, journal, order, { shown: look.calls, hold });
}

async function mend(
  session: Session,
  journal: Journal,
  order: Order,
  { shown, hold }: { readonly shown: readonly Call[]; readonly hold: string | undefined },
): Promise<Result> {
  const { bot, target, params, caller } = order;
  const now = new Date().toISOString();
  const id = journalId(bot.id, Date.now());
  const finding: Finding = {
    source: 'cli',
    id: randomUUID(),
    time: now,
    title: `selfheal fix by ${caller.arn}`.slice(0, 1024),
  };
  const journaled = { begun: false };
  const aws = botClients(session)(bot, target);
  const outcome: Outcome = await session.during(
    `fixing ${target.id}`,
    remediate(bot, {
      aws,
      target,
      params,
      ...homeIn(session, order),
      mode: 'apply',
      begin: async ({ violation, before, calls, changes }) => {
        if (!isDeepStrictEqual(calls, shown)) {
          return { held: 'the resource has changed since the plan was shown: look at the plan again' };
        }
        const startedAt = new Date().toISOString();
        await journal.begin({
          ...{ id, bot: bot.id, target, params, finding, violation, before, calls, changes, startedAt },
          status: 'started',
        });
        journaled.begun = true;
        return undefined;
      },
    }),
  );
  if (journaled.begun) await journal.end(id, outcome);
  if (outcome.outcome === 'fixed' && hold !== undefined) await journal.release(bot.id, target);
  if (journaled.begun) {
    const { id: name, title, severity } = order.entry;
    const event = { ...saidOf(outcome), bot: name, title, severity, target, finding, journalId: id };
    await tell(session, caller, newEvent(event));
  }
  const exit = report(session, outcome, journaled.begun ? id : undefined);
  return {
    exit,
    document: { ...planDocument(order, outcome), ...(journaled.begun && { journalId: id }) },
  };
}

function report(session: Session, outcome: Outcome, id: string | undefined): ExitCode {
  const { say, note, paint } = session;
  const takeBack = id === undefined ? text`` : text`\nTake it back with: npx selfheal undo ${printable(id)}`;
  switch (outcome.outcome) {
    case 'fixed': {
      const proof =
        outcome.after === undefined ? text`the resource is gone` : text`a re-read finds it as wanted`;
      say(
        text`\n${paint.green(text`fixed`)}: ${counted(outcome.calls.length, 'call')} sent, ${proof}.${takeBack}`,
      );
      return EXIT.fine;
    }
    case 'compliant':
    case 'gone':
      say(text`\n${printable(outcome.outcome)}: somebody was faster, nothing was sent.`);
      return EXIT.fine;
    case 'held':
    case 'waiting': {
      const word = outcome.outcome === 'held' ? text`held` : text`not yet`;
      const sent = outcome.calls?.length ?? 0;
      const after = sent > 0 ? text` after ${counted(sent, 'call')}` : text``;
      const again = outcome.outcome === 'waiting' ? text`; run this again later` : text``;
      note(
        text`${paint.yellow(word)}${after}: ${printable(outcome.reason)}${again}${sent > 0 ? takeBack : text``}`,
      );
      return EXIT.refused;
    }
    case 'failed': {
      const { sentence, exit } = explainFailure(outcome.error, placeOf(session));
      const sent = outcome.calls.length;
      note(
        text`${paint.red(text`failed`)} after ${counted(sent, 'call')}: ${printable(sentence + leftText(outcome.left))}${sent > 0 ? takeBack : text``}`,
      );
      return sent > 0 ? EXIT.failed : exit;
    }
    default:
      note(
        text`${paint.red(text`unverified`)}: ${printable(reasonOf(outcome) ?? outcome.outcome)}${takeBack}`,
      );
      return EXIT.failed;
  }
}

function questionOf(
  { target, exemption, entry }: Order,
  calls: readonly Call[],
  hold: string | undefined,
): string {
  const doubts = [
    ...(exemption === undefined ? [] : ['although config.ts exempts it']),
    ...(hold === undefined ? [] : ['and let the bot work on it again']),
    ...(entry.risk === 'destructive' ? ['which destroys something'] : []),
  ];
  return `\nSend ${counted(calls.length, 'call')} to ${target.id}${doubts.length > 0 ? `, ${doubts.join(', ')}` : ''}?`;
}
