/** What zod finds wrong with config.ts, in the words of those who write one. */
import * as z from 'zod';
import { nearest } from '../shared/nearest';
import { once } from '../shared/once';

/** Something in config.ts that cannot be deployed, or had better not be. */
export interface ConfigFault {
  /** The field, as one would write it: `bots.kms_enable_rotation.mode`, `exemptions[0].until`. */
  readonly at: string;
  /** One sentence about it. */
  readonly says: string;
}

/** Where a value lies in config.ts. */
export type Path = readonly PropertyKey[];

/** A place as one would write it in TypeScript. */
export function placeText(path: Path): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[A-Za-z_$][\w$]*$/.test(String(step)) ? `.${String(step)}` : `[${JSON.stringify(step)}]`;
    })
    .join('')
    .replace(/^\./, '');
}

/**
 * What is wrong with a value by its schema, a sentence for each fault.
 *
 * @param at where the value lies in config.ts
 */
export function faultsOf(schema: z.ZodType, value: unknown, at: Path = []): ConfigFault[] {
  const { error } = schema.safeParse(value);
  if (!error) return [];
  const names = once(() => z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as Node);
  return error.issues.flatMap(told).flatMap((issue): ConfigFault[] => {
    const place = [...at, ...issue.path];
    const given = valueAt(value, issue.path);
    if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
      const values = valuesAt(names(), issue.path);
      return [{ at: placeText(place), says: sentence({ ...issue, code: 'invalid_value', values }, given) }];
    }
    if (issue.code === 'unrecognized_keys') {
      const known = namesAt(names(), issue.path);
      return issue.keys.map((key) => ({
        at: placeText([...place, key]),
        says: unknownName(key, known, place.at(-1) === 'bots' ? 'bot' : 'field'),
      }));
    }
    if (issue.code === 'invalid_key') {
      const key = issue.path.at(-1) ?? '';
      const known = namesAt(names(), issue.path.slice(0, -1));
      return [{ at: placeText(place), says: unknownName(String(key), known, 'field') }];
    }
    return [{ at: placeText(place), says: sentence(issue, given) }];
  });
}

type Issue = z.core.$ZodIssue;

/** Of the choices that a union gives, what is wrong with the one that was meant: the one that went furthest. */
function told(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const choices = issue.errors.filter(({ length }) => length > 0);
  const depth = (issues: readonly Issue[]) => Math.max(...issues.map(({ path }) => path.length));
  const isAnother = ({ code, path }: Issue) =>
    (code === 'invalid_type' || code === 'invalid_value') && path.length === 0;
  const meant = choices.filter((issues) => !issues.some(isAnother));
  const order = (one: readonly Issue[], other: readonly Issue[]) =>
    depth(other) - depth(one) || one.length - other.length;
  const [best, next] = meant.sort(order);
  if (!best) return [issue];
  // A schema that says in its own words what it takes says it better than one of several choices.
  const isPlain = depth(best) > 0 && (!next || order(best, next) < 0);
  if (issue.message !== 'Invalid input' && !isPlain) return [issue];
  return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(told);
}

function sentence(issue: Issue, given: unknown): string {
  if (issue.code === 'custom') return issue.message;
  if (given === undefined) return `is missing: it takes ${wanted(issue)}`;
  const not = `not ${shown(given)}`;
  switch (issue.code) {
    case 'invalid_value': {
      const values = issue.values.map(String);
      // No other list in config.ts is as long.
      if (values.length > 20 && typeof given === 'string') return unknownName(given, values, 'bot');
      const meant = typeof given === 'string' ? nearest(given, values) : undefined;
      return `takes ${wanted(issue)}, ${not}${meant === undefined ? '' : `: did you mean "${meant}"?`}`;
    }
    case 'too_small':
    case 'too_big':
      if (lengthOf(given) === 0) return 'must not be empty';
      return `takes ${wanted(issue)}, ${issue.origin === 'array' || issue.origin === 'string' ? `not ${String(lengthOf(given))}` : not}`;
    default:
      return `takes ${wanted(issue)}, ${not}`;
  }
}

