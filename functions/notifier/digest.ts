import { context, header, sections, type SlackMessage } from './blocks';
import { code, joined, mrkdwn, words, type Mrkdwn } from './escape';
import { lineOf, SEVERITIES, type Summary } from './summary';

/** How many pieces of news a digest spells out. */
export const DIGEST_LINES = 20;

/** How many counts are given; there are fewer, unless somebody makes up states of compliance. */
const GROUPS = 12;

/** How many bots, rules or alarms stand behind a count. */
const NAMES = 8;

/** One message for a flood: what happened how often and through what, then the most severe in a line each. */
export function digest(news: readonly Summary[]): SlackMessage {
  const ordered = [...news].sort((a, b) => rank(b) - rank(a));
  const groups = grouped(ordered, ({ word }) => word);
  const counts = groups.map(([word, { length }]) => `${length} ${word.toLowerCase()}`).join(', ');
  const title = `📚 ${news.length} messages at once: ${counts}`;
  const more = news.length - DIGEST_LINES;
  return {
    text: mrkdwn`${code(title, 1000)}`,
    blocks: [
      header(title),
      ...sections(groups.slice(0, GROUPS).map(([word, group]) => countLine(word, group))),
      ...sections(ordered.slice(0, DIGEST_LINES).map((summary) => lineOf(summary, 300))),
      ...(more > 0
        ? [context(mrkdwn`… and ${more} more; what was changed is listed by ${code('npx selfheal history')}`)]
        : []),
    ],
  };
}

/** The most frequent names first. */
function countLine(word: string, group: readonly Summary[]): Mrkdwn {
  const names = grouped(group, ({ by }) => by).sort(([, a], [, b]) => b.length - a.length);
  const listed = names.slice(0, NAMES).map(([name, { length }]) => mrkdwn`${code(name, 100)} ${length}`);
  const others = names.length - NAMES;
  return mrkdwn`*${words(word)}: ${group.length}* (${joined(
    others > 0 ? [...listed, mrkdwn`${others} others`] : listed,
    ', ',
  )})`;
}

/** In the order of their first. */
function grouped(news: readonly Summary[], keyOf: (summary: Summary) => string): [string, Summary[]][] {
  const groups = new Map<string, Summary[]>();
  for (const summary of news) {
    const key = keyOf(summary);
    const group = groups.get(key);
    if (group) group.push(summary);
    else groups.set(key, [summary]);
  }
  return [...groups];
}

function rank({ severity, open }: Summary): number {
  return SEVERITIES.indexOf(severity) + (open ? 0.5 : 0);
}
