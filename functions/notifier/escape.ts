declare const escaped: unique symbol;

/**
 * Text in Slack's markup that is safe to send. Only this file makes it, so a finding's text cannot get into a
 * message without having been escaped: it does not compile.
 */
export type Mrkdwn = string & { readonly [escaped]: true };

/** What a text ends with that was longer than its place. */
export const CUT = '… (cut)';

/** Slack refuses empty texts. */
const NOTHING = '–';

/**
 * One line for a `plain_text` object, in which Slack reads no markup and no mentions. Nothing is a dash.
 *
 * @param limit - UTF-16 units of the result, escapes and the mark of a cut included.
 * @see https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function plain(value: string, limit: number): string {
  return fit(folded(value), limit) || NOTHING;
}

/**
 * One line of inline code, the one place of Slack's markup where `*`, `_`, `~`, `:` and addresses mean nothing.
 * Nothing is a dash, since two backticks alone are not code.
 *
 * @param limit - UTF-16 units of the result, the backticks included.
 */
export function code(value: string, limit = 300): Mrkdwn {
  const text = fit(withoutBackticks(folded(value)), limit - 2);
  return `\`${text || NOTHING}\`` as Mrkdwn;
}

/**
 * A block of code that keeps its lines.
 *
 * @param limit - UTF-16 units of the result, the backticks included.
 */
export function codeBlock(value: string, limit: number): Mrkdwn {
  const text = lines(value, Infinity);
  return `\`\`\`\n${fit(withoutBackticks(text), limit - 8)}\n\`\`\`` as Mrkdwn;
}

/** Letters, digits and spaces only: a word that may stand in markup as it is. */
export function words(value: string, limit = 60): Mrkdwn {
  return fit(folded(value.replace(/[^\p{L}\p{N}]+/gu, ' ')), limit) as Mrkdwn;
}

/** Our own markup around values that are safe already; anything else does not compile. */
export function mrkdwn(parts: TemplateStringsArray, ...values: readonly (Mrkdwn | number)[]): Mrkdwn {
  return String.raw({ raw: parts }, ...values) as Mrkdwn;
}

/** A link, which nobody but us has written: `https` alone, and nothing in it ends it. Else the label alone. */
export function link(url: string, label: Mrkdwn): Mrkdwn {
  if (!/^https:\/\/[^\s<>|\p{Cc}\p{Cf}]+$/u.test(url)) return label;
  return `<${entities(url)}|${label}>` as Mrkdwn;
}

/**
 * A time as the reader's own clock has it, and in UTC where that is not known. What is no time is shown as it is.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
export function moment(iso: string): Mrkdwn {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return code(iso);
  const utc = `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${Math.floor(time / 1000)}^{date_short_pretty} {time}|${utc}>` as Mrkdwn;
}

/** Puts safe texts one after the other. */
export function joined(texts: readonly Mrkdwn[], separator: '\n' | ' ' | ', ' | ' · '): Mrkdwn {
  return texts.join(separator) as Mrkdwn;
}

/** Cuts between code points, never inside an escape or a surrogate pair. */
function fit(text: string, limit: number): string {
  const whole = entities(text);
  if (whole.length <= limit) return whole;
  let kept = '';
  for (const point of text) {
    const next = kept + entities(point);
    if (next.length + CUT.length > limit) break;
    kept = next;
  }
  return kept + CUT;
}

/** The three characters that Slack reads as its own: with them mentions, links and dates are dead. */
function entities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function withoutBackticks(text: string): string {
  return text.replaceAll('`', '’');
}

function folded(text: string): string {
  return visible(text).replace(/ +/g, ' ').trim();
}

/**
 * One line without what cannot be seen, for whoever reads no markup at all.
 *
 * @param limit - UTF-16 units of the result, the mark of a cut included.
 */
export function line(value: string, limit: number): string {
  return clipped(folded(value), limit);
}

/** As {@link line}, of a text that keeps its lines. */
export function lines(value: string, limit: number): string {
  const all = value.replace(/\r\n?|[\u2028\u2029]/g, '\n').split('\n');
  return clipped(all.map((one) => visible(one).trimEnd()).join('\n'), limit);
}

function clipped(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - CUT.length).replace(/[\ud800-\udbff]$/, '')}${CUT}`;
}

/**
 * White space becomes a space; what cannot be seen goes: control and format characters (right-to-left marks,
 * overrides and isolates, zero width, soft hyphens), fillers and halves of characters.
 */
function visible(text: string): string {
  return text
    .replace(/\s/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/\p{Surrogate}/gu, '\uFFFD');
}
