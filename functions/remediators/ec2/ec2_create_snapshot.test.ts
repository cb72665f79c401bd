import { CreateSnapshotCommand, DescribeSnapshotsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { snapshotAll } from './lib/instances';
import { type Account, testBot } from '../../../testing/contract';
import { newAccount } from '../../../testing/account';
import { endedInstance, newInstance, otherInstances, secondVolume } from './fixtures/instance';
import { bot } from './ec2_create_snapshot';

const CREATE = 'ec2:CreateSnapshots';
const completed = { fresh: true, completed: true };

testBot(bot, {
  violating: [
    {
      name: 'two volumes, one of them with a snapshot that is not for this instance',
      given: async (account) => {
        const id = await newInstance(account);
        await foreignSnapshot(account, await secondVolume(account, id));
        await newInstance(account);
        return id;
      },
      violation: /^no snapshot of the last 1 hours: vol-\w+, vol-\w+$/,
      writes: [CREATE],
      after: { volumes: [{ snapshots: [completed] }, { snapshots: [completed] }] },
      untouched: others,
    },
    {
      name: 'a volume that was attached after the last snapshot',
      given: async (account) => {
        const id = await newInstance(account);
        await account.client(EC2Client).send(snapshotAll(id).ec2);
        await secondVolume(account, id);
        return id;
      },
      violation: /^no snapshot of the last 1 hours: vol-\w+$/,
      writes: [CREATE],
      untouched: others,
    },
    {
      name: 'an instance without EBS volumes',
      given: async (account) => {
        // DescribeVolumes: moto gives every instance a volume.
        account.script({ DescribeVolumes: () => ({ Volumes: [] }) });
        return newInstance(account);
      },
      violation: 'the instance has no EBS volume',
      writes: [],
      held: /instance stores/,
    },
  ],
  compliant: [
    {
      name: 'the same finding again',
      given: async (account) => {
        const id = await newInstance(account);
        await account.client(EC2Client).send(snapshotAll(id).ec2);
        return id;
      },
    },
  ],
  gone: 'i-00000000000000000',
});

describe('ec2_create_snapshot', () => {
  const at = (account: Account, id: string, freshHours = 1) => ({
    target: { account: account.account, region: account.region, type: bot.resource, id },
    params: bot.params.parse({ freshHours }),
  });

  test('snapshots carry the tag of CloudBots and a description', () => {
    expect(snapshotAll('i-1').ec2.input).toEqual({
      InstanceSpecification: { InstanceId: 'i-1' },
      Description: 'i-1, by selfheal',
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'source_instance_id', Value: 'i-1' }] }],
    });
  });

  test('a terminated instance is gone', async () => {
    const account = await newAccount();
    const context = at(account, await endedInstance(account));
    expect(await bot.inspect({ ec2: account.client(EC2Client) }, context)).toBeUndefined();
  });

  // DescribeSnapshots: moto's are all completed and new, and neither it nor DescribeVolumes has pages there.
  test('old and failed snapshots do not count, one that is being made does, and all pages are read', async () => {
    const account = await newAccount();
    const context = at(account, await newInstance(account), 3);
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    const snapshot = (SnapshotId: string, VolumeId: string, State: string, hours: number) => ({
      ...{ SnapshotId, VolumeId, State, StartTime: hoursAgo(hours) },
    });
    const seen: unknown[] = [];
    account.script({
      DescribeVolumes: ({ NextToken }) =>
        NextToken
          ? { Volumes: [{ VolumeId: 'vol-2' }] }
          : { Volumes: [{ VolumeId: 'vol-3' }], NextToken: 'more' },
      DescribeSnapshots: ({ NextToken, ...input }) => {
        seen.push(input);
        return NextToken
          ? {
              Snapshots: [
                snapshot('snap-1', 'vol-2', 'pending', 2.9),
                snapshot('snap-4', 'vol-9', 'completed', 0),
              ],
            }
          : {
              Snapshots: [
                snapshot('snap-3', 'vol-3', 'error', 0),
                snapshot('snap-2', 'vol-3', 'completed', 3.1),
              ],
              NextToken: 'more',
            };
      },
    });
    const state = await bot.inspect({ ec2: account.client(EC2Client) }, context);
    expect(state).toEqual({
      volumes: [
        { id: 'vol-2', snapshots: [{ id: 'snap-1', fresh: true, completed: false }] },
        { id: 'vol-3', snapshots: [{ id: 'snap-2', fresh: false, completed: true }] },
      ],
    });
    expect(seen[0]).toEqual({
      OwnerIds: ['self'],
      Filters: [{ Name: 'tag:source_instance_id', Values: [context.target.id] }],
    });
    expect(state && bot.check(state, context)).toBe('no snapshot of the last 3 hours: vol-3');
  });
});

async function foreignSnapshot({ client }: Account, VolumeId: string): Promise<void> {
  await client(EC2Client).send(new CreateSnapshotCommand({ VolumeId, Description: 'nightly' }));
}

/** Other instances, and the snapshots that no bot took. */
async function others(account: Account, id: string): Promise<unknown> {
  const { Snapshots = [] } = await account
    .client(EC2Client)
    .send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
  return {
    instances: await otherInstances(account, id),
    snapshots: Snapshots.filter(({ Description }) => Description === 'nightly'),
  };
}
