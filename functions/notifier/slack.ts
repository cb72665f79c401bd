import { setTimeout as delay } from 'node:timers/promises';
import {
  IncomingWebhook,
  IncomingWebhookHTTPError,
  IncomingWebhookRequestError,
  type IncomingWebhookSendArguments,
  type RetryOptions,
} from '@slack/webhook';
import type { SlackMessage } from './blocks';
import type { KeptSecret } from '../../shared/kept-secret';

/** What became of a message. */
export type Posted =
  | { readonly posted: true }
  /** Slack refused the blocks and took the text. */
  | { readonly posted: true; readonly textOnly: string }
  | {
      readonly posted: false;
      readonly reason: string;
      /** The fault is not the message's: the next one would fare no better now. */
      readonly stop: boolean;
    };

/** Posts a message until the epoch millisecond `until` at the latest. It never throws. */
export type Post = (message: SlackMessage, until: number) => Promise<Posted>;

/** What {@link poster} works with. All times are milliseconds. */
export interface PosterOptions {
  readonly webhook: KeptSecret;
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<unknown>;
  /** How long one request may take. */
  readonly timeoutMs?: number;
  /** How 5xx, timeouts and broken connections are tried again. */
  readonly backoff?: Pick<RetryOptions, 'retries' | 'factor' | 'minTimeout'> & {
    readonly maxTimeout: number;
  };
}

/** Less time than this is not worth a request. */
const SHORTEST_MS = 100;

const BACKOFF = { retries: 3, factor: 2, minTimeout: 500, maxTimeout: 4000 };

/**
 * Posts through a webhook. 429 is waited out as long as its Retry-After says, 5xx and timeouts are tried again
 * by @slack/webhook; a refused webhook (401, 403, 404, 410) is read anew once; refused blocks are sent as text.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 */
export function poster({
  webhook,
  now = Date.now,
  sleep = delay,
  timeoutMs = 5000,
  backoff = BACKOFF,
}: PosterOptions): Post {
  return async (message, until) => {
    let url: string | undefined;
    try {
      url = await webhook.text();
      let refusal = await deliver(url, payloadOf(message), until);
      if (refusal instanceof IncomingWebhookHTTPError && isGone(refusal)) {
        const renewed = await webhook.text({ fresh: true });
        if (renewed !== url) refusal = await deliver((url = renewed), payloadOf(message), until);
      }
      if (!refusal) return { posted: true };
      if (!isAboutMessage(refusal)) return { posted: false, reason: reasonOf(refusal, url), stop: true };
      const second = await deliver(url, { ...QUIET, text: message.text }, until);
      if (!second) return { posted: true, textOnly: reasonOf(refusal, url) };
      return { posted: false, reason: reasonOf(second, url), stop: !isAboutMessage(second) };
    } catch (error) {
      return { posted: false, reason: reasonOf(error, url), stop: true };
    }
  };

  /** Answers with what stood in the way, or with nothing when Slack took it. */
  async function deliver(
    url: string,
    payload: IncomingWebhookSendArguments,
    until: number,
  ): Promise<unknown> {
    for (;;) {
      const left = until - now();
      if (left < SHORTEST_MS) return new Error('the time of this run was up');
      const answer: { retryAfter?: string | null } = {};
      const timeout = Math.min(timeoutMs, left);
      const client = new IncomingWebhook(url, {
        timeout,
        retryConfig: retriesWithin(left, timeout),
        // The package's error keeps the status and the body, but not the header.
        fetch: async (input, init) => {
          const response = await fetch(input, init);
          answer.retryAfter = response.headers.get('retry-after');
          return response;
        },
      });
      try {
        await client.send(payload);
        return undefined;
      } catch (error) {
        if (!(error instanceof IncomingWebhookHTTPError) || error.statusCode !== 429) return error;
        const wait = waitOf(answer.retryAfter);
        if (now() + wait + SHORTEST_MS > until) {
          return new Error(`Slack asks to wait ${Math.ceil(wait / 1000)} s, longer than this run has left`);
        }
        await sleep(wait);
      }
    }
  }

  /** Begins no retry that could end after the time is up. */
  function retriesWithin(left: number, timeout: number): RetryOptions {
    // The package takes 0 for no limit, and a limit that has passed for no retry.
    const maxRetryTime = left - timeout - backoff.maxTimeout || -1;
    return { ...backoff, randomize: true, maxRetryTime };
  }

  /** Seconds or a date; at least a second, since Slack allows about one message a second. */
  function waitOf(retryAfter: string | null | undefined): number {
    const seconds = Number(retryAfter ?? 1);
    const wait = Number.isNaN(seconds) ? Date.parse(retryAfter ?? '') - now() : seconds * 1000;
    return Math.max(1000, Number.isNaN(wait) ? 1000 : wait);
  }

  function reasonOf(error: unknown, url?: string): string {
    if (error instanceof IncomingWebhookHTTPError) {
      const answer =
        `Slack answered ${error.statusCode} ${withoutPath(error.body, url).slice(0, 200)}`.trim();
      return isGone(error) ? `${answer}: store a webhook URL that is valid: ${webhook.howToStore}` : answer;
    }
    if (error instanceof IncomingWebhookRequestError) {
      const { cause, message } = error.original;
      // fetch says no more than "fetch failed"; of several addresses tried, only the code is left.
      const { message: why, code } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
      return ['Slack could not be reached', message, why === '' ? code : why].filter(Boolean).join(': ');
    }
    return error instanceof Error ? error.message : String(error);
  }
}

/** A proxy in between may quote the address it was asked for. */
function withoutPath(text: string, url: string | undefined): string {
  const path = url === undefined ? '/' : new URL(url).pathname;
  return path === '/' ? text : text.replaceAll(path, '/…');
}

/** Nothing in a message is to be linked, unfolded or turned into a mention by guessing. */
const QUIET = { link_names: false, unfurl_links: false, unfurl_media: false };

function payloadOf({ text, blocks }: SlackMessage): IncomingWebhookSendArguments {
  return { ...QUIET, text, blocks: [...blocks] };
}

/** The webhook or its channel is gone or closed: `invalid_token`, `no_service`, `channel_is_archived`. */
function isGone({ statusCode }: IncomingWebhookHTTPError): boolean {
  return [401, 403, 404, 410].includes(statusCode);
}

/** `invalid_blocks`, `invalid_payload`, too large: another message may well be taken. */
function isAboutMessage(error: unknown): boolean {
  return error instanceof IncomingWebhookHTTPError && [400, 413].includes(error.statusCode);
}
