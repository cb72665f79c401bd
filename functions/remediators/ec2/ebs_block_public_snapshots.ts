import {
  DisableSnapshotBlockPublicAccessCommand,
  EnableSnapshotBlockPublicAccessCommand,
  GetSnapshotBlockPublicAccessStateCommand,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { EC2_REGION, managedElsewhere } from './lib/settings';
import { defineSetting, oneOf } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...EC2_REGION,
  id: 'ebs_block_public_snapshots',
  title: 'Block public sharing of EBS snapshots in a region',
  attribute: 'public sharing of snapshots',
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

  inspect: async ({ ec2 }) => {
    const found = await ec2.send(new GetSnapshotBlockPublicAccessStateCommand({}));
    return { is: found.State ?? 'unblocked', managedBy: found.ManagedBy ?? 'account' };
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
