import { randomUUID } from 'node:crypto';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { SQSRecord } from 'aws-lambda';
import type { NotificationChannel } from '../../../shared/config/notifications';
import { newWorld } from '../../../testing/world';
import { type Answer, PLACE, listen } from '../testing';
import { book } from './book';
import type { Line } from './line';
import { channelsOf } from './make';
import { channelTeller } from './tell';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** A request as a service got it. */
export interface Got {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** The body as JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** A service on this machine that answers in turn, and then always as `usual` says. */
export interface Service {
  readonly url: string;
  readonly got: Got[];
  /** What the next requests meet, one each. */
  readonly next: (...answers: readonly Answer[]) => void;
  readonly close: () => Promise<void>;
}

/** Starts a {@link Service}. */
export async function service(usual: (got: Got) => Answer): Promise<Service> {
  const got: Got[] = [];
  const scripted: Answer[] = [];
  const server = await listen((request, body, response) => {
    const one = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body,
      json: (body ? JSON.parse(body) : {}) as Got['json'],
    };
    got.push(one);
    const answer = scripted.shift() ?? usual(one);
    if (answer === 'hang') return;
    response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
  });
  return {
    ...server,
    got,
    next: (...answers) => {
      scripted.push(...answers);
    },
  };
}

/** An answer in JSON. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** A name under which local AWS keeps this text. */
export async function keeping(text: string): Promise<string> {
  const Name = `/test/${randomUUID()}`;
  await new SSMClient({}).send(new PutParameterCommand({ Name, Type: 'SecureString', Value: text }));
  return Name;
}

/** What was logged. */
export interface Logged {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Channels with their function, whose book lies in a table of local AWS. Nobody waits, and silence is short. */
export async function telling(channels: readonly NotificationChannel[], over: Partial<Line> = {}) {
  const { account, environment } = await newWorld();
  const logged: Logged[] = [];
  const waited: number[] = [];
  const quick = {
    timeoutMs: 300,
    backoffMs: [1, 1],
    sleep: (ms: number) => Promise.resolve(void waited.push(ms)),
    ...over,
  };
  const byName = channelsOf(channels, PLACE, quick);
  const tell = channelTeller({
    channelOf: (arn) => byName.get(arn),
    book: book(environment.journalTable, account.client(DynamoDBClient)),
    place: PLACE,
    log: (level, message, fields) => {
      logged.push({ level, message, fields: { ...fields } });
    },
  });
  /** Tells the channel of this name, and answers with the numbers of the records that come back. */
  const telling = async (
    name: string,
    events: readonly unknown[],
    remainingMs = 30_000,
  ): Promise<number[]> => {
    const Records = events.map(
      (event, index) =>
        ({
          messageId: String(index),
          eventSourceARN: name,
          body: typeof event === 'string' ? event : JSON.stringify(event),
        }) as SQSRecord,
    );
    const { batchItemFailures } = await tell({ Records }, { getRemainingTimeInMillis: () => remainingMs });
    return batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier));
  };
  return { logged, waited, tell: telling };
}
