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
