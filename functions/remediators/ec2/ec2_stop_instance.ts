import {
  DescribeInstancesCommand,
  EC2Client,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineBot } from '../../../shared/bot/bot';
import { serve } from '../../../shared/bot/serve';

export const bot = defineBot({
  id: 'ec2_stop_instance',
  title: 'Stop an EC2 instance',
  resource: 'AWS::EC2::Instance',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  params: z.object({}),
  permissions: {
    read: ['ec2:DescribeInstances'],
    write: ['ec2:StopInstances'],
    undo: ['ec2:StartInstances'],
  },
  controls: {},
  docs: {
    why: 'An instance that is misused, or that nobody answers for, does harm for as long as it runs.',
    effect:
      'The instance is stopped; its volumes stay. It loses a public address that is not an Elastic IP, and what lies on instance-store volumes; an Auto Scaling group replaces it. An instance whose root is an instance store cannot be stopped: the bot holds and says so. Undo starts it, once it has stopped.',
    references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html'],
  },
  clients: { ec2: EC2Client },

  async inspect({ ec2 }, { target: { id } }) {
    const reply = await undefinedIfGone(
      ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] })),
      'InvalidInstanceID.NotFound',
      'InvalidInstanceID.Malformed',
    );
    const instance = reply?.Reservations?.[0]?.Instances?.[0];
    const name = instance?.State?.Name;
    if (name === undefined || name === 'terminated' || name === 'shutting-down') return undefined;
    // On the way there is as good as there: what is stopping does not go back to running by itself.
    return {
      runs: name === 'running' || name === 'pending',
      canStop: instance?.RootDeviceType !== 'instance-store',
    };
  },

  check: ({ runs }) => (runs ? 'the instance is running' : undefined),

  plan: ({ canStop }, { target: { id } }) =>
    canStop
      ? [{ ec2: new StopInstancesCommand({ InstanceIds: [id] }) }]
      : { held: 'its root is an instance store, which cannot be stopped, only terminated' },

  undo: ({ runs }, { target: { id } }) =>
    runs ? [{ ec2: new StartInstancesCommand({ InstanceIds: [id] }) }] : [],
});

export const handler = serve(bot);
