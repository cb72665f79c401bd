import type { Change } from './changes';

/** By which a comment of ours is known, so that there is one for each pull request. */
export const MARK = '<!-- selfheal review -->';

/** GitHub takes 65,536 characters; what is longer is cut at a line. Source: GitHub's answer to longer ones. */
const LENGTH = 60_000;

/** What a review comes to, as Markdown for a pull request. All text of config.ts is shown as text. */
export function commentOf(changes: readonly Change[], fault: string | undefined): string {
  const head = [MARK, '### What this change of config.ts would deploy', ''];
  const wrong =
    fault === undefined ? [] : ['**config.ts cannot be deployed:**', '', `> ${literal(fault)}`, ''];
  if (changes.length === 0)
    return [...head, ...wrong, 'Nothing changes for bots, rules and modes.'].join('\n');
  const rows = changes.map(
    ({ kind, what, before, after, beware }) =>
      `| ${kind} | ${code(what)} | ${code(before)} | ${code(after)} | ${beware === undefined ? '' : `⚠️ ${literal(beware)}`} |`,
  );
  const table = ['| | what | before | after | |', '|---|---|---|---|---|'];
  const shown = fitting(rows, LENGTH);
  const left = rows.length - shown.length;
  const more = left === 0 ? [] : ['', `…and ${left} more: run \`npx selfheal review\`.`];
  return [...head, ...wrong, ...table, ...shown, ...more].join('\n');
}

function fitting(rows: readonly string[], length: number): readonly string[] {
  let used = 0;
  const end = rows.findIndex((row) => (used += row.length + 1) > length);
  return end < 0 ? rows : rows.slice(0, end);
}

/** Text in which nothing is markup, a mention, a link or the end of a cell. */
export function literal(text: string): string {
  return text.replace(/[^\p{L}\p{N} ]/gu, (character) => `&#${String(character.codePointAt(0))};`);
}

function code(text: string | undefined): string {
  return text === undefined ? '–' : `<code>${literal(text)}</code>`;
}
