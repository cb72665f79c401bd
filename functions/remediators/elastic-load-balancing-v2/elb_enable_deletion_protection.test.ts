import { testSetting } from '../../../testing/setting';
import { NO_BALANCER, attributesBut, balancersWith } from './fixtures/balancers';
import { bot } from './elb_enable_deletion_protection';

testSetting(bot, {
  wrong: false,
  right: true,
  given: (account, on) => balancersWith(account, { 'deletion_protection.enabled': String(on) }),
  violation: 'the load balancer can be deleted by mistake',
  writes: ['elasticloadbalancing:ModifyLoadBalancerAttributes'],
  untouched: (account, id) => attributesBut(account, id, 'deletion_protection'),
  gone: NO_BALANCER,
});
