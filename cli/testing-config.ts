import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For all tests of a file: a folder, and in it a config.ts that commands find and that is not there when a test begins. */
export function configInItsOwnFolder(): { readonly folder: string; readonly file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'selfheal-config-'));
  const file = join(folder, 'config.ts');
  beforeEach(() => {
    process.env.SELFHEAL_CONFIG = file;
    rmSync(file, { force: true });
  });
  afterAll(() => {
    delete process.env.SELFHEAL_CONFIG;
    rmSync(folder, { recursive: true });
  });
  return { folder, file };
}
