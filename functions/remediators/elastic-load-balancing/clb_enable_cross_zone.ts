import { CLASSIC, classicAttributes, setClassic } from './lib/classic';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'clb_enable_cross_zone',
  title: 'Let a Classic Load Balancer share requests among all zones',
  severity: 'medium',
  risk: 'safe',
  permissions: {
    read: ['elasticloadbalancing:DescribeLoadBalancerAttributes'],
    write: ['elasticloadbalancing:ModifyLoadBalancerAttributes'],
  },
  controls: {
    securityHub: ['ELB.9'],
    config: ['ELB_CROSS_ZONE_LOAD_BALANCING_ENABLED'],
    prowler: ['elb_cross_zone_load_balancing_enabled'],
  },
  docs: {
    why: 'Where one zone has fewer healthy instances than another, these few are overrun while others idle.',
    effect: [
      'Each node of the balancer sends requests to the instances of all its zones, at no charge for the traffic between them.',
      'Undo turns it off again.',
    ],
    references: [
      'https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-disable-crosszone-lb.html',
    ],
  },
  ...CLASSIC,

  async inspect({ elb }, { target: { id } }) {
    return { is: (await classicAttributes(elb, id)).CrossZoneLoadBalancing?.Enabled ?? false };
  },
  want: true,
  says: 'each zone of the load balancer sends requests to its own instances only',
  write: (Enabled, { target: { id } }) => ({ elb: setClassic(id, { CrossZoneLoadBalancing: { Enabled } }) }),
});
