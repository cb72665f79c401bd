import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sources } from '.';

const FIXTURES = join(__dirname, 'fixtures');

const samples = readdirSync(FIXTURES).flatMap((name) =>
  readdirSync(join(FIXTURES, name)).map(
    (file) =>
      [
        `${name}/${file}`,
        name,
        JSON.parse(readFileSync(join(FIXTURES, name, file), 'utf8')) as object,
      ] as const,
  ),
);

test.each(samples)('%s is understood by its own source and by no other', (_file, name, sample) => {
  expect(sources.filter((source) => source.accepts(sample)).map((source) => source.name)).toEqual([name]);
});

test('every source has samples, a name of its own, and a file', () => {
  const names = sources.map(({ name }) => name);
  expect([...new Set(samples.map(([, name]) => name))].sort()).toEqual([...names].sort());
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(readdirSync(__dirname)).toContain(`${name}.ts`);
});
