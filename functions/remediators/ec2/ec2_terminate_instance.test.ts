import {
  CreateTagsCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { snapshotAll } from './lib/instances';
import { type Account, testBot } from '../../../testing/contract';
import { newAccount } from '../../../testing/account';
import { endedInstance, newInstance, otherInstances, secondVolume } from './fixtures/instance';
import { bot } from './ec2_terminate_instance';

const NO_WAY_BACK = /does not come back/;

testBot(bot, {
  violating: [
    {
      name: 'two volumes, one of them without a snapshot',
      given: async (account) => {
        const id = await newInstance(account);
        await account.client(EC2Client).send(snapshotAll(id).ec2);
        await secondVolume(account, id);
        await newInstance(account);
        return id;
      },
      violation: /^the instance is not terminated$/,
      writes: ['ec2:CreateSnapshots', 'ec2:TerminateInstances'],
      after: { ended: true },
      untouched: otherInstances,
      irreversible: NO_WAY_BACK,
    },
    {
      name: 'every volume has its snapshot, and an Auto Scaling group will start another',
      given: async (account) => {
        const id = await newInstance(account);
        const ec2 = account.client(EC2Client);
        const Tags = [{ Key: 'aws:autoscaling:groupName', Value: 'web' }];
        await ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
        await ec2.send(snapshotAll(id).ec2);
        return id;
      },
      violation: 'the instance is not terminated; once it is, the Auto Scaling group web starts another',
      writes: ['ec2:TerminateInstances'],
      untouched: snapshots,
      irreversible: NO_WAY_BACK,
    },
    {
      name: 'has termination protection',
      given: (account) => protectedInstance(account, { DisableApiTermination: { Value: true } }),
      violation: 'the instance is not terminated',
      writes: [],
      held: /termination protection/,
    },
    {
      name: 'has stop protection',
      given: (account) => protectedInstance(account, { DisableApiStop: { Value: true } }),
      violation: 'the instance is not terminated',
      writes: [],
      held: /stop protection/,
    },
  ],
  compliant: [{ name: 'has been terminated already', given: endedInstance }],
  gone: 'i-00000000000000000',
});

describe('ec2_terminate_instance', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'i-1' };
  const context = { target, params: bot.params.parse({}) };
  const volume = (id: string, ...snapshots: { id: string; fresh: boolean; completed: boolean }[]) => ({
    id,
    snapshots,
  });
  const done = { id: 'snap-1', fresh: true, completed: true };
  const pending = { id: 'snap-2', fresh: true, completed: false };
  const old = { id: 'snap-3', fresh: false, completed: true };

  // RunInstances: moto makes none of these.
  test.each([
    [
      'that an AWS service manages',
      { Operator: { Managed: true, Principal: 'eks.amazonaws.com' } },
      /^eks.amazonaws.com manages it/,
    ],
    ['whose root is an instance store', { RootDeviceType: 'instance-store' }, /instance store/],
  ])('an instance %s is held', async (_name, extra, held) => {
    const account = await newAccount();
    const Instances = [{ State: { Name: 'running' }, ...extra }];
    account.script({ DescribeInstances: () => ({ Reservations: [{ Instances }] }) });
    const state = await bot.inspect({ ec2: account.client(EC2Client) }, context);
    expect(state && bot.plan(state, context)).toEqual({ held: expect.stringMatching(held) });
  });

  test('what is shutting down counts as ended', async () => {
    const account = await newAccount();
    const Instances = [{ State: { Name: 'shutting-down' } }];
    account.script({ DescribeInstances: () => ({ Reservations: [{ Instances }] }) });
    const state = await bot.inspect({ ec2: account.client(EC2Client) }, context);
    expect(state && bot.check(state, context)).toBeUndefined();
  });

  test('it waits until each volume has a completed snapshot', () => {
    const plan = (...volumes: ReturnType<typeof volume>[]) => bot.plan({ ended: false, volumes }, context);
    const [terminate, snapshot] = [
      [{ ec2: { input: { InstanceIds: ['i-1'] } } }],
      [{ ec2: { input: { InstanceSpecification: { InstanceId: 'i-1' } } } }],
    ];
    expect(plan(volume('vol-1', done), volume('vol-2', pending))).toEqual({
      waiting: 'it is terminated once these are completed: snap-2',
    });
    expect(plan(volume('vol-1', done), volume('vol-2', pending, done))).toMatchObject(terminate);
    expect(plan(volume('vol-1', done), volume('vol-2', old))).toMatchObject(snapshot);
    expect(plan(volume('vol-1', done), volume('vol-2', old, pending))).toHaveProperty('waiting');
    expect(plan()).toMatchObject(terminate);
  });
});

async function protectedInstance(account: Account, protection: object): Promise<string> {
  const InstanceId = await newInstance(account);
  await account.client(EC2Client).send(new ModifyInstanceAttributeCommand({ InstanceId, ...protection }));
  return InstanceId;
}

async function snapshots({ client }: Account): Promise<unknown> {
  return (await client(EC2Client).send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }))).Snapshots;
}
