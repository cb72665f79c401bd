import * as z from 'zod';
import { instanceOf, isEnded, tagOf, volumesOf } from './lib/instances';
import { type Ending, TERMINATING, obstacleTo } from './lib/termination';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...TERMINATING,
  id: 'ec2_terminate_instance',
  title: 'Terminate an EC2 instance, once its volumes are kept in snapshots',
  severity: 'critical',
  kind: 'response',
  params: z.object({
    freshHours: z
      .number()
      .positive()
      .max(720)
      .default(4)
      .describe('hours for which a completed snapshot by a bot counts as what the volume holds'),
  }),
  from: { freshHours: 'config' },

  async inspect({ ec2 }, { target: { id }, params }): Promise<State | undefined> {
    const instance = await instanceOf(ec2, id);
    if (!instance || isEnded(instance)) return instance && { ended: true, volumes: [] };
    const obstacle = await obstacleTo('terminate', ec2, instance);
    const group = tagOf(instance, 'aws:autoscaling:groupName');
    const volumes = await volumesOf(ec2, id, params.freshHours);
    return { ended: false, ...(obstacle && { obstacle }), ...(group && { group }), volumes };
  },

  check({ ended, group }) {
    if (ended) return undefined;
    const next = group === undefined ? '' : `; once it is, the Auto Scaling group ${group} starts another`;
    return `the instance is not terminated${next}`;
  },
});

interface State extends Ending {
  /** The Auto Scaling group that it belongs to. */
  readonly group?: string;
}
