import {
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  EC2Client,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { defineBot } from '../../../shared/bot/bot';
import { serve } from '../../../shared/bot/serve';

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
  docs: {
    why: 'An instance that is misused, or that nobody answers for, does harm for as long as it runs.',
    effect:
      'The instance is stopped; its volumes stay. It loses a public address that is not an Elastic IP, and what lies on instance-store volumes; an Auto Scaling group replaces it. An instance with stop protection, or whose root is an instance store, is left running: the bot holds and says so. Undo starts it, once it has stopped.',
    references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html'],
  },
  clients: { ec2: EC2Client },
  gone: ['InvalidInstanceID.NotFound', 'InvalidInstanceID.Malformed'],

  async inspect({ ec2 }, { target: { id } }): Promise<State | undefined> {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const instance = Reservations[0]?.Instances?.[0];
    const name = instance?.State?.Name;
    if (name === undefined || name === 'terminated' || name === 'shutting-down') return undefined;
    // On the way there is as good as there: what is stopping does not go back to running by itself.
    const runs = name === 'running' || name === 'pending';
    if (!runs) return { runs };
    if (instance?.RootDeviceType === 'instance-store') {
      return { runs, obstacle: 'its root is an instance store, which cannot be stopped, only terminated' };
    }
    const { DisableApiStop } = await ec2.send(
      new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: 'disableApiStop' }),
    );
    return DisableApiStop?.Value
      ? { runs, obstacle: 'it has stop protection: whoever turned it on has to turn it off first' }
      : { runs };
  },

  check: ({ runs }) => (runs ? 'the instance is running' : undefined),

  plan: ({ obstacle }, { target: { id } }) =>
    obstacle === undefined ? [{ ec2: new StopInstancesCommand({ InstanceIds: [id] }) }] : { held: obstacle },

  undo: ({ runs }, { target: { id } }) =>
    runs ? [{ ec2: new StartInstancesCommand({ InstanceIds: [id] }) }] : [],
});

export const handler = serve(bot);

interface State {
  readonly runs: boolean;
  /** Why it cannot be stopped. */
  readonly obstacle?: string;
}
