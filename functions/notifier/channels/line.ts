import { setTimeout as delay } from 'node:timers/promises';
import { lines } from '../escape';
import type { KeptSecret } from '../../../shared/kept-secret';
import { isPostable } from '../webhook';

/** Why a channel was not told. */
export class NotTold extends Error {
  constructor(
    message: string,
    readonly how: {
      /** The fault is not the news': the next would fare no better now. */
      readonly stop: boolean;
      /** Trying again at once, or after `waitMs`, may help. */
      readonly passes: boolean;
      /** It may have been done all the same. */
      readonly isUnsure?: boolean;
      readonly waitMs?: number;
    },
  ) {
    super(message);
    this.name = 'NotTold';
  }
}

/** The way to one service. All times are milliseconds. */
export interface Line {
  /** What logs call it: `Jira (jira-security)`. */
  readonly name: string;
  /** What requests are signed or signed in with. */
  readonly secret: KeptSecret;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** How long one request may take. */
  readonly timeoutMs: number;
  /** How long to wait before each further try. */
  readonly backoffMs: readonly number[];
}

/** A request, made of the kept secret. */
export type Ask = (secret: string) => {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** What a service answered. */
export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Less time than this is not worth a request. */
const SHORTEST_MS = 100;

/** What of an answer a log quotes. */
const QUOTED = 300;

/** A line with usual patience. */
export function line(name: string, secret: KeptSecret, over: Partial<Line> = {}): Line {
  return {
    name,
    secret,
    now: Date.now,
    sleep: delay,
    timeoutMs: 8000,
    backoffMs: [500, 2000, 5000],
    ...over,
  };
}

/**
 * Sends one request until the epoch millisecond `until` at the latest. A secret that is refused is read anew once.
 *
 * @param expects - Statuses beside 2xx that the caller understands.
 * @throws NotTold
 */
export async function call(
  { name, secret, now, timeoutMs }: Line,
  ask: Ask,
  until: number,
  expects: readonly number[] = [],
): Promise<Reply> {
  const first = await read(secret);
  const reply = await send(first);
  const isRefused = REFUSED.includes(reply.status) && !expects.includes(reply.status);
  const fresh = isRefused ? await read(secret, { fresh: true }) : first;
  return judged(fresh === first ? reply : await send(fresh), fresh);

  async function send(text: string): Promise<Reply & { readonly retryAfter: string | null }> {
    const left = until - now();
    if (left < SHORTEST_MS) {
      throw new NotTold(`${name}: the time of this run was up`, { stop: true, passes: false });
    }
    const { url, ...request } = asked(text);
    try {
      const response = await fetch(url, {
        ...request,
        // A page to sign in at is no answer, and what is sent is for that address alone.
        redirect: 'manual',
        signal: AbortSignal.timeout(Math.min(timeoutMs, left)),
      });
      const retryAfter = response.headers.get('retry-after');
      return { status: response.status, text: (await response.text()).slice(0, 100_000), retryAfter };
    } catch (error) {
      const why = withoutSecret(sentenceOf(error), text);
      throw new NotTold(`${name} did not answer: ${why}`, { stop: true, passes: true, isUnsure: true });
    }
  }

  function asked(text: string) {
    const request = ask(text);
    if (isPostable(request.url)) return request;
    const why = `${name}: its address is no https URL: ${secret.howToStore}`;
    throw new NotTold(why, { stop: true, passes: false });
  }

  function judged(answer: Reply & { readonly retryAfter: string | null }, text: string): Reply {
    const { status } = answer;
    if ((status >= 200 && status < 300) || expects.includes(status)) return answer;
    const quoted = withoutSecret(lines(answer.text, QUOTED).replaceAll('\n', ' '), text);
    const said = `${name} answered ${status} ${quoted}`.trim();
    if (status === 429) {
      const waitMs = waitOf(answer.retryAfter, now());
      throw new NotTold(`${said}: it asks to wait ${Math.ceil(waitMs / 1000)} s`, {
        ...{ stop: true, passes: true, waitMs },
      });
    }
    if (status >= 500 || status === 408) {
      throw new NotTold(said, { stop: true, passes: true, isUnsure: true });
    }
    if (REFUSED.includes(status) || status < 400) {
      const cure = `check the address in config.ts, or store what it takes: ${secret.howToStore}`;
      throw new NotTold(`${said}: ${cure}`, { stop: true, passes: false });
    }
    throw new NotTold(said, { stop: false, passes: false });
  }
}

/**
 * Does something until it is done, it cannot help to try again, or the time is up.
 *
 * @param act - Is told whether a try before may have been carried out.
 * @throws NotTold
 */
export async function persist<T>(
  { now, sleep, backoffMs }: Pick<Line, 'now' | 'sleep' | 'backoffMs'>,
  act: (again: boolean) => Promise<T>,
  until: number,
): Promise<T> {
  let again = false;
  for (let tries = 0; ; tries++) {
    try {
      return await act(again);
    } catch (error) {
      if (!(error instanceof NotTold) || !error.how.passes) throw error;
      const wait = Math.max(error.how.waitMs ?? 0, backoffMs[tries] ?? Infinity);
      if (now() + wait + SHORTEST_MS > until) throw error;
      again ||= error.how.isUnsure === true;
      await sleep(wait);
    }
  }
}

/** What a service answered, as JSON of a certain form; `undefined`: it is not. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A call of an API that speaks JSON and takes the secret as its {@link authorization}. */
export function callJson(
  line: Line,
  {
    method,
    url,
    body,
  }: { readonly method: ReturnType<Ask>['method']; readonly url: string; readonly body?: object | undefined },
  until: number,
  expects?: readonly number[],
): Promise<Reply> {
  return call(
    line,
    (secret) => ({
      method,
      url,
      headers: {
        authorization: authorization(secret),
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    }),
    until,
    expects,
  );
}

/** `Basic` for `user:password`, else `Bearer`. Source: RFC 7617; RFC 6750. */
function authorization(secret: string): string {
  return secret.includes(':') ? `Basic ${Buffer.from(secret).toString('base64')}` : `Bearer ${secret}`;
}

const REFUSED = [401, 403, 404, 410];

async function read(secret: KeptSecret, options?: { readonly fresh: boolean }): Promise<string> {
  try {
    return await secret.text(options);
  } catch (error) {
    throw new NotTold(sentenceOf(error), { stop: true, passes: false });
  }
}

/** Seconds or a date. Source: RFC 9110, Retry-After. */
function waitOf(retryAfter: string | null, now: number): number {
  const seconds = Number(retryAfter ?? 1);
  const wait = Number.isNaN(seconds) ? Date.parse(retryAfter ?? '') - now : seconds * 1000;
  return Math.max(1000, Number.isNaN(wait) ? 1000 : wait);
}

/** A proxy in between may quote what it was sent. */
function withoutSecret(text: string, secret: string): string {
  const { pathname = '', search = '' } = URL.canParse(secret) ? new URL(secret) : {};
  const parts = [
    ...[secret, `${pathname}${search}`, search],
    ...[authorization(secret).split(' ')[1] ?? '', secret.slice(secret.indexOf(':') + 1)],
  ];
  return parts.filter((part) => part.length >= 6).reduce((clean, part) => clean.replaceAll(part, '…'), text);
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, message } = (error.cause ?? {}) as Partial<NodeJS.ErrnoException>;
  // fetch says no more than "fetch failed"; of several addresses tried, only the code is left.
  return [error.message, message === '' ? code : message].filter(Boolean).join(': ');
}
