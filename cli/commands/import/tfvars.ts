import { Problem } from '../../terminal/errors';
import type { Settings } from './file';

/** Deeper than any settings are; each level is a call. */
const DEEPEST = 100;

/** What stands between two values: spaces, comments and, unless a statement ends there, line ends. */
const GAP = /(?:[ \t\r]+|#.*|\/\/.*|\/\*[\s\S]*?\*\/)*/y;
const GAP_AND_LINES = /(?:\s+|#.*|\/\/.*|\/\*[\s\S]*?\*\/)*/y;
const NAME = /[A-Za-z_][\w-]*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/**
 * The variables of a terraform.tfvars: names, and texts, numbers, true, false, null, lists and maps of them. All else that
 * HCL has would have to be evaluated, and is refused. Says nothing of what stands there: it may be a secret.
 *
 * Source: Terraform, configuration syntax, and variable definitions files.
 *
 * @throws Problem with line and column at what is no such value.
 */
export function tfvarsIn({ file, text }: Settings): Record<string, unknown> {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  const variables = new Map<string, unknown>();
  for (skip(GAP_AND_LINES); at < text.length; skip(GAP_AND_LINES)) {
    const begin = at;
    const name = nameHere();
    skip(GAP);
    if (text[at] !== '=') {
      throw refused(
        /["{\w]/.test(text[at] ?? '')
          ? 'this is a block: give the file that sets the variables (terraform.tfvars), not one that declares them'
          : 'a variable has to be followed by = and its value',
      );
    }
    at += 1;
    skip(GAP);
    const value = valueHere(0);
    if (variables.has(name)) throw refused('this variable is set a second time', begin);
    variables.set(name, value);
    skip(GAP);
    if (at < text.length && text[at] !== '\n') {
      throw refused('after a value the line has to end: expressions are not evaluated');
    }
  }
  return Object.fromEntries(variables);

  function skip(pattern: RegExp): string {
    pattern.lastIndex = at;
    const [found = ''] = pattern.exec(text) ?? [];
    at += found.length;
    return found;
  }

  function nameHere(): string {
    const name = text[at] === '"' ? stringHere() : skip(NAME);
    if (name === '') throw refused('the name of a variable has to stand here');
    return name;
  }

  function valueHere(depth: number): unknown {
    const begin = at;
    if (depth > DEEPEST) throw refused('it is nested too deep to be settings');
    if (text[at] === '"') return stringHere();
    if (text[at] === '[') return listHere(depth);
    if (text[at] === '{') return mapHere(depth);
    if (text.startsWith('<<', at)) throw refused('a heredoc is not read: write the text in quotes');
    const number = skip(NUMBER);
    if (number !== '') return Number(number);
    const word = skip(NAME);
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    throw refused(
      'a text in quotes, a number, true, false, a list or a map has to stand here: nothing is evaluated',
      begin,
    );
  }

  function stringHere(): string {
    const begin = at;
    let value = '';
    for (at += 1; text[at] !== '"'; at += 1) {
      const letter = text[at];
      if (letter === undefined || letter === '\n') throw refused('this text does not end on its line', begin);
      const marker = text.slice(at, at + 3);
      if (marker === '$${' || marker === '%%{') {
        value += marker.slice(1);
        at += 2;
      } else if (/^[$%]\{/.test(marker)) {
        throw refused('the text has an interpolation: nothing is evaluated, write out what it comes to');
      } else {
        value += letter === '\\' ? escapeHere() : letter;
      }
    }
    at += 1;
    return value;
  }

  function escapeHere(): string {
    at += 1;
    const [, code] = /^u([\dA-Fa-f]{4})/.exec(text.slice(at, at + 5)) ?? [];
    if (code !== undefined) {
      at += code.length;
      return String.fromCharCode(parseInt(code, 16));
    }
    const known = ESCAPES[text[at] ?? ''];
    if (known === undefined) throw refused('HCL has no such escape', at - 1);
    return known;
  }

  function listHere(depth: number): unknown[] {
    const items: unknown[] = [];
    at += 1;
    for (skip(GAP_AND_LINES); text[at] !== ']'; skip(GAP_AND_LINES)) {
      items.push(valueHere(depth + 1));
      skip(GAP_AND_LINES);
      if (text[at] === ',') at += 1;
      else if (text[at] !== ']') throw refused('the items of a list are parted by commas');
    }
    at += 1;
    return items;
  }

  function mapHere(depth: number): Record<string, unknown> {
    const fields: (readonly [string, unknown])[] = [];
    at += 1;
    for (skip(GAP_AND_LINES); text[at] !== '}'; skip(GAP_AND_LINES)) {
      const key = nameHere();
      skip(GAP);
      if (text[at] !== '=' && text[at] !== ':') throw refused('a key has to be followed by = and its value');
      at += 1;
      skip(GAP);
      fields.push([key, valueHere(depth + 1)]);
      skip(GAP);
      if (text[at] === ',') at += 1;
      else if (text[at] !== '\n' && text[at] !== '}')
        throw refused('after a value a new line, a comma or } has to stand');
    }
    at += 1;
    return Object.fromEntries(fields);
  }

  function refused(says: string, where = at): Problem {
    const before = text.slice(0, where).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    return new Problem(`${file}, line ${before.length}, column ${column}: ${says}`);
  }
}
