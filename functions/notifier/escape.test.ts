import fc from 'fast-check';
import { code, codeBlock, CUT, joined, mrkdwn, plain, words } from './escape';

/** Any text, with what hurts in Slack more often than chance would have it. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom('<!channel>', '<@U123>', '<https://a.example|b>', '@here', '`', '```', '&', '&amp;'),
      fc.constantFrom('*', '_', '~', '\n', '\r\n', '\t', '\u202e', '\u200b', '\u2066', '\ufeff', '\0'),
      fc.constantFrom('😀', '\ud83d', '\udc00', 'é', 'שלום', '\u2028', '\u00ad', '\u3164'),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''));
const limit = fc.integer({ min: 20, max: 300 });

/** No bare `<`, `>` or `&`: nothing Slack reads as a mention, a link or a date. */
const SAFE = /^(?:[^<>&]|&(?:amp|lt|gt);)*$/u;
const INVISIBLE = /[\p{Cf}\p{Surrogate}\p{Default_Ignorable_Code_Point}]/u;

test.each([
  ['<!channel> <!here> <@U1>', '&lt;!channel&gt; &lt;!here&gt; &lt;@U1&gt;'],
  ['<https://evil.example|click>', '&lt;https://evil.example|click&gt;'],
  ['a && b', 'a &amp;&amp; b'],
  ['&lt;', '&amp;lt;'],
  ['one\r\ntwo\n\n\tthree\u2028four', 'one two three four'],
  ['  around  ', 'around'],
  ['gro\u202eup\u2066s\u200b \u200fx\ufeff\u00ad', 'groups x'],
  ['bell\u0007 null\0 esc\u001b[31m c1\u0085\u009b', 'bell null esc[31m c1'],
  ['inter\ufff9linear \u06ddmark', 'interlinear mark'],
  ['half \ud83d and 😀', 'half \ufffd and 😀'],
  ['\u200b\u202e', '–'],
  ['', '–'],
])('plain text of %j', (value, expected) => {
  expect(plain(value, 200)).toBe(expected);
});

test.each([
  ['sg-1', '`sg-1`'],
  ['*bold* _it_ ~no~ :fire: @here', '`*bold* _it_ ~no~ :fire: @here`'],
  ['a`b```c', '`a’b’’’c`'],
  ['one\ntwo', '`one two`'],
  ['<!channel>', '`&lt;!channel&gt;`'],
  ['', '`–`'],
])('inline code of %j', (value, expected) => {
  expect(code(value)).toBe(expected);
});

test('a code block keeps lines and indentation, and nothing ends it early', () => {
  expect(codeBlock('{\r\n  "a": "```<!here>"\n}\u202e', 100)).toBe(
    '```\n{\n  "a": "’’’&lt;!here&gt;"\n}\n```',
  );
});

test('a cut falls between characters, keeps escapes whole, and is marked', () => {
  expect(plain('😀'.repeat(10), 12)).toBe(`😀😀${CUT}`);
  expect(plain('<'.repeat(10), 20)).toBe(`&lt;&lt;&lt;${CUT}`);
  expect(plain('x'.repeat(20), 20)).toBe('x'.repeat(20));
  expect(plain('x'.repeat(21), 20)).toBe(`${'x'.repeat(13)}${CUT}`);
  expect(code('x'.repeat(30), 20)).toBe(`\`${'x'.repeat(11)}${CUT}\``);
});

test('words are letters, digits and spaces', () => {
  expect(words('Non_Compliant *<!here>* `2`')).toBe('Non Compliant here 2');
});

test('markup is put together of safe parts', () => {
  expect(joined([mrkdwn`*a* ${code('x')}`, mrkdwn`${2}\nb`], ', ')).toBe('*a* `x`, 2\nb');
  // @ts-expect-error a text that was not escaped
  expect(mrkdwn`${'<!channel>' as string}`).toBeDefined();
});

test('whatever comes in, plain text is one short line without mentions or invisible characters', () => {
  fc.assert(
    fc.property(nasty, limit, (value, max) => {
      const text = plain(value, max);
      expect(text).toMatch(SAFE);
      expect(text).not.toMatch(INVISIBLE);
      expect(text).not.toMatch(/[\n\r\t]/);
      expect(text.length).toBeLessThanOrEqual(max);
      expect(text.length).toBeGreaterThan(0);
    }),
  );
});

test('whatever comes in, inline code is one pair of backticks around one line', () => {
  fc.assert(
    fc.property(nasty, limit, (value, max) => {
      const text = code(value, max);
      expect(text).toMatch(/^`[^`\n\r]+`$/);
      expect(text).toMatch(SAFE);
      expect(text).not.toMatch(INVISIBLE);
      expect(text.length).toBeLessThanOrEqual(max);
    }),
  );
});

test('whatever comes in, a code block begins and ends once', () => {
  fc.assert(
    fc.property(nasty, limit, (value, max) => {
      const text = codeBlock(value, max);
      expect(text).toMatch(/^```\n[^`]*\n```$/);
      expect(text).toMatch(SAFE);
      expect(text).not.toMatch(INVISIBLE);
      expect(text.length).toBeLessThanOrEqual(max);
    }),
  );
});

test('whatever comes in, words carry no markup', () => {
  fc.assert(
    fc.property(nasty, (value) => {
      expect(words(value)).toMatch(/^[\p{L}\p{N} \uFFFD…()]*$/u);
    }),
  );
});

test('ordinary text is not changed', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9:/.-]{1,100}$/), (value) => {
      expect(plain(value, 100)).toBe(value);
      expect(code(value, 102)).toBe(`\`${value}\``);
    }),
  );
});
