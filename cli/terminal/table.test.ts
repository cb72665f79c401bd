import { stripVTControlCharacters } from 'node:util';
import { paints, printable, text } from './print';
import { table, wrapped } from './table';

const plain = paints(false);
const COLUMNS = { id: 'whole', name: 'name', text: 'prose' } as const;
const row = ['20261121T093000-3f9a2c41b0', 'arn:aws:sns:eu-west-1:123456789012:a-topic', 'words '.repeat(30)];

test.each([80, 100, 140])('fits %i columns, and ids stay whole', (columns) => {
  const drawn = table(plain, columns, COLUMNS, [row.map(printable), row.map(printable)]);
  for (const line of drawn.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
  expect(drawn.split(row[0] ?? '')).toHaveLength(3);
});

test('a small terminal gets a block a row', () => {
  expect(table(plain, 50, COLUMNS, [row.map(printable)])).toMatch(
    /^id {4}20261121T093000-3f9a2c41b0\nname {2}arn:/,
  );
});

test('a block leaves out what a row has not', () => {
  const sparse = row.map((value, index) => (index === 1 ? text`` : printable(value)));
  expect(table(plain, 50, COLUMNS, [sparse])).not.toContain('name');
  expect(table(plain, 200, COLUMNS, [sparse])).toContain('name');
});

test('colours do not count', () => {
  const cell = { text: printable('words '.repeat(30)), paint: paints(true).red };
  const drawn = table(plain, 80, COLUMNS, [[text`a`, text`b`, cell]]);
  expect(drawn).toContain('\u001b[31m');
  for (const line of stripVTControlCharacters(drawn).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('words that are too long are broken, wide characters count twice', () => {
  expect(wrapped(printable('aaaaaaaa bb'), 4)).toEqual(['aaaa', 'aaaa', 'bb']);
  expect(wrapped(printable('日本語'), 4)).toEqual(['日本', '語']);
});
