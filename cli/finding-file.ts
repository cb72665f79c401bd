import { readFile } from 'node:fs/promises';
import { text as streamText } from 'node:stream/consumers';
import { type Received, unwrap } from '../functions/findings/records';
import { Problem } from './terminal/errors';

/**
 * The findings in a file, or in what is piped in (`-`): one, a list, `{ "Findings": […] }` as ASFF exports have it, or
 * one a line.
 *
 * @throws Problem when the file is not there or holds no JSON.
 */
export async function findingsIn(file: string): Promise<Received[]> {
  const content = await contentOf(file);
  return itemsOf(content, file).flatMap((item) => unwrap(item));
}

async function contentOf(file: string): Promise<string> {
  if (file === '-') return streamText(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const why = (error as { code?: string }).code === 'ENOENT' ? 'there is no such file' : String(error);
    throw new Problem(`${file} cannot be read: ${why}`);
  }
}

function itemsOf(content: string, file: string): unknown[] {
  const whole = parsed(content);
  if (Array.isArray(whole)) return whole;
  const { Findings: list } = (whole ?? {}) as { Findings?: unknown };
  if (Array.isArray(list)) return list;
  if (whole !== undefined) return [whole];
  const lines = content.split('\n').filter((line) => line.trim() !== '');
  const items = lines.map(parsed);
  const bad = items.findIndex((item) => item === undefined);
  if (lines.length > 1 && bad < 0) return items;
  throw new Problem(
    lines.length > 1
      ? `${file}: line ${bad + 1} is not JSON`
      : `${file} holds no JSON: give it one finding, a list, or one a line`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
