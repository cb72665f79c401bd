import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './aws';
import { type Environment, type InvokeResult, startEnvironment } from './lambda-environment';
import {
  currentRevision,
  FunctionNotFound,
  functionSource,
  type LambdaFunction,
  loadFunction,
  tellFailure,
} from './lambda-function';

/** One finished invoke, for a timeline. */
export interface InvokeEvent {
  functionName: string;
  kind: InvokeKind;
  payload: string;
  result: InvokeResult;
  milliseconds: number;
}

/** As in the Lambda API: wait for the answer, or take it on and answer at once. */
export type InvokeKind = 'RequestResponse' | 'Event';

/** Runs deployed functions on this machine. */
export interface LambdaHost {
  /** Speaks the Invoke operation of the Lambda API. */
  url: string;
  /** Invokes by ARN and waits; for an asynchronous invoke it waits for the retries too. */
  invoke(arn: string, payload: string, kind?: InvokeKind): Promise<InvokeResult>;
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** How the host is set up. */
export interface LambdaHostOptions {
  endpoint: string;
  port?: number;
  /** Each function's output goes to `<function>.log` here; default `.selfheal/logs`. */
  logDirectory?: string;
  /** Environments of one function at the same time; further invokes wait. */
  concurrency?: number;
  /** Before the first, second … retry of an asynchronous invoke. AWS waits one and two minutes. */
  retryDelaysMs?: number[];
  /** How long an environment that has nothing to do is kept; default a minute. */
  idleMs?: number;
  /** Hands every asynchronous invoke over twice at the same time: Lambda promises at least once. */
  duplicates?: boolean;
  onLog?: (functionName: string, line: string) => void;
  onInvoke?: (event: InvokeEvent) => void;
}

interface Pool {
  loaded: Promise<LambdaFunction>;
  checkedAt: number;
  environments: Environment[];
  waiting: (() => void)[];
}

const RECHECK_MS = 1_000;

/** Starts the host; tell local AWS its `url`. */
export async function startLambdaHost(options: LambdaHostOptions): Promise<LambdaHost> {
  const codeDirectory = await mkdtemp(path.join(os.tmpdir(), 'selfheal-code-'));
  const source = functionSource(options.endpoint, codeDirectory);
  const logs = openLogs(options.logDirectory ?? path.join(ROOT, '.selfheal', 'logs'), options.onLog);
  const pools = new Map<string, Pool>();
  const running = new Set<Promise<unknown>>();
  const { idleMs = 60_000 } = options;
  let stopped = false;

  async function runOnce(arn: string, payload: string, kind: InvokeKind): Promise<InvokeResult> {
    const pool = await poolOf(arn);
    const fn = await pool.loaded;
    const environment = await takeEnvironment(pool, fn);
    const started = Date.now();
    try {
      const result = await environment.run(payload);
      // What is killed because everything stops is no failure of the function's.
      if (stopped) return result;
      options.onInvoke?.({
        functionName: fn.name,
        kind,
        payload,
        result,
        milliseconds: Date.now() - started,
      });
      if (result.functionError) logs.write(fn.name, `invoke failed: ${result.payload.slice(0, 500)}`);
      return result;
    } finally {
      giveBack(pool, environment);
    }
  }

  async function poolOf(arn: string): Promise<Pool> {
    const known = pools.get(arn);
    if (!known) {
      const pool: Pool = {
        loaded: loadFunction(source, arn),
        checkedAt: Date.now(),
        environments: [],
        waiting: [],
      };
      pools.set(arn, pool);
      pool.loaded.catch(() => pools.delete(arn));
      return pool;
    }
    if (Date.now() - known.checkedAt < RECHECK_MS) return known;
    known.checkedAt = Date.now();
    const fn = await known.loaded;
    if ((await currentRevision(source, arn)) !== fn.revision || Date.now() > fn.freshUntil) {
      known.loaded = loadFunction(source, arn);
      await known.loaded;
    }
    return known;
  }

  async function takeEnvironment(pool: Pool, fn: LambdaFunction): Promise<Environment> {
    const limit = Math.max(1, Math.min(options.concurrency ?? 4, fn.reservedConcurrency ?? Infinity));
    for (;;) {
      retire(pool, idleMs, fn.revision);
      const idle = pool.environments.find((each) => !each.busy);
      if (idle) {
        idle.busy = true;
        return idle;
      }
      if (pool.environments.length < limit) {
        const started = startEnvironment(fn, (line) => {
          logs.write(fn.name, line);
        });
        pool.environments.push(started);
        return started;
      }
      await new Promise<void>((resolve) => pool.waiting.push(resolve));
      if (stopped) throw new Error('the local Lambda host is stopping');
    }
  }

  function giveBack(pool: Pool, environment: Environment): void {
    environment.busy = false;
    environment.idleSince = Date.now();
    pool.waiting.shift()?.();
  }

  async function invoke(arn: string, payload: string, kind: InvokeKind = 'RequestResponse') {
    const work = kind === 'Event' ? asynchronously(arn, payload) : runOnce(arn, payload, kind);
    running.add(work);
    return work.finally(() => running.delete(work));
  }

  async function asynchronously(arn: string, payload: string): Promise<InvokeResult> {
    const [result] = await Promise.all([
      withRetries(arn, payload),
      ...(options.duplicates ? [withRetries(arn, payload)] : []),
    ]);
    return result;
  }

  async function withRetries(arn: string, payload: string): Promise<InvokeResult> {
    const delays = options.retryDelaysMs ?? [500, 1_000];
    for (let attempt = 0; ; attempt += 1) {
      const result = await runOnce(arn, payload, 'Event');
      const fn = await pools.get(arn)?.loaded;
      if (!result.functionError || stopped || !fn) return result;
      if (attempt >= fn.retries) {
        await tellFailure(source, fn, payload, result, attempt + 1);
        return result;
      }
      await sleep(delays[attempt] ?? delays.at(-1) ?? 0);
    }
  }

  const sweep = setInterval(() => {
    for (const pool of pools.values()) retire(pool, idleMs);
  }, 5_000);
  sweep.unref();
  const server = http.createServer((request, response) => {
    void serve(request, response, invoke);
  });
  // Who invokes keeps its connections. One that closed here while a request is under way would lose an invocation.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    invoke,
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
    stop: async () => {
      stopped = true;
      clearInterval(sweep);
      server.close();
      server.closeAllConnections();
      for (const pool of pools.values()) {
        for (const environment of pool.environments) environment.kill();
        for (const wake of pool.waiting) wake();
      }
      await Promise.allSettled(running);
      logs.close();
      await rm(codeDirectory, { recursive: true, force: true });
    },
  };
}

