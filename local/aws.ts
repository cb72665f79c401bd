import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { assertLoopback } from './loopback';

/** Where the repository is; everything that a run leaves behind goes into `.selfheal` there. */
export const ROOT = path.dirname(__dirname);

/** AWS on this machine. */
export interface LocalAws {
  /** `http://127.0.0.1:<port>`, for AWS_ENDPOINT_URL. */
  endpoint: string;
  port: number;
  /** The server's process; `undefined` when somebody else's server is used. */
  pid: number | undefined;
  /** Tells the server who runs the functions. */
  attachLambdaHost(url: string): Promise<void>;
  /** Ends the server and waits until it is gone. */
  stop(): Promise<void>;
}

/** Something that a person can put right; its message is one sentence for them. */
export class LocalError extends Error {
  override name = 'LocalError';
}

interface AwsOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Where functions run; can be told later. */
  lambdaHost?: string;
  /** What the server says: tracebacks, and resource types that it skips. */
  onLine?: (line: string) => void;
}

type Runtime = { kind: 'python'; python: string } | { kind: 'container'; engine: string; image: string };

interface Ready {
  ready: boolean;
  port?: number;
  error?: string;
}

/**
 * Starts moto's server with selfheal's mends, by the runtime that `local/setup.mjs` recorded.
 * With SELFHEAL_USE_ENDPOINT=1 the server at AWS_ENDPOINT_URL is used instead; it must be on the loopback address.
 *
 * @throws LocalError when set-up has not run, the port is taken, or the server ends before it is ready.
 */
export async function startAws(options: AwsOptions = {}): Promise<LocalAws> {
  if (process.env.SELFHEAL_USE_ENDPOINT === '1' && process.env.AWS_ENDPOINT_URL) {
    return someoneElses(process.env.AWS_ENDPOINT_URL, options);
  }
  const port = options.port ?? 0;
  const child = launch(readRuntime(), port, options.lambdaHost);
  const endOnExit = () => child.kill('SIGKILL');
  process.once('exit', endOnExit);
  const ready = await firstLine(child, port, options.onLine);
  const endpoint = `http://127.0.0.1:${ready}`;
  return {
    endpoint,
    port: ready,
    pid: child.pid,
    attachLambdaHost: (url) => attach(endpoint, url),
    stop: async () => {
      process.off('exit', endOnExit);
      await end(child);
    },
  };
}

async function someoneElses(endpoint: string, options: AwsOptions): Promise<LocalAws> {
  assertLoopback(endpoint);
  if (options.lambdaHost) await attach(endpoint, options.lambdaHost);
  return {
    endpoint: endpoint.replace(/\/$/, ''),
    port: Number(new URL(endpoint).port),
    pid: undefined,
    attachLambdaHost: (url) => attach(endpoint, url),
    stop: () => Promise.resolve(),
  };
}

function readRuntime(): Runtime {
  const file = path.join(ROOT, '.selfheal', 'aws-runtime.json');
  if (!existsSync(file)) {
    throw new LocalError('Local AWS is not set up yet: run `node local/setup.mjs` once.');
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Runtime;
}

function launch(
  runtime: Runtime,
  port: number,
  lambdaHost: string | undefined,
): ChildProcessWithoutNullStreams {
  const [command, args] =
    runtime.kind === 'python' ? pythonCommand(runtime.python, port) : containerCommand(runtime, port);
  const host = lambdaHost === undefined ? [] : ['--lambda-host', lambdaHost];
  return spawn(command, [...args, ...host], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
}

function pythonCommand(python: string, port: number): [string, string[]] {
  return [path.join(ROOT, python), [path.join(ROOT, 'local', 'aws', 'launcher.py'), '--port', String(port)]];
}

function containerCommand(runtime: { engine: string; image: string }, port: number): [string, string[]] {
  const mounts = ['local/aws', 'shared/aws'].flatMap((room) => [
    '-v',
    `${path.join(ROOT, room)}:/selfheal/${room}:ro`,
  ]);
  // On Linux the host's network makes both loopbacks one; elsewhere the engine's virtual machine stands between.
  const shared = os.platform() === 'linux';
  const network = shared ? ['--network', 'host'] : ['-p', `127.0.0.1:${port}:${port}`];
  const host = shared ? [] : ['--host', '0.0.0.0', '--lambda-host-name', 'host.docker.internal'];
  const run = ['run', '--rm', '-i', ...network, ...mounts, '--entrypoint', 'python', runtime.image];
  if (!shared && port === 0)
    throw new LocalError('In a container local AWS needs a port: give one with --port.');
  return [runtime.engine, [...run, '/selfheal/local/aws/launcher.py', '--port', String(port), ...host]];
}

async function firstLine(
  child: ChildProcessWithoutNullStreams,
  port: number,
  onLine: AwsOptions['onLine'],
): Promise<number> {
  const said: string[] = [];
  readline.createInterface(child.stderr).on('line', (line) => {
    onLine?.(line);
    said.push(line);
    if (said.length > 40) said.shift();
  });
  const ready = await new Promise<Ready>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      resolve({ ready: false });
    });
    readline.createInterface(child.stdout).once('line', (line) => {
      resolve(JSON.parse(line) as Ready);
    });
  });
  if (ready.port !== undefined) return ready.port;
  if (ready.error === 'EADDRINUSE') throw portTaken(port);
  const reason = ready.error ?? said.slice(-8).join('\n');
  throw new LocalError(`Local AWS ended before it was ready: ${reason || 'it said nothing'}`);
}

/** The sentence for a port that somebody else listens on. */
export function portTaken(port: number): LocalError {
  return new LocalError(`port ${port} is taken: stop what listens there, or choose another with --port`);
}

async function attach(endpoint: string, url: string): Promise<void> {
  assertLoopback(url);
  const body = JSON.stringify({ url });
  const answer = await fetch(`${endpoint}/selfheal/lambda-host`, { method: 'POST', body });
  if (!answer.ok) {
    throw new LocalError(
      `The server at ${endpoint} does not run selfheal's launcher; no function can run there.`,
    );
  }
}

async function end(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.stdin.end();
  const impatient = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await gone;
  clearTimeout(impatient);
}
