import { testSetting } from '../../../testing/setting';
import { classicBut, classicWith } from './fixtures/classic';
import { bot } from './clb_enable_cross_zone';

testSetting(bot, {
  wrong: false,
  right: true,
  given: (account, Enabled) => classicWith(account, { CrossZoneLoadBalancing: { Enabled } }),
  violation: 'each zone of the load balancer sends requests to its own instances only',
  writes: ['elasticloadbalancing:ModifyLoadBalancerAttributes'],
  untouched: (account, id) => classicBut(account, id, 'CrossZoneLoadBalancing'),
  gone: 'no-such-balancer',
});
