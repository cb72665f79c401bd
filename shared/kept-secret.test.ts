import { keptSecret } from './kept-secret';

const source = { parameter: '/selfheal/slack-signing-secret' };

/** Answers in turn, and counts. */
function reads(...texts: (string | undefined)[]) {
  let count = 0;
  return { read: () => Promise.resolve(texts[count++]), count: () => count };
}

test('a fresh one is read at once, but not more often than freshMs allows', async () => {
  let time = 0;
  const { read, count } = reads('one', 'two', 'three');
  const { text } = keptSecret({
    ...{ source, example: 'x', read },
    ...{ now: () => time, ttlMs: 1000, freshMs: 100 },
  });
  expect([await text(), await text({ fresh: true })]).toEqual(['one', 'one']);
  time = 100;
  expect([await text(), await text({ fresh: true })]).toEqual(['one', 'two']);
  time = 1100;
  expect(await text()).toBe('three');
  expect(count()).toBe(3);
});

test('what cannot be used is not kept, and not repeated', async () => {
  const { read } = reads('not-it', 'it: token');
  const parse = (stored: string) => /^it: (.*)/.exec(stored)?.[1];
  const { text } = keptSecret({ source, example: 'it: …', read, parse, shape: 'a line of it' });
  const refusal = await text().catch(String);
  expect(refusal).toContain(
    '/selfheal/slack-signing-secret does not hold a line of it: aws ssm put-parameter',
  );
  expect(refusal).not.toContain('not-it');
  await expect(text()).resolves.toBe('token');
});

test.each([
  [undefined, 'the SSM parameter /selfheal/slack-signing-secret is missing: aws ssm put-parameter'],
  ['the signing secret', 'slack-signing-secret with the signing secret is missing: aws ssm put-parameter'],
])('one that is missing is named: %s', async (what, sentence) => {
  const { text } = keptSecret({ source, example: 'x', read: reads().read, ...(what && { what }) });
  await expect(text()).rejects.toThrow(sentence);
});
