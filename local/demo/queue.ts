import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { ROOT } from '../aws';
import type { Installation } from '../installation';
import { localEnvironment } from '../loopback';

/** What the demo deploys, from the root of the repository. */
export const DEMO_CONFIG = 'local/demo/config.ts';

/** Where the demo writes its report, from the root of the repository. */
export const REPORT = path.join('.selfheal', 'demo-report.html');

/** Shows the queue with the command that an operator uses: `npx selfheal queue`. */
export async function showQueue(installation: Installation, say: (line?: string) => void): Promise<void> {
  say('  $ npx selfheal queue');
  await selfheal(installation, ['queue'], say);
}

/** Writes the report with the command that an operator uses, while the installation still stands. */
export async function writeReport(installation: Installation): Promise<void> {
  await selfheal(
    installation,
    ['report', '--since', '1d', '--out', path.join(ROOT, REPORT)],
    () => undefined,
  );
}

async function selfheal(
  { endpoint, region }: Installation,
  argv: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  const child = spawn(process.execPath, [path.join(ROOT, 'cli', 'selfheal.mjs'), ...argv], {
    env: {
      ...localEnvironment(endpoint, region),
      SELFHEAL_CONFIG: DEMO_CONFIG,
      // Every line is moved in by two.
      COLUMNS: String((process.stdout.columns || 140) - 2),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of readline.createInterface(child.stdout)) say(`  ${line}`);
}
