import { EC2Client, ModifyInstanceAttributeCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { endedInstance, newInstance } from './fixtures/instance';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './ec2_terminate_stopped_instance';

const ago = (days: number) =>
  `User initiated (${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 19).replace('T', ' ')} GMT)`;

/** An instance that was stopped then: moto can only stop one now. */
const stopped =
  (StateTransitionReason: string, protection?: object) =>
  async (account: Account): Promise<string> => {
    const ec2 = account.client(EC2Client);
    await newInstance(account);
    const InstanceId = await newInstance(account);
    if (protection) await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, ...protection }));
    let Name = 'stopped';
    account.script({
      DescribeInstances: () => ({
        Reservations: [{ Instances: [{ InstanceId, State: { Name }, StateTransitionReason }] }],
      }),
      TerminateInstances: ({ InstanceIds }) => {
        if (String(InstanceIds) !== InstanceId) throw new Error('another instance');
        Name = 'terminated';
        return {};
      },
    });
    return InstanceId;
  };
const irreversible = /does not come back/;

testBot(bot, {
  violating: [
    {
      name: 'stopped long ago',
      given: stopped(ago(31)),
      violation: 'the instance is stopped for 31 days',
      writes: ['ec2:CreateSnapshots', 'ec2:TerminateInstances'],
      after: { ended: true },
      irreversible,
    },
    {
      name: 'without snapshots',
      given: stopped(ago(30)),
      params: { snapshot: false },
      violation: 'the instance is stopped for 30 days',
      writes: ['ec2:TerminateInstances'],
      irreversible,
    },
    {
      name: 'since when is not known',
      given: stopped('Client.InstanceInitiatedShutdown: Instance initiated shutdown'),
      violation: 'the instance is stopped, for how long is not known',
      writes: [],
      held: /does not say since when/,
    },
    {
      name: 'has termination protection',
      given: stopped(ago(400), { DisableApiTermination: { Value: true } }),
      violation: 'the instance is stopped for 400 days',
      writes: [],
      held: /termination protection/,
    },
  ],
  compliant: [
    { name: 'stopped for less', given: stopped(ago(29.9)) },
    { name: 'runs', given: (account) => newInstance(account), params: { days: 1 } },
    {
      name: 'stopped just now, on AWS as it is',
      given: async (account) => {
        const id = await newInstance(account);
        await account.client(EC2Client).send(new StopInstancesCommand({ InstanceIds: [id] }));
        return id;
      },
      params: { days: 1 },
    },
    { name: 'terminated', given: endedInstance },
  ],
  gone: 'i-00000000000000000',
});
