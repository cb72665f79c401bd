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
  ...CLASSIC,

  async inspect({ elb }, { target: { id } }) {
    return { is: (await classicAttributes(elb, id)).CrossZoneLoadBalancing?.Enabled ?? false };
  },
  want: true,
  says: 'each zone of the load balancer sends requests to its own instances only',
  write: (Enabled, { target: { id } }) => ({ elb: setClassic(id, { CrossZoneLoadBalancing: { Enabled } }) }),
});
