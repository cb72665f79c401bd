import { LOAD_BALANCER, attributesOf, setAttributes } from './lib/balancer';
import { defineSetting } from '../../../shared/bot/setting';

const KEY = 'deletion_protection.enabled';

export const bot = defineSetting({
  id: 'elb_enable_deletion_protection',
  title: 'Protect a load balancer from being deleted',
  severity: 'medium',
  risk: 'safe',
  permissions: {
    read: ['elasticloadbalancing:DescribeLoadBalancerAttributes'],
    write: ['elasticloadbalancing:ModifyLoadBalancerAttributes'],
  },
  ...LOAD_BALANCER,

  async inspect({ elasticloadbalancing }, { target: { id } }) {
    return { is: (await attributesOf(elasticloadbalancing, id))[KEY] === 'true' };
  },
  want: true,
  says: 'the load balancer can be deleted by mistake',
  write: (on, { target: { id } }) => ({ elasticloadbalancing: setAttributes(id, { [KEY]: String(on) }) }),
});
