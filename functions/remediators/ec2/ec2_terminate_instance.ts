import {
  DescribeInstanceAttributeCommand,
  EC2Client,
  type Instance,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import {
  NO_INSTANCE,
  type Volume,
  instanceOf,
  isEnded,
  snapshotAll,
  tagOf,
  volumesOf,
} from './lib/instances';
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
  docs: {
    why: 'An instance that is beyond rescue, or that nobody was to start, is ended rather than left to be started again.',
    effect: [
      'Snapshots of all EBS volumes are taken first, with the tag source_instance_id.',
      'When all are completed the instance is terminated.',
      'Memory, instance stores, addresses of its own and what was written after the snapshots are lost, and so are the volumes that are deleted with it.',
      'An Auto Scaling group replaces it, and so does a persistent Spot request.',
      'An instance with termination or stop protection, one that an AWS service manages, and one whose root is an instance store are left running: the bot holds and says so.',
      'There is no undo: start another from the snapshots.',
    ],
    references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html'],
  },
  clients: { ec2: EC2Client },
  gone: NO_INSTANCE,

  async inspect({ ec2 }, { target: { id }, params }): Promise<State | undefined> {
    const instance = await instanceOf(ec2, id);
    if (!instance || isEnded(instance)) return instance && { ended: true, volumes: [] };
    const obstacle = await obstacleOf(ec2, id, instance);
    const group = tagOf(instance, 'aws:autoscaling:groupName');
    const volumes = await volumesOf(ec2, id, params.freshHours);
    return { ended: false, ...(obstacle && { obstacle }), ...(group && { group }), volumes };
  },

  check({ ended, group }) {
    if (ended) return undefined;
    const next = group === undefined ? '' : `; once it is, the Auto Scaling group ${group} starts another`;
    return `the instance is not terminated${next}`;
  },

  plan({ obstacle, volumes }, { target: { id } }) {
    if (obstacle !== undefined) return { held: obstacle };
    const fresh = volumes.map((volume) => volume.snapshots.filter((snapshot) => snapshot.fresh));
    if (fresh.some((snapshots) => snapshots.length === 0)) return [snapshotAll(id)];
    const open = fresh.filter((snapshots) => !snapshots.some(({ completed }) => completed)).flat();
    if (open.length > 0) {
      return {
        waiting: `it is terminated once these are completed: ${open.map((one) => one.id).join(', ')}`,
      };
    }
    return [{ ec2: new TerminateInstancesCommand({ InstanceIds: [id] }) }];
  },

  undo: () => ({
    irreversible: 'a terminated instance does not come back: start another from its snapshots',
  }),
});

interface State {
  readonly ended: boolean;
  /** Why it must not be terminated. */
  readonly obstacle?: string;
  /** The Auto Scaling group that it belongs to. */
  readonly group?: string;
  readonly volumes: readonly Volume[];
}

async function obstacleOf(
  ec2: EC2Client,
  InstanceId: string,
  { Operator, RootDeviceType }: Instance,
): Promise<string | undefined> {
  if (Operator?.Managed) return `${Operator.Principal ?? 'an AWS service'} manages it: end it there`;
  if (RootDeviceType === 'instance-store') return 'its root is an instance store, which no snapshot can keep';
  const is = async (Attribute: 'disableApiTermination' | 'disableApiStop') =>
    ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute }));
  const { DisableApiTermination } = await is('disableApiTermination');
  if (DisableApiTermination?.Value) return `it has termination protection${OFF}`;
  const { DisableApiStop } = await is('disableApiStop');
  return DisableApiStop?.Value ? `it has stop protection${OFF}` : undefined;
}

const OFF = ': whoever turned it on has to turn it off first';
