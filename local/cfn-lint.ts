import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { placeOf, digestOf } from './made-before';

const ROOT = join(__dirname, '..');
const REQUIREMENTS = join(ROOT, 'local/aws/requirements.txt');

const FINE = { stdout: '', stderr: '' };

/**
 * What cfn-lint says of templates, errors and warnings: nothing on either stream when it is fine. That it was is
 * remembered of their content and of the locked version of cfn-lint.
 */
export async function cfnLint(...templatePaths: readonly string[]): Promise<unknown> {
  const contents = templatePaths.map((path) => readFileSync(path, 'utf8'));
  const remembered = placeOf('linted', digestOf([REQUIREMENTS], NEWER.source, ...contents), 50);
  if (existsSync(remembered)) return FINE;
  const said = await lint(templatePaths);
  if (isDeepStrictEqual(said, FINE)) writeFileSync(remembered, '');
  return said;
}

async function lint(templatePaths: readonly string[]): Promise<unknown> {
  const linted = promisify(execFile)(executable(), ['--', ...templatePaths]);
  // Its findings are on stdout; a rejection carries them, or says that there is no cfn-lint.
  return linted.catch((error: unknown) => {
    const said = String((error as { stdout?: string }).stdout);
    const left = said.replaceAll(NEWER, '').trim();
    return said !== '' && left === '' ? FINE : left || error;
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
