import { writeFile } from 'node:fs/promises';
import { counted } from '../describe';
import type { Session } from '../session';
import { version } from '../version';
import { Problem } from '../terminal/errors';
import { EXIT } from '../terminal/exit-codes';
import { type Printable, jsonText, printable, text } from '../terminal/print';
import { csvOf } from './csv';
import { FORMATS, type Format } from './formats';
import { ocsfOf } from './ocsf';
import type { Exported } from './record';
import { sarifOf } from './sarif';

/** What is handed on, and what JSON Lines show of each row: the same as `--json`. */
interface Handed {
  readonly command: string;
  readonly rows: readonly Exported[];
  readonly documents: readonly object[];
}

/** Prints rows in the format of `--format`, or writes them to `--out`; without a format it does nothing. */
export async function handOn(session: Session, { command, rows, documents }: Handed): Promise<void> {
  const { format, out } = session.options;
  if (format === undefined) {
    if (out !== undefined) throw new Problem(`--out goes with --format ${FORMATS.join('|')}`);
    return;
  }
  const content = await contentOf(session, format, { command, rows, documents });
  if (out === undefined) {
    if (content !== '') session.io.out(content.trimEnd() as Printable);
    return;
  }
  try {
    await writeFile(out, content);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new Problem(`${out} cannot be written: ${code || message}`, EXIT.usage);
  }
  session.note(text`${counted(rows.length, 'row')} written to ${printable(out)}`);
}

/** Every form has been cleaned for the terminal: CSV cell by cell, JSON by escapes. */
async function contentOf(session: Session, format: Format, handed: Handed): Promise<string> {
  const { command, rows, documents } = handed;
  switch (format) {
    case 'csv':
      return csvOf(rows);
    case 'jsonl':
      return documents.map((document) => `${jsonText(document)}\n`).join('');
    case 'ocsf':
      return `${jsonText(ocsfOf(rows, await session.catalogue(), version()), 2)}\n`;
    case 'sarif':
      return `${jsonText(sarifOf(rows, await session.catalogue(), { command, version: version() }), 2)}\n`;
  }
}