/** Lets go of what is broken, old or long unused; without a revision only of the long unused. */
function retire(pool: Pool, idleMs: number, revision?: string): void {
  pool.environments = pool.environments.filter((environment) => {
    const old = revision !== undefined && environment.revision !== revision;
    const unused = Date.now() - environment.idleSince > idleMs;
    if (environment.busy || !(environment.retired || old || unused)) return true;
    environment.kill();
    return false;
  });
}

async function serve(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  invoke: LambdaHost['invoke'],
): Promise<void> {
  const name = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(request.url ?? '')?.[1];
  if (!name || request.method !== 'POST') {
    response.writeHead(404).end();
    return;
  }
  const payload = (await body(request)) || '{}';
  const arn = decodeURIComponent(name);
  if (!isJson(payload)) {
    const message = 'Could not parse request body into json';
    response.writeHead(400).end(JSON.stringify({ Type: 'User', Message: message }));
    return;
  }
  if (request.headers['x-amz-invocation-type'] === 'Event') {
    // As on AWS, nobody hears of what becomes of it; the function's log does.
    invoke(arn, payload, 'Event').catch(() => undefined);
    response.writeHead(202).end();
    return;
  }
  try {
    const result = await invoke(arn, payload);
    if (result.functionError) response.setHeader('X-Amz-Function-Error', result.functionError);
    response.writeHead(200, { 'content-type': 'application/json' }).end(result.payload);
  } catch (error) {
    const status = error instanceof FunctionNotFound ? 404 : 500;
    response.writeHead(status).end(JSON.stringify({ Message: String(error) }));
  }
}

async function body(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function openLogs(directory: string, onLog: LambdaHostOptions['onLog']) {
  mkdirSync(directory, { recursive: true });
  const files = new Map<string, WriteStream>();
  return {
    write(functionName: string, line: string) {
      let file = files.get(functionName);
      if (!file) {
        file = createWriteStream(path.join(directory, `${functionName}.log`));
        files.set(functionName, file);
      }
      file.write(`${line}\n`);
      onLog?.(functionName, line);
    },
    close() {
      for (const file of files.values()) file.end();
    },
  };
}
