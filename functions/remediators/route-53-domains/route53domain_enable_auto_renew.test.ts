import { testSetting } from '../../../testing/setting';
import { domain, neighbour } from './fixtures/domain';
import { bot } from './route53domain_enable_auto_renew';

testSetting(bot, {
  given: (account, AutoRenew) => domain(account, { AutoRenew }),
  wrong: false,
  right: true,
  violation: 'the domain is not renewed by itself: turn on auto-renew',
  writes: ['route53domains:EnableDomainAutoRenew'],
  untouched: neighbour('StatusList'),
});
