import { line, lines } from '../escape';
import type { News } from './news';

/** Of many pieces of news, how many are spelt out. */
const LISTED = 20;

/** The news in one line: `Held: Close ports that are open to the world (sg-0a1b2c3d)`. */
export function titleOf({ story: { word, what } }: News, limit: number): string {
  return line(`${word}: ${what}`, limit);
}

/** All of it as plain text, in paragraphs: for whoever reads no markup. */
export function textOf({ story, time }: News, limit: number): string {
  const { violation, facts, calls, notes, commands, links } = story;
  const paragraphs = [
    violation === undefined ? '' : line(violation, 2000),
    facts.map(([label, value]) => `${label}: ${line(value, 500)}`).join('\n'),
    calls === undefined ? '' : `${calls.heading} (${calls.count}):\n${lines(calls.text, 4000)}`,
    notes.map((note) => line(note, 2000)).join('\n'),
    commands.map(({ to, command }) => `${to}: ${command}`).join('\n'),
    links.map(({ label, url }) => `${label}: ${url}`).join('\n'),
    utc(time),
  ];
  return lines(paragraphs.filter((paragraph) => paragraph !== '').join('\n\n'), limit);
}

/** Many pieces of news: how often what, then a line each. */
export function digestTitle(news: readonly News[]): string {
  const counts = new Map<string, number>();
  for (const { story } of news) counts.set(story.word, (counts.get(story.word) ?? 0) + 1);
  const said = [...counts].map(([word, count]) => `${count} ${word.toLowerCase()}`);
  return `${news.length} messages at once: ${said.join(', ')}`;
}

/** See {@link digestTitle}. */
export function digestLines(news: readonly News[]): string[] {
  const listed = news.slice(0, LISTED).map((one) => {
    const { story, account, event } = one;
    const where = [account, event?.target?.region].filter(Boolean).join(' ');
    const change = event?.journalId === undefined ? '' : ` [${line(event.journalId, 100)}]`;
    const said = story.violation === undefined ? '' : `: ${line(story.violation, 200)}`;
    return `${titleOf(one, 250)}${where && ` in ${where}`}${said}${change}`;
  });
  const more = news.length - LISTED;
  return more > 0 ? [...listed, `… and ${more} more, in npx selfheal history`] : listed;
}

/** `2026-03-01 10:00 UTC` */
export function utc(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
