import { tfvarsIn } from './tfvars';

const read = (text: string) => tfvarsIn({ file: 'terraform.tfvars', text });

test('texts, numbers, lists and maps, between comments', () => {
  const text = [
    '# ours',
    'region = "eu-west-1" // there',
    '"quoted-name"   = "a \\"b\\" \\\\ \\u00e9 $${kept} %%{kept}"',
    'ports = [22, "3389", /* and */ 1.5e2,',
    '  -1,',
    ']',
    'team = { name = "sec", "cost": 12',
    '  on = true',
    '  none = null }',
    'off=false',
  ].join('\r\n');
  expect(read(text)).toEqual({
    region: 'eu-west-1',
    'quoted-name': 'a "b" \\ é ${kept} %{kept}',
    ports: [22, '3389', 150, -1],
    team: { name: 'sec', cost: 12, on: true, none: null },
    off: false,
  });
  expect(read('')).toEqual({});
});

test.each([
  ['a = "${var.secret}"', 'line 1, column 6: the text has an interpolation'],
  ['a = "%{ if true }secret%{ endif }"', 'has an interpolation'],
  ['a = <<EOT\nsecret\nEOT', 'line 1, column 5: a heredoc'],
  ['a = var.secret', 'line 1, column 5: a text in quotes'],
  ['a = file("secret")', 'line 1, column 5: a text in quotes'],
  ['a = 1 + 1', 'line 1, column 7: after a value the line has to end'],
  ['a = "secret', 'line 1, column 5: this text does not end'],
  ['a = "secret\\q"', 'no such escape'],
  ['\nvariable "secret" {\n}', 'line 2, column 10: this is a block'],
  ['a', 'a variable has to be followed by ='],
  ['a = [1 2]', 'parted by commas'],
  ['a = { b 1 }', 'a key has to be followed by ='],
  ['a = { b = 1 c = 2 }', 'a new line, a comma or }'],
  ['a = { b = 1', 'a new line, a comma or }'],
  ['a = [', 'a text in quotes'],
  ['a = 1\na = 2', 'line 2, column 1: this variable is set a second time'],
  ['= 1', 'the name of a variable'],
  ['a = 1 /* secret', 'the line has to end'],
  [`a = ${'['.repeat(10_000)}`, 'nested too deep'],
])('%j is refused, without what stands there', (text, says) => {
  expect(() => read(text)).toThrow(says);
  expect(() => read(text)).not.toThrow(/secret/);
});

test('names of prototypes are variables like others', () => {
  expect(Object.keys(read('__proto__ = { polluted = true }\nconstructor = 1'))).toEqual([
    '__proto__',
    'constructor',
  ]);
  expect({}).not.toHaveProperty('polluted');
});
