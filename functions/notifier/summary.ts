import type { SlackMessage } from './blocks';
import { code, mrkdwn, words, type Mrkdwn } from './escape';

/** Least urgent first. `info` is only ever an alarm's. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;

/** See {@link SEVERITIES}. */
export type Severity = (typeof SEVERITIES)[number];

/** What every kind of news has in common: enough for a line of a digest. */
export interface Summary {
  readonly emoji: Mrkdwn;
  /** How it ended, in a word or two: `Fixed`, `Non Compliant`, `Alarm`. */
  readonly word: string;
  /** The bot, the Config rule or the alarm. */
  readonly by: string;
  readonly severity: Severity;
  /** It is not settled: somebody should look. Among equals of severity it comes first. */
  readonly open: boolean;
  readonly resource?: string | undefined;
  /** As people call it. */
  readonly account?: string | undefined;
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
  readonly sentence?: string | undefined;
  /** Nothing was changed: a person is to do it. */
  readonly isPlan?: boolean;
  /** A person is asked to approve of it. */
  readonly asks?: boolean;
  /** What was changed, where that can be taken back. */
  readonly change?: Change | undefined;
}

/** A change of the journal. */
export interface Change {
  readonly bot: string;
  readonly id: string;
  /** Epoch milliseconds; the change began then or a little later. */
  readonly since: number;
}

/** One piece of news: its line, and its own message where there is room for one. */
export interface Telling {
  readonly summary: Summary;
  readonly message: () => SlackMessage;
}

/**
 * All of it in one line, as a digest and as a message's plain text have it.
 *
 * @param limit - UTF-16 units of its longest part, the sentence; the whole stays below `limit` + 700.
 */
export function lineOf(
  { emoji, word, by, resource, account, region, sentence }: Summary,
  limit: number,
): Mrkdwn {
  const parts = [
    mrkdwn`${emoji} *${words(word)}* ${code(by, 100)}`,
    ...(resource ? [mrkdwn` on ${code(resource, 200)}`] : []),
    ...(account ? [mrkdwn` in ${code(account, 40)}`] : []),
    ...(region ? [mrkdwn` ${code(region, 60)}`] : []),
    ...(sentence ? [mrkdwn`: ${code(sentence, limit)}`] : []),
  ];
  return parts.reduce((line, part) => mrkdwn`${line}${part}`);
}
