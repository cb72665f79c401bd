import {
  DisableImageBlockPublicAccessCommand,
  EC2Client,
  EnableImageBlockPublicAccessCommand,
  GetImageBlockPublicAccessStateCommand,
} from '@aws-sdk/client-ec2';
import { managedElsewhere } from './lib/settings';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'ami_block_public_access',
  title: 'Block public sharing of AMIs in a region',
  resource: 'AWS::::Region',
  severity: 'medium',
  risk: 'disruptive',
  permissions: {
    read: ['ec2:GetImageBlockPublicAccessState'],
    write: ['ec2:EnableImageBlockPublicAccess'],
    undo: ['ec2:DisableImageBlockPublicAccess'],
  },
  controls: { prowler: ['ec2_ami_account_block_public_access'] },
  docs: {
    why: 'One wrong click makes an image with all its disks public; this setting makes that click fail.',
    effect: [
      'Nobody in the account can make an AMI public in this region any more: pipelines that publish images fail.',
      'Images that are public already stay public (see ami_set_to_private), and sharing with accounts, organisations and units that are named goes on.',
      'AWS takes up to ten minutes until the setting shows.',
      'Until then a run ends unverified, and its message comes back.',
      'Where a declarative policy of the organisation manages the setting, the bot holds.',
      'Undo turns it off, with the same delay.',
    ],
    references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html'],
  },
  clients: { ec2: EC2Client },

  inspect: async ({ ec2 }) => {
    const { ImageBlockPublicAccessState: state, ManagedBy = 'account' } = await ec2.send(
      new GetImageBlockPublicAccessStateCommand({}),
    );
    return { is: state === 'block-new-sharing', managedBy: ManagedBy };
  },
  want: true,
  says: 'AMIs can be made public',
  obstacle: (state) => managedElsewhere(state),
  write: (blocked) => ({
    ec2: blocked
      ? new EnableImageBlockPublicAccessCommand({ ImageBlockPublicAccessState: 'block-new-sharing' })
      : new DisableImageBlockPublicAccessCommand({}),
  }),
});
