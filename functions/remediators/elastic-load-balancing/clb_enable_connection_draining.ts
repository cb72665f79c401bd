import * as z from 'zod';
import { CLASSIC, classicAttributes, setClassic } from './lib/classic';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'clb_enable_connection_draining',
  title: 'Let a Classic Load Balancer finish requests before it drops an instance',
  attribute: 'connection draining',
  severity: 'low',
  risk: 'safe',
  params: z.object({
    timeoutSeconds: z.int().min(1).max(3600).default(300).describe('seconds that requests have to finish'),
  }),
  from: { timeoutSeconds: 'finding' },
  permissions: {
    read: ['elasticloadbalancing:DescribeLoadBalancerAttributes'],
    write: ['elasticloadbalancing:ModifyLoadBalancerAttributes'],
  },
  ...CLASSIC,

  async inspect({ elb }, { target: { id } }) {
    const { Enabled = false, Timeout = 300 } = (await classicAttributes(elb, id)).ConnectionDraining ?? {};
    return { is: { on: Enabled, timeoutSeconds: Timeout } };
  },
  want: ({ timeoutSeconds }) => ({
    isMetBy: ({ on }) => on,
    startingFrom: () => ({ on: true, timeoutSeconds }),
  }),
  says: 'requests are cut off when an instance is taken out',
  write: ({ on, timeoutSeconds }, { target: { id } }) => ({
    elb: setClassic(id, { ConnectionDraining: { Enabled: on, Timeout: timeoutSeconds } }),
  }),
});
