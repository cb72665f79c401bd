import {
  DescribeInstanceAttributeCommand,
  EC2Client,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { NO_INSTANCE, liveInstance } from './lib/instances';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'ec2_stop_instance',
  title: 'Stop an EC2 instance',
  resource: 'AWS::EC2::Instance',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['ec2:DescribeInstances', 'ec2:DescribeInstanceAttribute'],
    write: ['ec2:StopInstances'],
    undo: ['ec2:StartInstances'],
  },
  clients: { ec2: EC2Client },
  gone: NO_INSTANCE,

  async inspect(
    { ec2 },
    { target: { id: InstanceId } },
  ): Promise<{ runs: boolean; obstacle?: string } | undefined> {
    const instance = await liveInstance(ec2, InstanceId);
    if (!instance) return undefined;
    // On the way there is as good as there: what is stopping does not go back to running by itself.
    const runs = ['running', 'pending'].includes(instance.State?.Name ?? '');
    if (!runs) return { runs };
    if (instance.Operator?.Managed) {
      return {
        runs,
        obstacle: `${instance.Operator.Principal ?? 'an AWS service'} manages it: stop it there`,
      };
    }
    if (instance.RootDeviceType === 'instance-store')
      return { runs, obstacle: 'its root is an instance store, which cannot be stopped, only terminated' };
    const command = new DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'disableApiStop' });
    const isProtected = (await ec2.send(command)).DisableApiStop?.Value;
    return isProtected
      ? { runs, obstacle: 'it has stop protection: whoever turned it on has to turn it off first' }
      : { runs };
  },

  check: ({ runs }) => (runs ? 'the instance is running' : undefined),

  plan: ({ obstacle }, { target: { id } }) =>
    obstacle === undefined ? [{ ec2: new StopInstancesCommand({ InstanceIds: [id] }) }] : { held: obstacle },

  undo: ({ runs }, { target: { id } }) =>
    runs ? [{ ec2: new StartInstancesCommand({ InstanceIds: [id] }) }] : [],
});
