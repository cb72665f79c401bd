import { entry } from '../../../testing/entry';
import { readerOf } from '../../../testing/reading';
import type { Intake } from '../source';
import bucket from './fixtures/cloudguard/bucket.json';
import { generic } from './generic';

const intake: Intake = {
  catalogue: [entry('rotate', { aliases: ['turn'] })],
  accountId: '111122223333',
  region: 'eu-west-1',
  sentAt: '2026-11-21T12:00:00.000Z',
  messageId: 'message-1',
};

const read = readerOf(generic, intake);

test('bot and id are enough: the installation’s account and region, the bot’s type, the message’s id and time', () => {
  expect(read({ bot: 'rotate', target: { id: 'key-1' } })).toEqual([
    {
      remediation: {
        version: 1,
        bot: 'rotate',
        target: { account: '111122223333', region: 'eu-west-1', type: 'AWS::KMS::Key', id: 'key-1' },
        params: {},
        finding: { source: 'generic', id: 'message-1', time: '2026-11-21T12:00:00.000Z' },
      },
    },
  ]);
});

test('what is given stands', () => {
  const target = { account: '444455556666', region: 'eu-central-1', type: 'AWS::KMS::Key', id: 'key-1' };
  const finding = { id: 'finding-7', time: '2026-11-21T09:00:00+02:00', title: 'it does not rotate' };
  expect(read({ bot: 'turn', target, params: { days: 7 }, ...finding })).toEqual([
    {
      remediation: {
        version: 1,
        bot: 'rotate',
        target,
        params: { days: 7 },
        finding: { source: 'generic', ...finding },
      },
    },
  ]);
});

test.each([
  ['eu_central_1', 'eu-central-1'],
  ['Europe (Frankfurt)', 'eu-central-1'],
])('the region %s', (region, expected) => {
  expect(read({ bot: 'rotate', target: { id: 'key-1', region } })).toMatchObject([
    { remediation: { target: { region: expected } } },
  ]);
});

test.each<[string, object, RegExp]>([
  ['a region that is none', { target: { id: 'k', region: 'Moon' } }, /^"Moon" is the name of no region/],
  [
    'no region, of what lies in one',
    { target: { id: 'k', region: 'global' } },
    /^the finding names no region/,
  ],
  ['a region left empty', { target: { id: 'k', region: '' } }, /target\.region/],
  ['an unknown bot', { bot: 'make_tea' }, /no bot "make_tea"/],
  ['a bot that is part of every object', { bot: 'constructor' }, /no bot "constructor"/],
  ['no bot', { bot: '' }, /bot/],
  ['a bot that is no text', { bot: 7 }, /bot/],
  ['no target', { target: null }, /target/],
  ['a target without id', { target: {} }, /target\.id/],
  ['an account that is none', { target: { id: 'k', account: '12' } }, /target\.account/],
  ['an unknown parameter', { params: { day: 7 } }, /no parameter day: it takes days/],
  ['a polluting parameter', { params: { constructor: 1 } }, /no parameter constructor/],
  ['a parameter of a wrong type', { params: { days: '7' } }, /parameter days of rotate/],
  ['parameters that are a list', { params: [7] }, /params/],
  ['a time that is none', { time: 'yesterday' }, /time/],
  ['a title like a book', { title: 'x'.repeat(1025) }, /title/],
])('%s', (_name, changes, reason) => {
  expect(read({ bot: 'rotate', target: { id: 'key-1' }, ...changes })).toEqual([
    { unusable: expect.stringMatching(reason) },
  ]);
});

test('the settings of a region are named by it, once', () => {
  const changes = { catalogue: [entry('set_region', { resource: 'AWS::::Region' })] };
  const set = (target: object) => read({ bot: 'set_region', target }, changes);
  for (const target of [{ id: 'eu-west-2' }, { id: 'eu-west-2', region: 'London' }]) {
    expect(set(target)).toMatchObject([
      { remediation: { target: { id: 'eu-west-2', region: 'eu-west-2' } } },
    ]);
  }
  const unusable = expect.stringMatching(/lies in eu-west-2, and region eu-west-1 is said of it/);
  expect(set({ id: 'eu-west-2', region: 'eu-west-1' })).toEqual([{ unusable }]);
});

test('what config.ts gives the bot may be left out', () => {
  const params = { type: 'object', properties: { days: { type: 'integer' } }, required: ['days'] };
  const catalogue = [entry('rotate', { params })];
  const message = { bot: 'rotate', target: { id: 'key-1' } };
  expect(read(message, { catalogue })).toEqual([{ unusable: expect.stringMatching(/^parameter days/) }]);
  expect(read(message, { catalogue, configured: () => ({ days: 7 }) })).toMatchObject([
    { remediation: { params: {} } },
  ]);
});

test('other messages are left to other sources', () => {
  expect(generic.accepts(bucket)).toBe(false);
  expect(generic.accepts({ bot: 'rotate' })).toBe(false);
});
