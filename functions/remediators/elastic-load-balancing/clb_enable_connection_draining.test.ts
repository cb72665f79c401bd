import { testSetting } from '../../../testing/setting';
import { classicBut, classicWith } from './fixtures/classic';
import { bot } from './clb_enable_connection_draining';

testSetting(bot, {
  wrong: { on: false, timeoutSeconds: 300 },
  right: { on: true, timeoutSeconds: 60 },
  params: { timeoutSeconds: 60 },
  given: (account, { on, timeoutSeconds }) =>
    classicWith(account, { ConnectionDraining: { Enabled: on, Timeout: timeoutSeconds } }),
  violation: 'requests are cut off when an instance is taken out',
  writes: ['elasticloadbalancing:ModifyLoadBalancerAttributes'],
  untouched: (account, id) => classicBut(account, id, 'ConnectionDraining'),
  gone: 'no-such-balancer',
});
