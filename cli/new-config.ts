import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Problem } from './terminal/errors';
import { EXIT } from './terminal/exit-codes';

/**
 * Where a new config.ts goes: the file that is named, or that SELFHEAL_CONFIG names, or config.ts in this folder.
 *
 * @throws Problem when there is one already and it is not to be overwritten.
 */
export function newConfigFile(named: string | undefined, force = false): string {
  // As deploy/config-path.cjs reads it; an empty one names none.
  const file = resolve(named ?? (process.env.SELFHEAL_CONFIG || 'config.ts')); // eslint-disable-line @typescript-eslint/prefer-nullish-coalescing
  if (!force && existsSync(file)) throw thereIsOne(file);
  return file;
}

/**
 * Writes a new config.ts.
 *
 * @throws Problem when there is one by now, or it cannot be written.
 */
export async function writeNewConfig(file: string, source: string, force = false): Promise<void> {
  try {
    await writeFile(file, source, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === 'EEXIST' ? thereIsOne(file) : new Problem(`nothing was written: ${message}`, EXIT.failed);
  }
}

function thereIsOne(file: string): Problem {
  return new Problem(`nothing was written: there is ${file} already; --force overwrites it`, EXIT.refused);
}
