// AWS as far as a coordinator can see it, in a process of its own: every call is answered after the same 15 ms.
import { type ChildProcess, fork } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Remediation, groupOf } from '../shared/worker/message';
import { bodyOf } from './messages';

/** What the stub was asked for since the last `fill`. */
export interface Seen {
  /** Messages handed out. */
  readonly received: number;
  /** Invocations. */
  readonly invoked: number;
  /** Calls that a drain of usable messages has no reason to make. */
  readonly others: number;
  /** Most receives that waited for their answer at the same time. */
  readonly receivers: number;
}

/** The stub, as the process that started it sees it. */
export interface Stub {
  readonly endpoint: string;
  /** Puts so many messages on the queue, each of another group, and forgets what it has seen. */
  fill(messages: number): Promise<void>;
  seen(): Promise<Seen>;
  stop(): Promise<void>;
}

const ANSWER_AFTER_MS = 15;
const PER_RECEIVE = 10;

/** Starts the stub; it ends with this process, or when told to. */
export async function startStub(): Promise<Stub> {
  const child = fork(__filename, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const endOnExit = () => child.kill('SIGKILL');
  process.once('exit', endOnExit);
  const port = await firstWord(child);
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    fill: async (messages) => {
      await fetch(`${endpoint}/fill/${messages}`, { method: 'PUT' });
    },
    seen: async () => (await (await fetch(`${endpoint}/seen`)).json()) as Seen,
    stop: async () => {
      process.off('exit', endOnExit);
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.connected) child.disconnect();
      else child.kill('SIGKILL');
      await gone;
    },
  };
}

async function firstWord(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (port) => {
      resolve(port as number);
    });
    child.once('exit', (code) => {
      reject(new Error(`the stub of AWS ended with ${code ?? 'a signal'} before it was ready`));
    });
  });
}

function serve(): void {
  let left = 0;
  let next = 0;
  let waiting = 0;
  let seen = { received: 0, invoked: 0, others: 0, receivers: 0 };

  const receive = (): object => {
    const count = Math.min(left, PER_RECEIVE);
    left -= count;
    seen.received += count;
    return { Messages: Array.from({ length: count }, () => message(next++)) };
  };

  const server = http.createServer((request, response) => {
    request.resume();
    const { url = '', headers } = request;
    const target = headers['x-amz-target'];
    if (url === '/seen') {
      response.end(JSON.stringify(seen));
    } else if (url.startsWith('/fill/')) {
      left = Number(url.slice('/fill/'.length));
      seen = { received: 0, invoked: 0, others: 0, receivers: 0 };
      response.end();
    } else if (target === 'AmazonSQS.ReceiveMessage') {
      waiting += 1;
      seen.receivers = Math.max(seen.receivers, waiting);
      later(() => {
        waiting -= 1;
        response.setHeader('content-type', 'application/x-amz-json-1.0').end(JSON.stringify(receive()));
      });
    } else if (url.startsWith('/2015-03-31/functions/')) {
      seen.invoked += 1;
      later(() => {
        response.writeHead(202, { 'content-length': 0 }).end();
      });
    } else {
      seen.others += 1;
      later(() => {
        if (target) response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
        else published(response);
      });
    }
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.once('disconnect', () => process.exit(0));
}

function later(answer: () => void): void {
  setTimeout(answer, ANSWER_AFTER_MS);
}

function message(index: number): object {
  const Body = bodyOf(index);
  return {
    MessageId: randomUUID(),
    ReceiptHandle: `${randomUUID()}${randomUUID()}`,
    Body,
    MD5OfBody: createHash('md5').update(Body).digest('hex'),
    Attributes: {
      MessageGroupId: groupOf(JSON.parse(Body) as Remediation),
      SentTimestamp: String(Date.now()),
    },
  };
}

function published(response: http.ServerResponse): void {
  const result = `<PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult>`;
  response
    .setHeader('content-type', 'text/xml')
    .end(`<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${result}</PublishResponse>`);
}

if (require.main === module) serve();
