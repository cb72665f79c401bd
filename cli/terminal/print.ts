import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';

declare const safe: unique symbol;

/**
 * Text that a terminal may be sent. Only this file makes it, so that the text of a finding cannot reach the
 * terminal unless it has been cleaned: it does not compile.
 */
export type Printable = string & { readonly [safe]: true };

/** Strings on their way to the terminal, in our own colours. */
export type Paint = (text: Printable) => Printable;

/** The paints of a terminal, or plain text. */
export type Paints = Readonly<
  Record<'bold' | 'dim' | 'underline' | 'red' | 'yellow' | 'green' | 'cyan', Paint>
>;

/** Colours where the terminal shows them. */
export function paints(colour: boolean): Paints {
  return pc.createColors(colour) as unknown as Paints;
}

/**
 * One line without anything that a terminal would obey or that cannot be seen: ANSI escapes, control characters,
 * marks that turn the direction of writing, zero-width characters, halves of characters. Line ends and tabs become
 * a space.
 */
export function printable(value: string): Printable {
  return stripVTControlCharacters(value)
    .replace(/\s/gu, ' ')
    .replace(HIDDEN, '')
    .replace(/\p{Surrogate}/gu, '\uFFFD') as Printable;
}

/** Our own words around values that have been cleaned; others do not compile. */
export function text(parts: TemplateStringsArray, ...values: readonly (Printable | number)[]): Printable {
  return String.raw({ raw: parts.map((part) => part) }, ...values) as Printable;
}

/** Our own words around values that have been cleaned, behind which an address can be followed. Source: OSC 8. */
export function linked(url: string, shown: Printable): Printable {
  return `\u001b]8;;${printable(url)}\u001b\\${shown}\u001b]8;;\u001b\\` as Printable;
}

/** Puts cleaned texts one after the other. */
export function joined(texts: readonly Printable[], separator: '\n' | '\n\n' | ', ' | ' ' | '; '): Printable {
  return texts.join(separator) as Printable;
}

/** Every line a step to the right. */
export function indented(lines: Printable, by = 2): Printable {
  return lines.replace(/^(?=.)/gm, ' '.repeat(by)) as Printable;
}

/** At most so many characters, with a mark where some were left out. */
export function shortened(value: Printable, length: number): Printable {
  if (value.length <= length) return value;
  return `${value.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…` as Printable;
}

/** JSON in which everything hidden stands as an escape: the same value, harmless in a terminal. */
export function jsonText(value: unknown, indent?: number): Printable {
  const json = JSON.stringify(value, null, indent) as string | undefined;
  return (json ?? 'null').replace(HIDDEN, (hidden) =>
    hidden === '\n'
      ? hidden
      : Array.from({ length: hidden.length }, (_, index) => hidden.charCodeAt(index))
          .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
          .join(''),
  ) as Printable;
}

/**
 * A value as an outline in the manner of YAML, a line a field. Texts that hold JSON, as policies do, are opened;
 * texts with anything unusual in them stand in quotes, escaped, so that what is shown is exactly what is sent.
 */
export function outline(value: unknown): Printable {
  return joined(linesOf(JSON.parse(JSON.stringify(value ?? null))), '\n');
}

/** A value in a few characters: `GroupId=sg-1 Ids=["sgr-1"]`. */
export function compact(value: object): Printable {
  const fields = Object.entries(JSON.parse(JSON.stringify(value)) as object).map(
    ([name, field]) =>
      text`${printable(name)}=${typeof field === 'string' ? printable(field) : jsonText(field)}`,
  );
  return joined(fields, ' ');
}

/** Control, format, ignorable characters, and the separators of lines and paragraphs. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

function linesOf(value: unknown): Printable[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((item) => {
      const [first = text``, ...rest] = linesOf(item);
      return [text`- ${first}`, ...rest.map((line) => indented(line))];
    });
  }
  if (isObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([name, field]) => fieldLines(scalar(name), field));
  }
  return [typeof value === 'string' ? scalar(value) : jsonText(value)];
}

function fieldLines(name: Printable, field: unknown): Printable[] {
  const opened = typeof field === 'string' ? openJson(field) : undefined;
  const lines = linesOf(opened ?? field);
  const nested = opened !== undefined || Array.isArray(field) || isObject(field);
  const [first] = lines;
  if (!nested || (lines.length === 1 && first && /^(\[\]|\{\})$/.test(first))) {
    return [text`${name}: ${first ?? text``}`];
  }
  const head = opened === undefined ? text`${name}:` : text`${name}: (as JSON)`;
  return [head, ...lines.map((line) => indented(line))];
}

function scalar(value: string): Printable {
  const plain = printable(value);
  const ordinary = plain === value && /^[^\s"'[{}\]&*!|>%@`#-].*\S$|^[\w*/]$/s.test(plain);
  const misread = /^(true|false|null|-?\d+(\.\d+)?)$/.test(value) || /: |\s#/.test(value);
  return ordinary && !misread ? plain : jsonText(value);
}

function openJson(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return Object.keys(parsed as object).length > 0 ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
