import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { ROOT } from '../aws';
import type { Installation } from '../installation';
import { localEnvironment } from '../loopback';

/** What the demo deploys, from the root of the repository. */
export const DEMO_CONFIG = 'local/demo/config.ts';

/** Shows the queue with the command that an operator uses: `npx selfheal queue`. */
export async function showQueue(
  { endpoint, region }: Installation,
  say: (line?: string) => void,
): Promise<void> {
  say('  $ npx selfheal queue');
  const child = spawn(process.execPath, [path.join(ROOT, 'cli', 'selfheal.mjs'), 'queue'], {
    env: {
      ...localEnvironment(endpoint, region),
      SELFHEAL_CONFIG: DEMO_CONFIG,
      COLUMNS: String(process.stdout.columns || 140),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of readline.createInterface(child.stdout)) say(`  ${line}`);
}
