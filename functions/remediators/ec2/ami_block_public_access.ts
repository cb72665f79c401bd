import {
  DisableImageBlockPublicAccessCommand,
  EnableImageBlockPublicAccessCommand,
  GetImageBlockPublicAccessStateCommand,
} from '@aws-sdk/client-ec2';
import { EC2_REGION, managedElsewhere } from './lib/settings';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...EC2_REGION,
  id: 'ami_block_public_access',
  title: 'Block public sharing of AMIs in a region',
  attribute: 'public sharing of AMIs blocked',
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
      'AWS takes up to ten minutes to show the setting, or its undo; until then a run ends unverified, and its message comes back.',
      'Where a declarative policy of the organisation manages the setting, the bot holds.',
    ],
    references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html'],
  },

  inspect: async ({ ec2 }) => {
    const found = await ec2.send(new GetImageBlockPublicAccessStateCommand({}));
    const { ImageBlockPublicAccessState: state, ManagedBy = 'account' } = found;
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
