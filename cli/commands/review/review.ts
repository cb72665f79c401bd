import { appendFileSync } from 'node:fs';
import { configPath } from '../../../deploy/config-path.cjs';
import type { Config } from '../../../shared/config';
import { loadBot } from '../../../shared/worker/load';
import { type Result, type Session, warn } from '../../session';
import { counted } from '../../describe';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { type Printable, printable, text } from '../../terminal/print';
import { table } from '../../terminal/table';
import { atRevision } from './base';
import { type Change, changesBetween } from './changes';
import { commentOf } from './comment';
import { pullRequestIn, putComment } from './github';

/** Options of `selfheal review`. */
export interface ReviewOptions {
  readonly base: string;
  readonly comment?: boolean;
}

const EMPTY: Config = { enable_auto_response: false, bots: {} };

/** `selfheal review`: what config.ts would deploy that an earlier one did not. Asks AWS nothing. */
export async function review(session: Session, { base, comment = false }: ReviewOptions): Promise<Result> {
  const { paint, io } = session;
  // Before anything is compared: a job that lacks something fails at once.
  const where = comment ? pullRequestIn(process.env) : undefined;
  const catalogue = await session.catalogue();
  // A wrong one is told in the comment.
  const after = await session.localConfigAsIs();
  const before = await atRevision(configPath(), base, async (path) =>
    path === undefined ? EMPTY : configAt(session, path, base),
  );
  const changes = changesBetween(before, after, catalogue);
  const fault = await faultIn(session, after);
  if (changes.length === 0) session.say(text`Nothing changes since ${printable(base)}.`);
  else {
    const columns = { '': 'whole', what: 'name', before: 'prose', after: 'prose', beware: 'prose' } as const;
    session.say(table(paint, io.columns, columns, changes.map(row)));
    session.say(text`\n${paint.dim(text`${counted(changes.length, 'change')} since ${printable(base)}.`)}`);
  }
  if (fault !== undefined) warn(session, fault);
  const markdown = commentOf(changes, fault);
  if (where) {
    const { GITHUB_STEP_SUMMARY: summary } = process.env;
    if (summary) appendFileSync(summary, `${markdown}\n`);
    const done = await putComment(where, markdown, changes.length > 0 || fault !== undefined);
    session.say(text`The comment in pull request ${where.number}: ${printable(done)}.`);
  }
  return {
    exit: fault === undefined ? EXIT.fine : EXIT.failed,
    document: { base, changes, fault, markdown },
  };
}

function row({ kind, what, before = '', after = '', beware = '' }: Change): Printable[] {
  return [kind, what, before, after, beware].map(printable);
}

async function configAt(session: Session, path: string, base: string): Promise<Config> {
  try {
    return await session.configIn(path);
  } catch (error) {
    throw new Problem(`config.ts of ${base} cannot be read: ${String(error).split('\n')[0] ?? ''}`);
  }
}

/** Why the config cannot be deployed, in one line. */
async function faultIn(session: Session, config: Config): Promise<string | undefined> {
  const { checkConfig } = await import('../../../deploy/check-config');
  const registry = await session.registry();
  try {
    await checkConfig(config, await session.catalogue(), (id) => loadBot(registry, id));
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error.message.replace(/\s*\n\s*/g, ' ');
    throw error;
  }
}
