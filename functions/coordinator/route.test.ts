import { enabling, entry } from '../../testing/entry';
import { type Route, type Rules, route } from './route';

const ACCOUNT = '111122223333';
const rules: Rules = {
  config: enabling('rotate_key', 'rename_key'),
  accountId: ACCOUNT,
  region: 'eu-west-1',
  catalogue: [
    entry('rotate_key', { aliases: ['key_rotate'] }),
    entry('rename_key'),
    entry('drop_key'),
    entry('no_words', { params: { type: 'object' } }),
  ],
};

interface Message {
  bot: string;
  target: Record<string, unknown>;
  params?: unknown;
  [field: string]: unknown;
}

function message(changes: Partial<Message> = {}, target: Record<string, unknown> = {}): Message {
  return {
    version: 1,
    bot: 'rotate_key',
    target: { account: ACCOUNT, region: 'eu-west-1', type: 'AWS::KMS::Key', id: 'key-1', ...target },
    finding: { source: 'test', id: 'finding-1', time: '2026-11-21T10:00:00Z' },
    ...changes,
  };
}

function routed(body: unknown, changes: Partial<Rules> = {}): Route {
  return route(typeof body === 'string' ? body : JSON.stringify(body), { ...rules, ...changes });
}

describe('a message that can be used', () => {
  test('is answered with itself, and what it leaves out is filled in', () => {
    expect(routed(message())).toEqual({ remediation: { ...message(), params: {} } });
  });

  test('an alias becomes the proper id', () => {
    expect(routed(message({ bot: 'key_rotate' }))).toMatchObject({ remediation: { bot: 'rotate_key' } });
  });

  test('parameters pass as they are: defaults are the bot’s and config.ts’s business', () => {
    const params = { days: 7, ports: [1, 2] };
    expect(routed(message({ params }))).toMatchObject({ remediation: { params } });
  });

  test('parameters that config.ts gives need not be in the message', () => {
    const params = { type: 'object', properties: { days: { type: 'integer' } }, required: ['days'] };
    const catalogue = [entry('rotate_key', { params })];
    expect(routed(message(), { catalogue })).toEqual({ reason: expect.stringMatching(/^parameter days/) });
    const config = {
      enable_auto_response: true,
      bots: { rotate_key: { enabled: true, params: { days: 7 } } },
    } as Rules['config'];
    expect(routed(message(), { catalogue, config })).toMatchObject({ remediation: { params: {} } });
  });

  test('settings are those of the account and region that the message says', () => {
    const catalogue = [entry('rotate_key', { resource: 'AWS::::Region' })];
    const settings = (id: string) => routed(message({}, { type: 'AWS::::Region', id }), { catalogue });
    expect(settings('eu-west-1')).toHaveProperty('remediation');
    expect(settings('eu-west-2')).toEqual({
      reason: expect.stringMatching(/target\.id: settings are named/),
    });
  });

  test('the preview, and fields that nobody knows, do not go on', () => {
    const preview = { violation: 'old', calls: [{ action: 'kms:EnableKeyRotation', input: {} }] };
    const answer = routed({ ...message(), preview, surprise: 1 });
    expect(answer).toEqual({ remediation: { ...message(), params: {} } });
  });

  test('a region is refused only when config.ts does not name it', () => {
    const elsewhere = message({}, { region: 'eu-west-9' });
    expect(routed(elsewhere)).toEqual({ reason: expect.stringMatching(/^region eu-west-9 .*config\.ts$/) });
    const config = { ...rules.config, regions: ['eu-west-9'] };
    expect(routed(elsewhere, { config })).toHaveProperty('remediation');
  });
});

