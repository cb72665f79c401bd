import {
  DescribeSnapshotAttributeCommand,
  EC2Client,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import { defineBot } from '../../../shared/bot/bot';

const Attribute = 'createVolumePermission';

export const bot = defineBot({
  id: 'ebs_snapshot_set_private',
  title: 'Stop sharing an EBS snapshot with everyone',
  resource: 'AWS::EC2::Snapshot',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  permissions: { read: ['ec2:DescribeSnapshotAttribute'], write: ['ec2:ModifySnapshotAttribute'] },
  controls: {
    securityHub: ['EC2.1'],
    conformity: ['EBS-009'],
    config: ['EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK'],
    prowler: ['ec2_ebs_public_snapshot'],
  },
  docs: {
    why: 'Everybody can make a volume of a public snapshot and read all that was ever on the disk.',
    effect: [
      'The permission of everyone (the group "all") to make volumes is taken away.',
      'Accounts that are named keep theirs.',
      'Strangers who use the snapshot can make no new volumes of it.',
      'What they have copied stays copied.',
      'Undo makes it public again.',
      'Where block public access for snapshots has been turned on since, AWS refuses that.',
    ],
    references: [
      'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html',
      'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySnapshotAttribute.html',
    ],
  },
  clients: { ec2: EC2Client },
  gone: ['InvalidSnapshot.NotFound', 'InvalidSnapshotID.Malformed'],

  inspect: ({ ec2 }, { target: { id } }) =>
    ec2
      .send(new DescribeSnapshotAttributeCommand({ SnapshotId: id, Attribute }))
      .then(({ CreateVolumePermissions = [] }) => ({
        public: CreateVolumePermissions.some(({ Group }) => Group === 'all'),
        accounts: CreateVolumePermissions.flatMap(({ UserId }) => UserId ?? []).sort(),
      })),

  check: (state) => (state.public ? 'everyone can make volumes of the snapshot' : undefined),

  plan: (_state, { target: { id } }) => [modify(id, 'remove')],

  undo: (_before, { target: { id }, now }) => (now.public ? [] : [modify(id, 'add')]),

  footprint: (state) => ({ public: state.public }),
});

function modify(SnapshotId: string, OperationType: 'add' | 'remove') {
  const GroupNames = ['all'];
  return { ec2: new ModifySnapshotAttributeCommand({ SnapshotId, Attribute, OperationType, GroupNames }) };
}
