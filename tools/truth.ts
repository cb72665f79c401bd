import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AnyBot } from '../shared/bot/bot';
import type { CatalogueEntry } from '../shared/catalogue';
import { botLink } from './docs';

interface Fact {
  readonly code: string;
  readonly source: 'recorded' | 'documented';
}

/**
 * For docs/truth.md: by bot, which judge has looked at it and what rests on AWS's documents alone. Read from the tests
 * themselves: what they script, what local AWS cannot judge, and which errors were recorded from AWS.
 */
export async function truthTable(root: string, entries: readonly CatalogueEntry[]): Promise<string> {
  const facts = factsIn(join(root, 'testing/recorded'));
  const alone = JSON.parse(readFileSync(join(root, 'local/aws/by-action-alone.json'), 'utf8')) as string[];
  const rows = entries.map(async ({ id, service, permissions }) => {
    const file = join(root, 'functions/remediators', service, id);
    const { bot } = (await import(`${file}.ts`)) as { bot: AnyBot };
    const { read, write, undo } = permissions;
    const scripted = scriptedIn(`${file}.test.ts`, [...read, ...write, ...undo]);
    const held = [...read, ...write].filter((action) => alone.includes(action));
    const gone = (bot.gone ?? []).map((code) => `\`${code}\` ${facts.get(plain(code)) ?? 'from documents'}`);
    return [
      botLink({ id, service }),
      code(scripted) || '–',
      held.length === 0 ? 'to the resource' : `${code(held)} by action alone`,
      gone.join(', ') || '–',
    ];
  });
  return [
    '| bot | scripted in a test | rights judged | errors when it is gone |',
    '|---|---|---|---|',
    ...(await Promise.all(rows)).map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');
}

/** By error code, in small letters and without the endings that SDKs add, how sure it is. */
function factsIn(folder: string): Map<string, Fact['source']> {
  const facts = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Fact[]);
  const sure = [...facts].sort((a, b) => (a.source === b.source ? 0 : a.source === 'recorded' ? 1 : -1));
  return new Map(sure.map((fact) => [plain(fact.code), fact.source]));
}

function plain(code: string): string {
  return code
    .replace(/^AWS\.SimpleQueueService\.NonExistentQueue$/, 'QueueDoesNotExist')
    .replace(/(Exception|Fault)$/, '')
    .toLowerCase();
}

/** The operations of these actions that a test, or a fixture that it imports, answers itself. */
function scriptedIn(test: string, actions: readonly string[]): string[] {
  const own = readFileSync(test, 'utf8');
  const fixtures = [...own.matchAll(/from '(\.{1,2}\/[^']*fixtures\/[^']+)'/g)]
    .map(([, path = '']) => join(dirname(test), `${path}.ts`))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8'));
  const texts = [own, ...fixtures].filter((text) => /\bscript\(/.test(text));
  const names = actions.map((action) => action.split(':')[1] ?? '');
  const isScripted = (name: string) =>
    texts.some((text) => new RegExp(`(?<![:\\w.'])${name}\\s*(:|\\(|,|\\])`).test(text));
  return [...new Set(names)].filter(isScripted).sort();
}

function code(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}
