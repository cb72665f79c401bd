import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..');

/** What cfn-lint says of templates, errors and warnings: nothing on either stream when it is fine. */
export async function cfnLint(...templatePaths: readonly string[]): Promise<unknown> {
  const linted = promisify(execFile)(executable(), ['--', ...templatePaths]);
  // Its findings are on stdout; a rejection carries them, or says that there is no cfn-lint.
  return linted.catch((error: unknown) => {
    const said = String((error as { stdout?: string }).stdout);
    const left = said.replaceAll(NEWER, '').trim();
    return said !== '' && left === '' ? { stdout: '', stderr: '' } : left || error;
  });
}

/**
 * Types that CloudFormation has had since this version of cfn-lint: what it says of them, and where. Source:
 * CloudFormation Template Reference, AWS::SecurityHub::ActionTarget.
 */
const NEWER = /^E3006 Resource type 'AWS::SecurityHub::ActionTarget' does not exist in '[\w-]+'\n.+\n*/gm;

/** Beside the Python that local/setup.mjs recorded. */
function executable(): string {
  const recorded = join(ROOT, '.selfheal', 'aws-runtime.json');
  const { python } = (existsSync(recorded) ? JSON.parse(readFileSync(recorded, 'utf8')) : {}) as {
    python?: string;
  };
  if (!python)
    throw new Error('cfn-lint needs Python 3.10 or newer with its venv module: install it and run npm test');
  return join(ROOT, dirname(python), process.platform === 'win32' ? 'cfn-lint.exe' : 'cfn-lint');
}
