import { testSetting } from '../../../testing/setting';
import { NO_STAGE, stageWith, stagesBut } from './fixtures/stage';
import { bot } from './apigateway_encrypt_cache';

const CACHE = { cacheClusterEnabled: true };
/** All methods cache, one of them encrypted; another does not cache at all. */
const methods = (inClear: readonly string[]) => ({
  '/*/*/caching/enabled': 'true',
  '/*/*/caching/dataEncrypted': String(!inClear.includes('*/*')),
  '/~1pets/GET/caching/enabled': 'true',
  '/~1pets/GET/caching/dataEncrypted': 'true',
  '/~1toys~1{toy}/GET/caching/enabled': 'true',
  '/~1toys~1{toy}/GET/caching/dataEncrypted': String(!inClear.includes('~1toys~1{toy}/GET')),
  '/~1pets/POST/caching/enabled': 'false',
  '/~1pets/POST/caching/dataEncrypted': 'false',
});
const both = ['*/*', '~1toys~1{toy}/GET'];

testSetting(bot, {
  wrong: both,
  right: [],
  given: (account, inClear) => stageWith(account, methods(inClear), CACHE),
  violation: 'the cache keeps answers of */*, ~1toys~1{toy}/GET in the clear',
  writes: ['apigateway:PATCH'],
  untouched: (account, id) =>
    stagesBut(account, id, ({ methodSettings = {}, variables, description }) => [
      ...Object.entries(methodSettings).map(([method, { cacheDataEncrypted, ...settings }]) =>
        both.includes(method) ? [method, settings] : [method, settings, cacheDataEncrypted],
      ),
      { variables, description },
    ]),
  gone: NO_STAGE,
  more: { compliant: [{ name: 'no cache', given: (account) => stageWith(account, methods(both)) }] },
});

describe('apigateway_encrypt_cache', () => {
  const id = NO_STAGE;
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id };

  test('waits while the cache is being made', () => {
    const state = { is: ['*/*'], status: 'CREATE_IN_PROGRESS' };
    expect(bot.plan(state, { target, params: {} })).toEqual({
      waiting: expect.stringContaining('CREATE_IN_PROGRESS'),
    });
  });
});
