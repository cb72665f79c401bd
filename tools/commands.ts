/** The commands that the documentation tells people to type. */
import type { Page } from './pages';

/** One command of a page: `FOO=1 npx selfheal queue --dead | head` without what stands around it. */
export interface Command {
  /** The page and its line, or that it stands in the text: `README.md:12`. */
  readonly where: string;
  readonly words: readonly string[];
  /** Whether it is a line to type, or a name in a sentence. */
  readonly isTyped: boolean;
}

const SHELLS = new Set(['bash', 'sh', 'shell', 'console', 'text']);
/** What a sentence can name besides commands begins otherwise. */
const NAMED = /^(?:\w+=\S* )*(?:npx|npm (?:run|test|ci)\b)/;

/** The commands of a page: all lines of its shell blocks, and `npx …` and `npm run …` in its text. */
export function commandsOf(page: Page, source: string): Command[] {
  const typed = page.blocks
    .filter(({ language }) => SHELLS.has(language))
    .flatMap(({ language, text, line }) => {
      const lines = text.replace(/\\\n\s*/g, ' ').split('\n');
      // Of what a terminal shows, lines behind the prompt were typed.
      const isShown = language === 'console' || language === 'text';
      const own = isShown
        ? lines.filter((each) => /^\s*\$ /.test(each)).map((each) => each.replace(/^\s*\$ /, ''))
        : lines;
      return own.flatMap((each) => simple(each).map((words) => ({ where: `${page.path}:${line}`, words })));
    })
    .map((command) => ({ ...command, isTyped: true }));
  const named = [...source.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)]
    .map(([, code = '']) => code)
    .filter((code) => NAMED.test(code))
    .flatMap((code) => simple(code).map((words) => ({ where: page.path, words, isTyped: false })));
  return [...typed, ...named];
}

/** The simple commands of a line, each as its words: without comment, variables before it, redirections. */
export function simple(line: string): string[][] {
  const commands: string[][] = [[]];
  const lexer =
    /\s+|#.*$|(&&|\|\|?|;)|(\d?>>?\s*(?:&\d|<[\w-]+>|\S+))|((?:"(?:\\.|[^"])*"|'[^']*'|<[\w -]+>|[^\s"'|;&>])+)|./g;
  for (const [, divider, , word] of line.matchAll(lexer)) {
    if (divider !== undefined) commands.push([]);
    else if (word !== undefined) commands.at(-1)?.push(unquoted(word));
  }
  return commands
    .map((words) => words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word))))
    .filter((words) => words.length > 0 && !/^[A-Z_]+=/.test(words[0] ?? ''));
}

function unquoted(word: string): string {
  return word.replace(/"((?:\\.|[^"])*)"|'([^']*)'/g, (_whole, double?: string, single?: string) =>
    double === undefined ? (single ?? '') : double.replace(/\\(.)/g, '$1'),
  );
}
