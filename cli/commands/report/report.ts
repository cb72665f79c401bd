import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { counted } from '../../describe';
import { documentOf, pageParts } from '../../report/document';
import { type ReportOptions, gatherer } from '../../report/gather';
import type { Result, Session } from '../../session';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { printable, text } from '../../terminal/print';

/** Options of `selfheal report`. */
export interface ReportCommandOptions extends ReportOptions {
  /** Where the page is written; with `--json` nothing is, unless this is given. */
  readonly out?: string;
}

const DEFAULT_FILE = 'selfheal-report.html';

/** `selfheal report`: what is open, what was done, and how it stands, as one page. */
export async function report(session: Session, options: ReportCommandOptions): Promise<Result> {
  const { read } = await gatherer(session, options);
  const data = await session.during('reading the journal and the queues', read());
  const result = { exit: EXIT.fine, document: data };
  if (session.options.json && options.out === undefined) return result;
  const file = path.resolve(options.out ?? DEFAULT_FILE);
  const page = documentOf(data, await pageParts());
  try {
    // Findings name what is open to attack: the file is its owner's alone.
    await writeFile(file, page, { mode: 0o600 });
  } catch (error) {
    throw new Problem(`${file} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
  const { items, cut } = data;
  session.say(
    text`${session.paint.green(text`written`)} ${printable(file)}: ${counted(items.length, 'fault')}, ${Math.ceil(page.length / 1024)} KB; it asks nobody for anything.`,
  );
  for (const sentence of cut) session.note(printable(`${sentence}.`));
  return result;
}
