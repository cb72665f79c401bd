import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import { LocalError, ROOT } from './aws';
import { localEnvironment } from './loopback';

/** What to deploy, and where to. */
export interface DeployOptions {
  endpoint: string;
  region: string;
  stage?: string;
  /** Added to the environment of `serverless`. */
  env?: Record<string, string>;
  /** Where serverless.yml is; default the repository. */
  directory?: string;
  /** `package` asks AWS nothing; `remove` takes the stack down. */
  command?: 'deploy' | 'package' | 'remove';
  /** A command that runs the one behind it. */
  through?: readonly string[];
  /** Told the process. */
  onStart?: (pid: number) => void;
  onLine?: (line: string) => void;
}

/**
 * Runs the real `serverless deploy` against local AWS.
 *
 * @throws LocalError with the last lines of its output when it fails.
 */
export async function deploy(options: DeployOptions): Promise<void> {
  const { command = 'deploy', directory = ROOT, endpoint, region } = options;
  const stage = options.stage === undefined ? [] : ['--stage', options.stage];
  const [program = '', ...args] = [
    ...(options.through ?? []),
    ...[process.execPath, serverless(), command, '--region', region, ...stage],
  ];
  const child = spawn(program, args, {
    cwd: directory,
    env: {
      ...localEnvironment(endpoint, region),
      SLS_TELEMETRY_DISABLED: '1',
      SLS_NOTIFICATIONS_MODE: 'off',
      SLS_GEO_LOCATION: 'none',
      // Between two looks at the stack; against AWS it is five seconds.
      SLS_AWS_MONITORING_FREQUENCY: '250',
      CI: '1',
      FORCE_COLOR: '0',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  if (child.pid !== undefined) options.onStart?.(child.pid);
  const endOnExit = () => child.kill('SIGKILL');
  process.once('exit', endOnExit);
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    readline.createInterface(stream).on('line', (line) => {
      said.push(line);
      options.onLine?.(line);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  process.off('exit', endOnExit);
  if (code === 0) return;
  const tail = said.filter((line) => line.trim()).slice(-20);
  throw new LocalError(`\`serverless ${command}\` failed:\n${tail.join('\n')}`);
}

function serverless(): string {
  const manifest = createRequire(__filename).resolve('serverless/package.json');
  return path.join(path.dirname(manifest), 'bin', 'serverless.js');
}
