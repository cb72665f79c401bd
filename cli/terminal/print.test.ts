import fc from 'fast-check';
import { compact, jsonText, outline, printable, shortened } from './print';

const HOSTILE = [
  '\u001b[31mred\u001b[0m',
  '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007',
  '\u009b2J',
  'a\u202egpj.exe',
  '\u2066x\u2069',
  'zero\u200bwidth',
  'line\nbreak\r\u2028\u2029',
  '\u{e0041}tag',
  '\ud800',
  '\u0000\u0007\u007f',
];
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}\p{Default_Ignorable_Code_Point}]/u;
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string())).map((parts) => parts.join('')),
);

describe('printable', () => {
  test.each(HOSTILE)('cleans %j', (value) => {
    expect(printable(value)).not.toMatch(hidden);
  });

  test('leaves ordinary text alone', () => {
    expect(printable('sg-1: offen für alle, 日本語 0.0.0.0/0')).toBe(
      'sg-1: offen für alle, 日本語 0.0.0.0/0',
    );
  });

  test('nothing that a terminal obeys gets through, whatever comes in', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const clean = printable(value);
        expect(clean).not.toMatch(hidden);
        expect(printable(clean)).toBe(clean);
      }),
    );
  });
});

test('JSON keeps every value and shows nothing hidden', () => {
  fc.assert(
    fc.property(fc.array(anyText), (values) => {
      const json = jsonText(values);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(values)));
      expect(json).not.toMatch(hidden);
    }),
  );
});

test('an outline and a brief are safe, whatever the input of a call is', () => {
  fc.assert(
    fc.property(fc.dictionary(anyText, fc.oneof(anyText, fc.array(anyText))), (input) => {
      for (const line of [...outline(input).split('\n'), compact(input)]) expect(line).not.toMatch(hidden);
    }),
  );
});

describe('outline', () => {
  test('shows fields, lists, and policies opened', () => {
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*' }],
    });
    expect(outline({ Bucket: 'b', Policy: policy, Ids: ['one', 'two'], None: [], On: true })).toBe(
      [
        'Bucket: b',
        'Policy: (as JSON)',
        '  Version: 2012-10-17',
        '  Statement:',
        '    - Effect: Allow',
        '      Principal: *',
        'Ids:',
        '  - one',
        '  - two',
        'None: []',
        'On: true',
      ].join('\n'),
    );
  });

  test('what could be misread stands in quotes', () => {
    expect(outline({ a: 'true', b: '22', c: '', d: ' x', e: 'two\nlines', f: 'x: y' })).toBe(
      ['a: "true"', 'b: "22"', 'c: ""', 'd: " x"', 'e: "two\\nlines"', 'f: "x: y"'].join('\n'),
    );
  });
});

test('a cut never leaves half a character', () => {
  expect(shortened(printable('ab😀cd'), 4)).toBe('ab…');
});
