import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeSnapshotAttributeCommand,
  EC2Client,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './ebs_snapshot_set_private';

const PARTNERS = ['111122223333', '444455556666'];
const writes = ['ec2:ModifySnapshotAttribute'];

const snapshot =
  (GroupNames: string[], UserIds: string[] = []) =>
  async ({ client, region }: Account) => {
    const ec2 = client(EC2Client);
    const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 8 }));
    const { SnapshotId = '' } = await ec2.send(new CreateSnapshotCommand({ VolumeId }));
    await ec2.send(
      new ModifySnapshotAttributeCommand({
        SnapshotId,
        Attribute: 'createVolumePermission',
        OperationType: 'add',
        GroupNames,
        UserIds,
      }),
    );
    return SnapshotId;
  };

const named = async ({ client }: Account, SnapshotId: string) => {
  const { CreateVolumePermissions = [] } = await client(EC2Client).send(
    new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' }),
  );
  return CreateVolumePermissions.filter(({ Group }) => Group === undefined);
};

testBot(bot, {
  violating: [
    {
      name: 'public, and shared with partners, who keep it',
      given: snapshot(['all'], PARTNERS),
      violation: 'everyone can make volumes of the snapshot',
      writes,
      after: { is: false },
      untouched: named,
    },
    { name: 'public', given: snapshot(['all']), violation: 'everyone', writes, after: { is: false } },
  ],
  compliant: [
    { name: 'private', given: snapshot([]) },
    { name: 'shared with accounts that are named', given: snapshot([], PARTNERS) },
  ],
  gone: 'snap-0123456789abcdef0',
});
