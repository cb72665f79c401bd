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
  controls: {
    securityHub: ['ELB.6'],
    config: ['ELB_DELETION_PROTECTION_ENABLED'],
    prowler: ['elbv2_deletion_protection'],
  },
  docs: {
    why: 'Whoever deletes the balancer by mistake takes down everything behind it, and its address does not come back.',
    effect: [
      'The balancer cannot be deleted until somebody turns the protection off, which a stack that is to delete it needs too.',
      'Undo turns it off again.',
    ],
    references: [
      'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html',
    ],
  },
  ...LOAD_BALANCER,

  async inspect({ elasticloadbalancing }, { target: { id } }) {
    return { is: (await attributesOf(elasticloadbalancing, id))[KEY] === 'true' };
  },
  want: true,
  says: 'the load balancer can be deleted by mistake',
  write: (on, { target: { id } }) => ({ elasticloadbalancing: setAttributes(id, { [KEY]: String(on) }) }),
});
