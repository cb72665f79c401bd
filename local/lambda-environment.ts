import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import readline from 'node:readline';
import { ROOT } from './aws';
import type { LambdaFunction } from './lambda-function';

/** What an invoke answered; `functionError` is set when the handler failed. */
export interface InvokeResult {
  payload: string;
  functionError?: 'Unhandled';
}

/** One execution environment: a child process that runs one event at a time. */
export interface Environment {
  readonly revision: string;
  busy: boolean;
  idleSince: number;
  /** No more events after this one: its code is old, its credentials end, or it is broken. */
  readonly retired: boolean;
  run(payload: string): Promise<InvokeResult>;
  kill(): void;
}

interface FromChild {
  type: 'ready' | 'result' | 'error' | 'fatal';
  payload?: string;
}

const INIT_SECONDS = 30;

/** Starts a child for the function; it loads the code when its first event comes. */
export function startEnvironment(fn: LambdaFunction, onLine: (line: string) => void): Environment {
  const runtime = path.join(__dirname, 'lambda-runtime.cjs');
  const packages = path.join(ROOT, 'node_modules');
  const child = spawn(process.execPath, [runtime, fn.directory, fn.handler, packages], {
    cwd: fn.directory,
    env: fn.environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    windowsHide: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) readline.createInterface(stream).on('line', onLine);
  }
  let dead = false;
  child.once('exit', () => (dead = true));
  child.on('error', () => (dead = true));
  const ready = nextMessage(child, INIT_SECONDS * 1000);
  const broken = (outcome: Outcome, id: string, seconds: number) => {
    dead = true;
    kill(child);
    return failed(outcome, id, seconds);
  };

  return {
    revision: fn.revision,
    busy: true,
    idleSince: Date.now(),
    get retired() {
      return dead || Date.now() > fn.freshUntil;
    },
    async run(payload) {
      const started = await ready;
      if (started.type !== 'ready') return broken(started, '', INIT_SECONDS);
      const id = randomUUID();
      const limit = fn.timeout * 1000;
      child.send({
        id,
        event: JSON.parse(payload) as unknown,
        context: fn.context,
        deadline: Date.now() + limit,
      });
      const message = await nextMessage(child, limit);
      if (message.type === 'result') return { payload: message.payload ?? 'null' };
      if (message.type === 'error') return { payload: message.payload ?? 'null', functionError: 'Unhandled' };
      return broken(message, id, fn.timeout);
    },
    kill: () => {
      dead = true;
      kill(child);
    },
  };
}

type Outcome = FromChild | { type: 'timeout' } | { type: 'exit'; code: number | null };

function nextMessage(child: ChildProcess, milliseconds: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const settle = (outcome: Outcome) => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit).off('error', onError);
      resolve(outcome);
    };
    const onMessage = (message: unknown) => {
      settle(message as FromChild);
    };
    const onExit = (code: number | null) => {
      settle({ type: 'exit', code });
    };
    const onError = () => {
      settle({ type: 'exit', code: -1 });
    };
    const timer = setTimeout(() => {
      settle({ type: 'timeout' });
    }, milliseconds);
    child.on('message', onMessage).on('exit', onExit).on('error', onError);
    if (child.exitCode !== null) settle({ type: 'exit', code: child.exitCode });
  });
}

/** Failures in the shapes of the Lambda API: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
function failed(outcome: Outcome, id: string, seconds: number): InvokeResult {
  const payload = (errorType: string, errorMessage: string): InvokeResult => ({
    payload: JSON.stringify({ errorType, errorMessage }),
    functionError: 'Unhandled',
  });
  if (outcome.type === 'timeout') {
    return payload(
      'Sandbox.Timedout',
      `RequestId: ${id} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
    );
  }
  if (outcome.type === 'exit') {
    return payload(
      'Runtime.ExitError',
      `RequestId: ${id} Error: Runtime exited: exit status ${outcome.code}`,
    );
  }
  return { payload: outcome.payload ?? 'null', functionError: 'Unhandled' };
}

function kill(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}
