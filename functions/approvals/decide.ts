import { verifySlackRequest } from '@slack/bolt/dist/receivers/verify-request';
import * as z from 'zod';
import type { CatalogueEntry } from '../../shared/catalogue';
import type { Config } from '../../shared/config';
import { faultIn } from '../../shared/text';
import { type Decided, type Decider, decideOn } from '../../shared/worker/decide';
import { log } from '../../shared/worker/log';
import { readPress, refusalOf } from './press';

/** What the function works with; tests give their own. */
export interface Approvals {
  readonly config: Pick<Config, 'approvals'>;
  readonly catalogue: readonly CatalogueEntry[];
  readonly decider: Decider;
  /** The signing secret of the Slack app; `fresh` reads it again. */
  readonly signingSecret: (options?: { readonly fresh: boolean }) => Promise<string>;
  /** Posts a word to where Slack takes answers. */
  readonly answer: (url: string, text: string) => Promise<void>;
  readonly now?: () => number;
}

/** A request of a function's URL, as far as it is read. Source: Lambda, Function URLs, request payload format. */
export interface UrlRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | undefined;
  readonly isBase64Encoded?: boolean;
}

/** What the URL answers with. */
export interface UrlResponse {
  readonly statusCode: number;
  readonly body: string;
}

/** No press of a button is longer. */
const LONGEST = 100_000;

/**
 * A press of a button: believed where Slack has signed it within five minutes, and its presser is one of the approvers.
 * Slack shows whoever pressed what came of it. Source: Slack, Verifying requests from Slack.
 */
export async function pressed(approvals: Approvals, request: UrlRequest): Promise<UrlResponse> {
  const { body: raw = '', isBase64Encoded } = request;
  const body = isBase64Encoded ? Buffer.from(raw, 'base64').toString('utf8') : raw;
  if (body.length > LONGEST) return { statusCode: 413, body: 'too long' };
  if (!(await isSigned(approvals, request.headers, body))) {
    return { statusCode: 401, body: 'not signed by Slack, or too late' };
  }
  const press = readPress(body);
  if ('wrong' in press) return { statusCode: 400, body: press.wrong };
  const { said, user, responseUrl } = press;
  const { config, catalogue, decider, answer, now } = approvals;
  const decided = await decideOn(decider, said, refusalOf(user, config, catalogue), now?.());
  const text = 'refused' in decided ? `Nothing was done: ${decided.refused}.` : `Done: ${decided.done}.`;
  log('info', 'a button was pressed', { id: said.id, verdict: said.verdict, user, came: text });
  if (responseUrl !== undefined && isSlacks(responseUrl)) {
    // The decision stands, whether or not Slack can be told of it.
    await answer(responseUrl, text).catch((error: unknown) => {
      log('warn', 'Slack did not take the answer to a press', { id: said.id, error: String(error) });
    });
  }
  return { statusCode: 200, body: '' };
}

// A decision of another tool, on the account's own bus.
const eventSchema = z.object({
  account: z.string().regex(/^\d{12}$/),
  detail: z.strictObject({
    id: z.string().min(3).max(128),
    digest: z.string().length(64),
    verdict: z.enum(['approve', 'reject', 'snooze', 'drop']),
    by: z.string().min(1).max(128),
    until: z.iso.datetime().optional(),
  }),
});

/**
 * A decision that came over EventBridge, which the rule lets through from the account's own bus alone.
 *
 * @throws Error when AWS does not answer: EventBridge then delivers it again.
 */
export async function received({ config, decider, now }: Approvals, event: unknown): Promise<Decided> {
  if (!config.approvals?.eventBridge) return { refused: 'approvals.eventBridge in config.ts is off' };
  const { data, error } = eventSchema.safeParse(event);
  const decided = data
    ? await decideOn(decider, { ...data.detail, by: `${data.detail.by} (EventBridge)` }, undefined, now?.())
    : { refused: faultIn(error, 'the event') };
  log('refused' in decided ? 'warn' : 'info', 'a decision came over EventBridge', {
    came: 'refused' in decided ? decided.refused : decided.done,
  });
  return decided;
}

/** A secret that was changed is read again once. */
async function isSigned(
  { signingSecret, now = Date.now }: Approvals,
  headers: UrlRequest['headers'],
  body: string,
): Promise<boolean> {
  const signature = headers['x-slack-signature'] ?? '';
  const timestamp = Number(headers['x-slack-request-timestamp'] ?? NaN);
  // The library looks at requests that are too old, and not at those of the future.
  if (!Number.isSafeInteger(timestamp) || timestamp > now() / 1000 + 300) return false;
  for (const fresh of [false, true]) {
    try {
      verifySlackRequest({
        signingSecret: await signingSecret({ fresh }),
        body,
        headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': timestamp },
        nowMilliseconds: now(),
      });
      return true;
    } catch (error) {
      if (!String(error).includes('signature mismatch')) {
        log('warn', 'a request is not believed', { error: String(error) });
        return false;
      }
    }
  }
  log('warn', 'a request is not signed with the secret of the Slack app', {});
  return false;
}

/** Answers go to Slack alone, or to this machine itself, where a stand-in of Slack may listen. */
function isSlacks(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return (
    (protocol === 'https:' && hostname === 'hooks.slack.com') ||
    (protocol === 'http:' && hostname === '127.0.0.1')
  );
}
