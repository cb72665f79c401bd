import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import config from '#config';
import { DEFAULT_WEBHOOK } from '../../shared/config';
import { log as writeLog } from '../../shared/worker/log';
import type { SlackMessage } from './blocks';
import { digest } from './digest';
import { lazily } from './lazily';
import { readRecord } from './records';
import { isFor, type Audience } from './audience';
import { placeHere, type Place } from './place';
import { poster, type Post, type Posted } from './slack';
import type { Telling } from './summary';
import { webhook } from './webhook';

/** As many pieces of news of one batch get a message each; more become one digest. */
export const SINGLES = 5;

/** Kept back of the function's time to answer SQS. */
const RESERVE_MS = 1500;

/** How many records a log line names. */
const NAMED = 10;

/** What {@link notifier} works with. */
export interface NotifierOptions {
  readonly post: Post;
  readonly place: Place;
  /** What of the news is for the channel. Default: all. */
  readonly audience?: Audience;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly log?: typeof writeLog;
}

/** The part of Lambda's context that is used. */
export type RemainingTime = Pick<Context, 'getRemainingTimeInMillis'>;

interface News extends Telling {
  readonly messageId: string;
}

/**
 * Tells Slack what a batch of the queue holds, and answers with the records that SQS is to bring back: those
 * whose message Slack did not take. A record that nobody can read is logged and let go; it never stops others.
 */
export function notifier({ post, place, audience = {}, now = Date.now, log = writeLog }: NotifierOptions) {
  return async ({ Records }: SQSEvent, lambda: RemainingTime): Promise<SQSBatchResponse> => {
    const until = now() + lambda.getRemainingTimeInMillis() - RESERVE_MS;
    const { news, noNews, unknown, unread } = readAll(Records);
    const { posts, untold } = await tellAll(news, until);
    log('info', 'batch told', {
      received: Records.length,
      news: news.length,
      noNews,
      unknown,
      posts,
      failed: unread.length + untold.length,
    });
    return { batchItemFailures: [...unread, ...untold].map((itemIdentifier) => ({ itemIdentifier })) };
  };

  function readAll(records: readonly SQSRecord[]) {
    const news: News[] = [];
    const unknown: { readonly messageId: string; readonly why: string }[] = [];
    const unread: string[] = [];
    let noNews = 0;
    for (const record of records) {
      const { messageId } = record;
      try {
        const reading = readRecord(record, place);
        if (reading.is === 'news' && isFor(audience, reading.telling.summary)) {
          news.push({ messageId, ...reading.telling });
        } else if (reading.is === 'unknown') unknown.push({ messageId, why: reading.why });
        else noNews++;
      } catch (error) {
        unread.push(messageId);
        log('error', 'a record could not be read and goes back to the queue', {
          messageId,
          reason: String(error),
        });
      }
    }
    if (unknown.length > 0) {
      log('warn', 'records of a kind this function does not know were let go', {
        count: unknown.length,
        records: unknown.slice(0, NAMED),
      });
    }
    return { news, noNews, unknown: unknown.length, unread };
  }

  async function tellAll(news: readonly News[], until: number) {
    const untold: string[] = [];
    let posts = 0;
    let stopped = false;
    for (const { messageIds, message } of messagesOf(news, place)) {
      if (stopped) {
        untold.push(...messageIds);
        continue;
      }
      const posted = await attempt(message, until);
      if (!posted.posted) {
        untold.push(...messageIds);
        stopped = posted.stop;
        log('error', 'Slack was not told, the records go back to the queue', {
          messageIds: messageIds.slice(0, NAMED),
          reason: posted.reason,
        });
        continue;
      }
      posts++;
      if ('textOnly' in posted) {
        log('warn', 'Slack refused the blocks and took the text', {
          messageIds: messageIds.slice(0, NAMED),
          reason: posted.textOnly,
        });
      }
    }
    return { posts, untold };
  }

  async function attempt(message: () => SlackMessage, until: number): Promise<Posted> {
    try {
      return await post(message(), until);
    } catch (error) {
      return { posted: false, reason: String(error), stop: false };
    }
  }
}

/** The function that Lambda calls. What it needs is made at the first batch and kept for the next. */
export const handler = lazily(() =>
  notifier({
    post: poster({ webhook: webhook(config.slack?.webhook ?? DEFAULT_WEBHOOK) }),
    place: placeHere(config),
    audience: config.slack ?? {},
  }),
);

/** A digest has no buttons, so what asks for a decision stands alone. */
function messagesOf(news: readonly News[], place: Place) {
  const asks = ({ summary }: News) => place.hasButtons === true && summary.asks === true;
  const others = news.filter((one) => !asks(one));
  const single = ({ messageId, message }: News) => ({ messageIds: [messageId], message });
  if (others.length <= SINGLES) return news.map(single);
  return [
    ...news.filter(asks).map(single),
    {
      messageIds: others.map(({ messageId }) => messageId),
      message: () =>
        digest(
          others.map(({ summary }) => summary),
          place,
        ),
    },
  ];
}
