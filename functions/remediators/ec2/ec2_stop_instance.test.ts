import {
  DescribeInstancesCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
import { newAccount } from '../../../testing/account';
import { bot } from './ec2_stop_instance';

testBot(bot, {
  violating: [
    {
      name: 'runs, beside another that must go on',
      given: async (account) => {
        await instance(account);
        return instance(account);
      },
      violation: 'the instance is running',
      writes: ['ec2:StopInstances'],
      after: { runs: false },
      untouched: async ({ client }, id) => {
        const { Reservations = [] } = await client(EC2Client).send(new DescribeInstancesCommand({}));
        const others = Reservations.flatMap(({ Instances = [] }) => Instances).filter(
          (one) => one.InstanceId !== id,
        );
        return others.map(({ InstanceId, State }) => [InstanceId, State?.Name]);
      },
    },
    {
      name: 'has stop protection',
      given: async (account) => {
        const InstanceId = await instance(account);
        await account
          .client(EC2Client)
          .send(new ModifyInstanceAttributeCommand({ InstanceId, DisableApiStop: { Value: true } }));
        return InstanceId;
      },
      violation: 'the instance is running',
      writes: [],
      held: /stop protection/,
    },
  ],
  compliant: [
    {
      name: 'has been stopped already',
      given: async (account) => {
        const id = await instance(account);
        await account.client(EC2Client).send(new StopInstancesCommand({ InstanceIds: [id] }));
        return id;
      },
    },
  ],
  gone: 'i-00000000000000000',
});

describe('ec2_stop_instance', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: 'AWS::EC2::Instance', id: 'i-1' };
  const context = { target, params: {} };

  test('a terminated instance is gone', async () => {
    const account = await newAccount();
    const id = await instance(account);
    const ec2 = account.client(EC2Client);
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    expect(await bot.inspect({ ec2 }, { ...context, target: { ...target, id } })).toBeUndefined();
  });

  // RunInstances: moto makes no instance with an instance store as its root.
  test('an instance-store root is held', async () => {
    const Instances = [{ State: { Name: 'running' }, RootDeviceType: 'instance-store' }];
    const ec2 = { send: () => Promise.resolve({ Reservations: [{ Instances }] }) } as unknown as EC2Client;
    const state = await bot.inspect({ ec2 }, context);
    expect(state && bot.plan(state, context)).toEqual({ held: expect.stringMatching(/instance store/) });
  });

  // RunInstances: moto makes no instance that a service manages.
  test('what an AWS service manages is held', async () => {
    const Operator = { Managed: true, Principal: 'eks.amazonaws.com' };
    const Instances = [{ State: { Name: 'running' }, Operator }];
    const ec2 = { send: () => Promise.resolve({ Reservations: [{ Instances }] }) } as unknown as EC2Client;
    const state = await bot.inspect({ ec2 }, context);
    expect(state && bot.plan(state, context)).toEqual({
      held: 'eks.amazonaws.com manages it: stop it there',
    });
  });

  test('what did not run is not started by undo', () => {
    const now = { runs: false };
    expect(bot.undo(now, { ...context, now })).toEqual([]);
  });
});

async function instance({ client }: Account): Promise<string> {
  const { Instances = [] } = await client(EC2Client).send(
    new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 }),
  );
  return Instances[0]?.InstanceId ?? '';
}
