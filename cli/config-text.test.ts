import fc from 'fast-check';
import { literalIn } from './commands/import/literals';
import { laidOut, literal, quoted } from './config-text';

const data = fc.letrec((tie) => ({
  value: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc
        .oneof(fc.string(), fc.constantFrom('a-b', 'ok', "it's", '*/', '\u2028'))
        .filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).value;

test('what is written says what was given, in one line or in several', () => {
  fc.assert(
    fc.property(data, (value) => {
      for (const text of [literal(value), laidOut(value), laidOut(value, 100)]) {
        expect(literalIn({ file: 'config.ts', text: `module.exports = ${text}` })).toEqual(value);
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u);
      }
    }),
  );
});

test('texts are quoted as prettier does it, and hide nothing', () => {
  expect(['a', "it's", '${x}', '\u202e\u0007'].map(quoted)).toEqual([
    "'a'",
    '"it\'s"',
    "'${x}'",
    '"\\u202e\\u0007"',
  ]);
});

test('a field that would be the prototype is a field', () => {
  const hostile: unknown = JSON.parse('{"__proto__": {"enabled": true}}');
  expect(literal(hostile)).toBe("{ ['__proto__']: { enabled: true } }");
});
