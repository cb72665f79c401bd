import { setTimeout as sleep } from 'node:timers/promises';
import type { Result, Session } from './session';
import { Problem } from './terminal/errors';
import { EXIT } from './terminal/exit-codes';
import { printable, text } from './terminal/print';

/** How often what is watched is looked at, in seconds: a look into the queue is counted by SQS. */
export const WATCH_SECONDS = { default: 30, least: 10, most: 3600 } as const;

/** What a look told: the result, and why no further look is to follow, where none is. */
export interface Looked {
  readonly result: Result;
  readonly enough?: string;
}

/**
 * Shows the same again and again, in the place of what was shown before where the terminal lets it, until Ctrl-C.
 *
 * @throws Problem with `--json`, whose one document could never end.
 */
export async function watching(
  session: Session,
  seconds: number,
  look: () => Promise<Looked>,
): Promise<Result> {
  const { io, options, say, paint } = session;
  if (options.json || (options.format !== undefined && options.format !== 'jsonl')) {
    throw new Problem('--watch goes with --format jsonl or with none');
  }
  if (options.out !== undefined) throw new Problem('--watch prints: it does not go with --out');
  const stopping = new AbortController();
  const isOver = () => stopping.signal.aborted;
  const ignore = io.onInterrupt(() => {
    stopping.abort();
  });
  try {
    for (let round = 0; ; round++) {
      if (round > 0 && options.format === undefined) io.clear?.();
      const { result, enough } = await look();
      if (enough !== undefined) {
        session.note(printable(enough));
        return result;
      }
      say(
        text`\n${paint.dim(text`${printable(new Date().toISOString().slice(11, 19))}Z; again in ${seconds} seconds, Ctrl-C ends`)}`,
      );
      if (isOver()) return result;
      await sleep(seconds * 1000, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (isOver()) return result;
    }
  } catch (error) {
    // A look that Ctrl-C cut short has handed back what it had taken.
    if (isOver() && error instanceof Problem && error.exit === EXIT.interrupted) {
      return { exit: EXIT.fine, document: {} };
    }
    throw error;
  } finally {
    ignore();
  }
}