/** What a field takes. */
function wanted(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return either(issue.values.map((value) => JSON.stringify(value)));
    case 'invalid_union':
      if (issue.message !== 'Invalid input') return issue.message;
      return (
        either([...new Set(issue.errors.flatMap(([first]) => (first ? [wanted(first)] : [])))]) ||
        'another value'
      );
    case 'too_small':
      return amount(issue.inclusive ? 'at least' : 'more than', issue.minimum, issue.origin);
    case 'too_big':
      return amount(issue.inclusive ? 'at most' : 'less than', issue.maximum, issue.origin);
    case 'not_multiple_of':
      return `a multiple of ${String(issue.divisor)}`;
    case 'invalid_format':
      return FORMATS[issue.format] ?? formText(issue);
    default:
      return issue.message;
  }
}

/** A form that the schema describes in words, or its pattern. */
function formText({
  message,
  pattern,
}: {
  readonly message: string;
  readonly pattern?: string | undefined;
}): string {
  return message.startsWith('Invalid')
    ? `text of the form ${pattern ?? 'that its documentation names'}`
    : message;
}

function amount(how: string, count: number | bigint, origin: string): string {
  if (origin === 'array' || origin === 'set') return `a list of ${how} ${String(count)}`;
  if (origin === 'string') return `text of ${how} ${String(count)} characters`;
  return `${how} ${String(count)}`;
}

function lengthOf(given: unknown): number | undefined {
  return typeof given === 'string' || Array.isArray(given) ? given.length : undefined;
}

const TYPES: Readonly<Partial<Record<string, string>>> = {
  ...{ string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false' },
  ...{ array: 'a list', object: 'an object', record: 'an object', undefined: 'nothing' },
};
const FORMATS: Readonly<Partial<Record<string, string>>> = {
  date: 'a date such as 2027-01-31',
  safeint: 'a whole number',
};

function unknownName(given: string, known: readonly string[], what: string): string {
  if (known.includes(given)) return `${given} does not go with the other fields here`;
  const meant = nearest(given, known);
  const hint =
    meant !== undefined
      ? `: did you mean ${meant}?`
      : what === 'bot'
        ? ': npx selfheal bots lists them'
        : known.length > 0 && known.length <= 20
          ? `: there are ${known.join(', ')}`
          : '';
  return `there is no ${what} ${JSON.stringify(given)}${hint}`;
}

function shown(value: unknown): string {
  const json = (JSON.stringify(value) as string | undefined) ?? String(value);
  return json.length > 60 ? `${json.slice(0, 59)}…` : json;
}

function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

/** JSON Schema as far as it is read here. */
interface Node {
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly additionalProperties?: boolean | Node;
  readonly items?: Node;
  readonly const?: unknown;
}

/** The fields that there are at a place. */
function namesAt(schema: Node, path: Path): string[] {
  const names = nodesAt(schema, path).flatMap(({ properties = {}, propertyNames }) => [
    ...Object.keys(properties),
    ...(propertyNames?.enum ?? []),
  ]);
  return [...new Set(names)];
}

/** The words that may stand at a place. */
function valuesAt(schema: Node, path: Path): string[] {
  return nodesAt(schema, path).flatMap((node) => (typeof node.const === 'string' ? [node.const] : []));
}

function nodesAt(schema: Node, path: Path): Node[] {
  let nodes = choicesOf(schema);
  for (const step of path) {
    nodes = nodes.flatMap(({ properties = {}, additionalProperties, items }) => {
      const own = typeof step === 'number' ? items : properties[String(step)];
      const next = own ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
      return next ? choicesOf(next) : [];
    });
  }
  return nodes;
}

function choicesOf(node: Node): Node[] {
  return [node, ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap(choicesOf)];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner as Record<PropertyKey, unknown> | undefined)?.[step],
    value,
  );
}
