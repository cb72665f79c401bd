import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { constants } from 'node:buffer';
import type { Readable } from 'node:stream';
import { text as streamText } from 'node:stream/consumers';
import { type Received, unwrap } from '../functions/findings/records';
import { asItsSourceSpeaks } from './raw-findings';
import { Problem } from './terminal/errors';

/** A finding of a file, as a message: what makes it one of its source's is put around it. */
export interface Filed extends Received {
  readonly file: string;
  /** It gives itself no id: its text stands for one. */
  readonly isUnnamed: boolean;
}

/**
 * The findings in files, or in what is piped in (`-`): one, a list, `{ "Findings": […] }` as the AWS CLI prints them,
 * or one a line. What has one a line is read line by line, anything else as a whole.
 *
 * @throws Problem when a file is not there or holds no JSON.
 */
export async function* findingsIn(files: readonly string[]): AsyncGenerator<Filed> {
  for (const file of files) {
    let count = 0;
    for await (const item of itemsIn(file)) {
      for (const received of unwrap(asItsSourceSpeaks(item))) {
        count += 1;
        const isUnnamed = received.messageId === 'unknown';
        const id = createHash('sha256').update(received.text).digest('hex').slice(0, 32);
        yield { ...received, ...(isUnnamed && { messageId: id }), file, isUnnamed };
      }
    }
    if (count === 0) throw new Problem(`${file} holds no finding`);
  }
}

async function* itemsIn(file: string): AsyncGenerator {
  if (file === '-') {
    yield* itemsOf(await streamText(process.stdin), file);
    return;
  }
  try {
    if (await isOneALine(file)) {
      yield* linesOf(createReadStream(file), file);
      return;
    }
    yield* itemsOf(await wholeOf(file), file);
  } catch (error) {
    if (error instanceof Problem) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : String(error);
    throw new Problem(`${file} cannot be read: ${why}`);
  }
}

/** How much of a file is looked at to see whether its first line is a finding. */
const HEAD_BYTES = 1024 * 1024;

async function isOneALine(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const [first = '', second] = buffer.toString('utf8', 0, bytesRead).trimStart().split('\n', 2);
    return second !== undefined && first.startsWith('{') && parsed(first) !== undefined;
  } finally {
    await handle.close();
  }
}

async function* linesOf(stream: Readable, file: string): AsyncGenerator {
  let number = 0;
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    const item = parsed(line);
    if (item === undefined) throw new Problem(`${file}: line ${number} is not JSON`);
    yield item;
  }
}

async function wholeOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    if (size > constants.MAX_STRING_LENGTH) {
      throw new Problem(
        `${file} is too large to be read as a whole: give it one finding a line, as jq -c ".Findings[]" writes them`,
      );
    }
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function* itemsOf(content: string, file: string): Generator {
  const whole = parsed(content);
  const { Findings, findings } = (whole ?? {}) as { Findings?: unknown; findings?: unknown };
  const list = [whole, Findings, findings].find((each): each is unknown[] => Array.isArray(each));
  if (list) {
    yield* list;
    return;
  }
  if (whole !== undefined) {
    yield whole;
    return;
  }
  const lines = content.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2)
    throw new Problem(`${file} holds no JSON: give it one finding, a list, or one a line`);
  for (const [index, line] of lines.entries()) {
    const item = parsed(line);
    if (item === undefined) throw new Problem(`${file}: line ${index + 1} is not JSON`);
    yield item;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
