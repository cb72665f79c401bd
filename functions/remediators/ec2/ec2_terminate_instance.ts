import { EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { NO_INSTANCE, instanceOf, isEnded, tagOf, volumesOf } from './lib/instances';
import { type Ending, NO_WAY_BACK, endKeepingVolumes, obstacleToEnding } from './lib/termination';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'ec2_terminate_instance',
  title: 'Terminate an EC2 instance, once its volumes are kept in snapshots',
  resource: 'AWS::EC2::Instance',
  severity: 'critical',
  risk: 'destructive',
  kind: 'response',
  passes: 2,
  params: z.object({
    freshHours: z
      .number()
      .positive()
      .max(720)
      .default(4)
      .describe('hours for which a completed snapshot by a bot counts as what the volume holds'),
  }),
  from: { freshHours: 'config' },
  permissions: {
    read: [
      'ec2:DescribeInstances',
      'ec2:DescribeInstanceAttribute',
      'ec2:DescribeVolumes',
      'ec2:DescribeSnapshots',
    ],
    write: ['ec2:CreateSnapshots', 'ec2:CreateTags', 'ec2:TerminateInstances'],
    undo: [],
  },
  clients: { ec2: EC2Client },
  gone: NO_INSTANCE,

  async inspect({ ec2 }, { target: { id }, params }): Promise<State | undefined> {
    const instance = await instanceOf(ec2, id);
    if (!instance || isEnded(instance)) return instance && { ended: true, volumes: [] };
    const obstacle = await obstacleToEnding(ec2, id, instance);
    const group = tagOf(instance, 'aws:autoscaling:groupName');
    const volumes = await volumesOf(ec2, id, params.freshHours);
    return { ended: false, ...(obstacle && { obstacle }), ...(group && { group }), volumes };
  },

  check({ ended, group }) {
    if (ended) return undefined;
    const next = group === undefined ? '' : `; once it is, the Auto Scaling group ${group} starts another`;
    return `the instance is not terminated${next}`;
  },

  plan: (state, { target: { id } }) => endKeepingVolumes(id, state),

  undo: () => ({ irreversible: NO_WAY_BACK }),
});

interface State extends Ending {
  /** The Auto Scaling group that it belongs to. */
  readonly group?: string;
}
