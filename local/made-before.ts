import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './aws';

/** What follows from no test. */
const TEST = /\.(test|typetest)\.ts$/;

/** Tells one content of files, and of folders with all that is in them but tests, from every other. */
export function digestOf(paths: readonly string[], ...more: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesIn)) {
    const content = readFileSync(path);
    hash.update(`${relative(ROOT, path)}\0${content.length}\0`).update(content);
  }
  for (const each of more) hash.update(`${each}\0`);
  return hash.digest('hex');
}

/**
 * The path in `.selfheal` where a result of that kind lies, or is to be put. So many of a kind are kept, the last ones:
 * changes are often taken back.
 */
export function placeOf(kind: string, digest: string, kept: number): string {
  const folder = join(ROOT, '.selfheal', kind);
  mkdirSync(folder, { recursive: true });
  const others = readdirSync(folder)
    .filter((name) => name !== digest)
    .map((name) => ({
      path: join(folder, name),
      at: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((one, other) => other.at - one.at);
  for (const { path } of others.slice(kept - 1)) rmSync(path, { recursive: true, force: true });
  return join(folder, digest);
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .filter((name) => !TEST.test(name))
    .flatMap((name) => filesIn(join(path, name)));
}
