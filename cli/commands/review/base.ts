import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Problem } from '../../terminal/errors';

const run = promisify(execFile);

/**
 * Hands over the path that a file had in a revision of its repository, with all that lay around it; `undefined`: it
 * was not there.
 *
 * @throws Problem when there is no repository, or no such revision in it.
 */
export async function atRevision<T>(
  path: string,
  revision: string,
  use: (earlier: string | undefined) => Promise<T>,
): Promise<T> {
  const git = (...args: readonly string[]) =>
    run('git', args, { cwd: dirname(path), maxBuffer: 1 << 20 }).then(({ stdout }) => stdout.trim());
  const folder = mkdtempSync(join(tmpdir(), 'selfheal-review-'));
  try {
    const commit = await git('rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`).catch(
      () => {
        throw new Problem(`${revision} is no revision of the repository of ${path}: fetch it first`);
      },
    );
    const root = await git('rev-parse', '--show-toplevel');
    const within = await git('ls-files', '--full-name', '--', path);
    if (within === '') return await use(undefined);
    const archive = join(folder, 'tree.tar');
    await run('git', ['archive', '--format=tar', `--output=${archive}`, commit], { cwd: root });
    await run('tar', ['-xf', archive, '-C', folder]);
    const modules = join(root, 'node_modules');
    if (existsSync(modules)) symlinkSync(modules, join(folder, 'node_modules'), 'junction');
    const earlier = join(folder, within);
    return await use(existsSync(earlier) ? earlier : undefined);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
