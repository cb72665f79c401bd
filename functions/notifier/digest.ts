import { context, header, sections, type SlackMessage } from './blocks';
import { code, joined, mrkdwn, words, type Mrkdwn } from './escape';
import { commandIn, type Place } from './place';
import { lineOf, SEVERITIES, type Change, type Summary } from './summary';

/** How many pieces of news a digest spells out. */
export const DIGEST_LINES = 20;

/** How many counts are given; there are fewer, unless somebody makes up states of compliance. */
const GROUPS = 12;

/** How many bots, rules or alarms stand behind a count. */
const NAMES = 8;

/** How many bots have a line that takes back what they did. */
const UNDONE_BOTS = 8;

/**
 * One message for a flood: what happened how often and through what, then the most severe in a line each, with the ids
 * of changes, and how all of them are taken back.
 */
export function digest(news: readonly Summary[], place: Place): SlackMessage {
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
      ...sections(ordered.slice(0, DIGEST_LINES).map(lineWithChange)),
      ...sections(undoLines(news, place)),
      ...sections(planLine(news, place)),
      ...sections(pendingLine(news, place)),
      ...(more > 0
        ? [
            context(
              mrkdwn`… and ${more} more; what was changed is listed by ${code(commandIn(place, 'history', []) ?? '')}`,
            ),
          ]
        : []),
    ],
  };
}

function lineWithChange(summary: Summary): Mrkdwn {
  const line = lineOf(summary, 300);
  return summary.change ? mrkdwn`${line} ${code(summary.change.id, 200)}` : line;
}

/** By bot, since its first change here began; of many bots, those that changed most. */
function undoLines(news: readonly Summary[], place: Place): Mrkdwn[] {
  const changes = news.flatMap(({ change }) => change ?? []);
  const byBot = grouped(changes, ({ bot }) => bot).sort(([, a], [, b]) => b.length - a.length);
  const lines = byBot.slice(0, UNDONE_BOTS).flatMap(([bot, all]) => {
    const command = commandIn(place, `undo --since ${sinceOf(all)} --bot`, [bot]);
    return command === undefined ? [] : [mrkdwn`Undo all ${all.length}: ${code(command, 1000)}`];
  });
  const others = byBot.length - UNDONE_BOTS;
  return others > 0 ? [...lines, mrkdwn`… and so on for ${others} more bots`] : lines;
}

function sinceOf(changes: readonly Change[]): string {
  const first = Math.min(...changes.map(({ since }) => since));
  return new Date(first).toISOString().replace(/\.\d+Z$/, 'Z');
}

function planLine(news: readonly Summary[], place: Place): Mrkdwn[] {
  if (!news.some(({ isPlan, asks }) => isPlan && !asks)) return [];
  const command = commandIn(place, 'fix BOT RESOURCE', []);
  return [mrkdwn`What is planned is done by ${code(command ?? '')}`];
}

/** Approval is given to one plan after another, where a person sees what each would do. */
function pendingLine(news: readonly Summary[], place: Place): Mrkdwn[] {
  const count = news.filter(({ asks }) => asks).length;
  const command = commandIn(place, 'pending', []);
  return count > 0 ? [mrkdwn`Waiting for approval: ${count}, see ${code(command ?? '')}`] : [];
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
function grouped<T>(news: readonly T[], keyOf: (one: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const one of news) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups];
}

function rank({ severity, open }: Summary): number {
  return SEVERITIES.indexOf(severity) + (open ? 0.5 : 0);
}
