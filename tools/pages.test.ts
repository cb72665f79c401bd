import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { allPages, brokenLinks, pageOf } from './pages';

const isThere = (path: string) => existsSync(join(__dirname, '..', path));

test('a link that leads nowhere, and one to an anchor that is not there, are named', () => {
  const page = pageOf(
    'docs/a.md',
    [
      '# One `two`',
      '[ok](#one-two) [ok](../README.md) [gone](gone.md) [no](#three)',
      '```',
      '[code](x.md)',
      '```',
      '`[code](y.md)`',
    ].join('\n'),
  );
  expect(brokenLinks([page], isThere)).toEqual(['docs/a.md: gone.md', 'docs/a.md: #three']);
});

test('every link of the documentation leads somewhere', () => {
  const pages = allPages();
  expect(pages.length).toBeGreaterThan(20);
  expect(brokenLinks(pages, isThere)).toEqual([]);
});

// `<name>` outside of code vanishes on GitHub and stops the site from being built.
test('no text is taken for HTML', () => {
  const taken = allPages().flatMap(({ path, prose }) =>
    [...prose.matchAll(/<(?!a id=|\/a>|!--|https?:)\/?[a-z][^>]*>|\{\{/gi)].map(
      ([found]) => `${path}: ${found}`,
    ),
  );
  expect(taken).toEqual([]);
});
