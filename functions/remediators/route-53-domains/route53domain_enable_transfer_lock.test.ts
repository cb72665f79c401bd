import { testSetting } from '../../../testing/setting';
import { domain, neighbour } from './fixtures/domain';
import { bot } from './route53domain_enable_transfer_lock';

testSetting(bot, {
  given: (account, isLocked) => domain(account, { isLocked }),
  wrong: false,
  right: true,
  violation: 'the domain can be transferred to another registrar: lock it',
  writes: ['route53domains:EnableDomainTransferLock'],
  untouched: neighbour('AutoRenew'),
});

test('what the registry is doing is waited for', () => {
  const target = { account: '123456789012', region: 'us-east-1', type: bot.resource, id: 'example.com' };
  expect(bot.plan({ is: false, isBusy: true }, { target, params: {} })).toEqual({
    waiting: 'the registry is changing the lock',
  });
});
