import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { stdin } from 'node:process';
import { Problem } from '../../terminal/errors';

/** More than any tool's settings come to. */
const MOST_BYTES = 8 * 1024 * 1024;

/** The text of a file of settings, with the name that it goes by in messages. */
export interface Settings {
  readonly file: string;
  readonly text: string;
}

/**
 * Reads a file of settings, or what is piped in (`-`). It is text, and never run.
 *
 * @throws Problem when it is not there, no file, too large, or no text.
 */
export async function settingsIn(file: string): Promise<Settings> {
  return { file: file === '-' ? 'stdin' : file, text: textOf(file, await bytesOf(file)) };
}

async function bytesOf(file: string): Promise<Buffer> {
  if (file === '-') return await firstOf(stdin as AsyncIterable<Buffer>, file);
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    // A device or a pipe may have no end.
    if (!(await handle.stat()).isFile()) throw new Problem(`${file} is no file`);
    return await firstOf(handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>, file);
  } catch (error) {
    if (error instanceof Problem) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    throw new Problem(`${file} cannot be read: ${why}`);
  } finally {
    await handle?.close();
  }
}

async function firstOf(stream: AsyncIterable<Buffer>, file: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > MOST_BYTES) throw new Problem(`${file} is larger than 8 MB: no settings are`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function textOf(file: string, bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below.
  }
  throw new Problem(`${file} is no text in UTF-8: give the settings as they stand in the repository`);
}
