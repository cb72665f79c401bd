/** Plain data as TypeScript, as config.ts has it. */
import { jsonText } from './terminal/print';

/** As wide as prettier lets lines be. */
const WIDTH = 110;

/** TypeScript for plain data: whatever stands in it is a string, a number or a name of a field there, and nothing else. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([key, field]) => `${fieldName(key)}: ${literal(field)}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value);
}

/** The same, over several lines where one would be too long. */
export function laidOut(value: unknown, indent = 0, taken = 0): string {
  const line = literal(value);
  if (typeof value !== 'object' || value === null || indent + taken + line.length < WIDTH) return line;
  const step = indent + 2;
  const items = Array.isArray(value)
    ? value.map((item) => laidOut(item, step))
    : Object.entries(value).map(([key, field]) => {
        const name = `${fieldName(key)}: `;
        return `${name}${laidOut(field, step, name.length)}`;
      });
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const lines = items.map((item) => `${' '.repeat(step)}${item},\n`).join('');
  return `${open}\n${lines}${' '.repeat(indent)}${close}`;
}

/** A string as prettier would have it where nothing needs escaping. */
export function quoted(value: string): string {
  // What a terminal would obey, and what cannot be seen, stands escaped.
  const json = jsonText(value);
  return /[\\']/.test(json) ? json : `'${json.slice(1, -1)}'`;
}

/** The name of a field before its colon. Written out, `__proto__` would be no field. */
export function fieldName(key: string): string {
  if (key === '__proto__') return `['__proto__']`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}
