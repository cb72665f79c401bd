import type { IncomingWebhookSendArguments } from '@slack/webhook';
import { code, joined, mrkdwn, plain, type Mrkdwn } from './escape';

type Allowed = NonNullable<IncomingWebhookSendArguments['blocks']>[number];

/** The blocks that this function sends. */
export type SlackBlock = Extract<Allowed, { type: 'header' | 'section' | 'context' | 'actions' }>;

/** A message as Slack takes it: `text` is what notifications show, and all there is when blocks are refused. */
export interface SlackMessage {
  readonly text: Mrkdwn;
  readonly blocks: readonly SlackBlock[];
}

/**
 * Slack's limits, in characters or in number.
 *
 * @see https://docs.slack.dev/reference/block-kit/blocks
 */
const LIMITS = { header: 150, section: 3000, field: 2000, fields: 10 } as const;

/** A heading, in plain text. */
export function header(text: string): SlackBlock {
  return { type: 'header', text: { type: 'plain_text', text: plain(text, LIMITS.header), emoji: false } };
}

/** Sentences of a finding or a bot, in plain text: nothing in them is markup. */
export function prose(text: string): SlackBlock {
  return { type: 'section', text: { type: 'plain_text', text: plain(text, LIMITS.section), emoji: false } };
}

/** Our own markup, at most 3000 characters long. */
export function section(text: Mrkdwn): SlackBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

/** Small print under a message. */
export function context(text: Mrkdwn): SlackBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text, verbatim: true }] };
}

/** Buttons in a row; `value` is what the press brings back, at most 2000 characters. */
export function buttons(
  all: readonly {
    readonly action: string;
    readonly label: string;
    readonly value: string;
    readonly style?: 'primary' | 'danger';
  }[],
): SlackBlock {
  return {
    type: 'actions',
    elements: all.map(({ action, label, value, style }) => ({
      type: 'button',
      action_id: action,
      text: { type: 'plain_text', text: label, emoji: false },
      value,
      ...(style && { style }),
    })),
  };
}

/** Labelled values in two columns; those without a value are left out, and all beyond ten. */
export function fields(
  pairs: readonly (readonly [label: Mrkdwn, value: string | null | undefined])[],
): SlackBlock {
  const filled = pairs.flatMap(([label, value]) =>
    value ? [mrkdwn`*${label}*\n${code(value, LIMITS.field - label.length - 3)}`] : [],
  );
  return {
    type: 'section',
    fields: filled.slice(0, LIMITS.fields).map((text) => ({ type: 'mrkdwn', text, verbatim: true })),
  };
}

/** Lines in as few sections as they fit in; each line must fit in one. */
export function sections(lines: readonly Mrkdwn[]): SlackBlock[] {
  const texts: Mrkdwn[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    const longer = last === undefined ? line : joined([last, line], '\n');
    if (last === undefined || longer.length > LIMITS.section) texts.push(line);
    else texts[texts.length - 1] = longer;
  }
  return texts.map(section);
}
