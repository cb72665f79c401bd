import {
  DisableSnapshotBlockPublicAccessCommand,
  EC2Client,
  EnableSnapshotBlockPublicAccessCommand,
  GetSnapshotBlockPublicAccessStateCommand,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { managedElsewhere } from './lib/settings';
import { defineSetting, oneOf } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'ebs_block_public_snapshots',
  title: 'Block public sharing of EBS snapshots in a region',
  resource: 'AWS::::Region',
  severity: 'high',
  risk: 'disruptive',
  params: z.object({
    mode: z
      .enum(['block-all-sharing', 'block-new-sharing'])
      .default('block-all-sharing')
      .describe('with block-new-sharing what is public stays so, and Security Hub is not content'),
  }),
  from: { mode: 'finding' },
  words: { order: ['mode'] },
  permissions: {
    read: ['ec2:GetSnapshotBlockPublicAccessState'],
    write: ['ec2:EnableSnapshotBlockPublicAccess'],
    undo: ['ec2:DisableSnapshotBlockPublicAccess', 'ec2:EnableSnapshotBlockPublicAccess'],
  },
  controls: {
    securityHub: ['EC2.182'],
    config: ['EBS_SNAPSHOT_BLOCK_PUBLIC_ACCESS'],
    prowler: ['ec2_ebs_snapshot_account_block_public_access'],
  },
  docs: {
    why: 'One wrong click makes a disk public; this setting makes that click fail.',
    effect: [
      'Nobody in the account can make a snapshot public in this region.',
      'With block-all-sharing, those that are public already are treated as private: strangers who use them are refused.',
      'Sharing with accounts that are named goes on.',
      'The permissions of the snapshots are not changed, so what was public becomes public again when this is undone.',
      'A stronger mode than the wanted one is left.',
      'Where a declarative policy of the organisation manages the setting, the bot holds.',
      'Undo brings back the exact mode.',
    ],
    references: ['https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html'],
  },
  clients: { ec2: EC2Client },

  inspect: async ({ ec2 }) => {
    const { State = 'unblocked', ManagedBy = 'account' } = await ec2.send(
      new GetSnapshotBlockPublicAccessStateCommand({}),
    );
    return { is: State, managedBy: ManagedBy };
  },
  want: ({ mode }) => oneOf([mode, 'block-all-sharing']),
  says: ({ is }, { params: { mode } }) => `public sharing of snapshots is ${is}: it must be ${mode}`,
  obstacle: (state) => managedElsewhere(state),
  write: (State) => ({
    ec2:
      State === 'unblocked'
        ? new DisableSnapshotBlockPublicAccessCommand({})
        : new EnableSnapshotBlockPublicAccessCommand({ State }),
  }),
});
