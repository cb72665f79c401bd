import { StartInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { liveInstance } from './lib/instances';
import { obstacleTo } from './lib/termination';
import { INSTANCE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...INSTANCE,
  id: 'ec2_stop_instance',
  title: 'Stop an EC2 instance',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['ec2:DescribeInstances', 'ec2:DescribeInstanceAttribute'],
    write: ['ec2:StopInstances'],
    undo: ['ec2:StartInstances'],
  },

  async inspect({ ec2 }, { target: { id } }): Promise<{ runs: boolean; obstacle?: string } | undefined> {
    const instance = await liveInstance(ec2, id);
    if (!instance) return undefined;
    // On the way there is as good as there: what is stopping does not go back to running by itself.
    const runs = ['running', 'pending'].includes(instance.State?.Name ?? '');
    const obstacle = runs ? await obstacleTo('stop', ec2, instance) : undefined;
    return { runs, ...(obstacle !== undefined && { obstacle }) };
  },

  check: ({ runs }) => (runs ? 'the instance is running' : undefined),

  plan: ({ obstacle }, { target: { id } }) =>
    obstacle === undefined ? [{ ec2: new StopInstancesCommand({ InstanceIds: [id] }) }] : { held: obstacle },

  undo: ({ runs }, { target: { id } }) =>
    runs ? [{ ec2: new StartInstancesCommand({ InstanceIds: [id] }) }] : [],
});