describe('a message that cannot be used: one sentence on why', () => {
  test.each<[string, unknown, RegExp]>([
    ['nothing', '', /not JSON/],
    ['not JSON', '{"bot":', /not JSON/],
    ['a text', '"rotate_key"', /not a remediation message: the message: .*object/],
    ['a number', '7', /not a remediation message: the message: .*object/],
    ['null', 'null', /not a remediation message: the message: .*object/],
    ['a list', '[]', /not a remediation message: the message: .*object/],
    ['an empty object', '{}', /not a remediation message: version/],
    ['another version', message({ version: 2 }), /version/],
    ['no target', message({ target: undefined as never }), /target/],
    ['no finding', message({ finding: undefined }), /finding/],
    ['an account that is none', message({}, { account: '12' }), /target\.account: .*12 digits/],
    ['a region that is none', message({}, { region: 'moon' }), /target\.region: .*eu-west-1/],
    ['a type that is none', message({}, { type: 'Key' }), /target\.type: .*AWS::S3::Bucket/],
    ['an empty id', message({}, { id: '' }), /target\.id/],
    ['parameters that are a list', message({ params: [1] }), /params/],
    ['a bot that nobody has', message({ bot: 'make_tea' }), /no bot "make_tea": see npx selfheal bots/],
    ['a bot named like a part of every object', message({ bot: 'constructor' }), /no bot "constructor"/],
    ['a bot named like a path', message({ bot: '../../etc/passwd' }), /no bot "\.\.\/\.\.\/etc\/passwd"/],
    ['a bot that is not enabled', message({ bot: 'drop_key' }), /drop_key is not enabled/],
    ['another account', message({}, { account: '999999999999' }), /account 999999999999 is not/],
    ['a region that nobody knows', message({}, { region: 'xx-nowhere-9' }), /region xx-nowhere-9/],
    [
      'another type of resource',
      message({}, { type: 'AWS::S3::Bucket' }),
      /acts on AWS::KMS::Key, .* a AWS::S3::Bucket/,
    ],
    ['a parameter of a wrong type', message({ params: { days: 'many' } }), /parameter days of rotate_key/],
    ['a parameter out of range', message({ params: { days: 0 } }), /parameter days of rotate_key/],
    ['a wrong item of a list', message({ params: { ports: [22, 'ssh'] } }), /parameter ports\.1 of rotate/],
    ['null for a parameter', message({ params: { days: null } }), /parameter days of rotate_key/],
    ['an unknown parameter', message({ params: { day: 1 } }), /no parameter day: it takes days, name/],
    ['a polluting parameter', message({ params: { constructor: { prototype: 1 } } }), /no parameter constr/],
  ])('%s', (_name, body, reason) => {
    expect(routed(body)).toEqual({ reason: expect.stringMatching(reason) });
  });

  test('a bot without parameters says so', () => {
    const answer = routed(message({ bot: 'no_words', params: { a: 1 } }), { config: enabling('no_words') });
    expect(answer).toEqual({ reason: 'no_words has no parameter a: it takes none' });
  });

  test('a name as long as a book is cut in the answer', () => {
    expect(routed(message({ bot: 'b'.repeat(5000) }))).toEqual({
      reason: expect.stringMatching(/^.{1,200}$/),
    });
  });

  test('one that is larger than a function can be handed', () => {
    const params = { ports: Array.from({ length: 60_000 }, () => 22_222) };
    expect(routed(message({ params }))).toEqual({ reason: expect.stringMatching(/larger than/) });
  });
});

test('`__proto__` neither passes nor changes anything', () => {
  const body = JSON.stringify(message()).replace('"bot"', '"__proto__":{"polluted":true},"bot"');
  const inParams = JSON.stringify(message({ params: { days: 1 } })).replace(
    '"days":1',
    '"days":1,"__proto__":{"polluted":true}',
  );
  expect(inParams).toContain('"__proto__"');
  for (const text of [body, inParams]) {
    const answer = routed(text);
    expect(answer).toHaveProperty('remediation');
    expect(JSON.stringify(answer)).not.toContain('polluted');
  }
  expect({}).not.toHaveProperty('polluted');
});
