import { literalIn } from './literals';

const read = (text: string) => literalIn({ file: 'config.js', text });
const ran = globalThis as { wasRun?: boolean };

test.each([
  ['{"a": {"enabled": true}, "b": [1, -2.5, null, "x"]}', { a: { enabled: true }, b: [1, -2.5, null, 'x'] }],
  [
    "'use strict';\n// rules\nmodule.exports = {\n  a: { 'enabled': false, }, /* last */\n};\n",
    { a: { enabled: false } },
  ],
  ['export default { a: "it’s", 7: 0x10 }', { a: 'it’s', 7: 16 }],
  ['\uFEFF// JSON with comments\n[1, 2,]\n', [1, 2]],
])('%j', (text, value) => {
  expect(read(text)).toEqual(value);
});

test.each([
  ['process.exit(3)', 'line 1, column 1: only `module.exports'],
  [
    "const { rules } = require('./rules');\nmodule.exports = { a: true };",
    'line 1, column 1: only `module.exports',
  ],
  ['module.exports = { a: true };\nglobalThis.wasRun = true;', 'line 2, column 1: only'],
  ["module.exports = require('./rules');", 'line 1, column 18: this is code'],
  ['module.exports = {\n  a: { enabled: process.env.CI === "1" },\n};', 'line 2, column 17: this is code'],
  ['module.exports = { a: `${globalThis.wasRun = true}` }', 'line 1, column 23: this is code'],
  ['module.exports = { [globalThis.wasRun = true]: 1 }', 'line 1, column 21: this is code'],
  ['module.exports = { ...rules }', 'line 1, column 20: this is code'],
  ['module.exports = { get a() { globalThis.wasRun = true; return 1; } }', 'line 1, column 20: this is code'],
  ['module.exports = { a: (() => (globalThis.wasRun = true))() }', 'line 1, column 23: this is code'],
  ['module.exports = { a: 1n, b: /x/ }', 'line 1, column 23: this is code'],
  ['module.exports = { a: [1, , 2] }', 'line 1, column 23: this is code'],
  ["module['exports'] = { a: true }", 'line 1, column 1: only `module.exports'],
  ['{ "a": 1 }\n{ "b": 2 }', 'line 1, column 11: something follows'],
  ['{ "a": }', 'line 1, column 8: this is misspelt'],
  ['{ "a": "https://secret.example" "b": 1 }', 'line 1, column 33: this is misspelt'],
  ['', 'holds no settings'],
])('%j is refused, and not run', (text, says) => {
  expect(() => read(text)).toThrow(says);
  expect(() => read(text)).not.toThrow(/secret/);
  expect(ran.wasRun).toBeUndefined();
});

test('what is nested without an end, or endless, is told in a sentence', () => {
  expect(() => read('['.repeat(200_000))).toThrow('nested too deep');
  expect(() => read(`${' '.repeat(2_000_000)}x`)).toThrow('only');
  expect(() => read('// '.repeat(50_000))).toThrow('holds no settings');
});

test('names of prototypes are fields like others, and change nothing', () => {
  const value = read('{ "__proto__": { "enabled": true }, "constructor": 1 }') as object;
  expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect({}).not.toHaveProperty('enabled');
});
