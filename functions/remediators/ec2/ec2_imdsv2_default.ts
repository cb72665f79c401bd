import {
  EC2Client,
  GetInstanceMetadataDefaultsCommand,
  type MetadataDefaultHttpTokensState,
  ModifyInstanceMetadataDefaultsCommand,
} from '@aws-sdk/client-ec2';
import { managedElsewhere } from './lib/settings';
import { defineSetting } from '../../../shared/bot/setting';

const NONE: MetadataDefaultHttpTokensState = 'no-preference';

export const bot = defineSetting({
  id: 'ec2_imdsv2_default',
  title: 'Require IMDSv2 by default for new EC2 instances of a region',
  resource: 'AWS::::Region',
  severity: 'medium',
  risk: 'disruptive',
  permissions: { read: ['ec2:GetInstanceMetadataDefaults'], write: ['ec2:ModifyInstanceMetadataDefaults'] },
  controls: { prowler: ['ec2_instance_account_imdsv2_enabled'] },
  docs: {
    why: 'Without the default every launch that does not ask for IMDSv2 opens the credentials of its role to SSRF.',
    effect: [
      'Instances that are launched from now on, also from old images, answer metadata requests only with a session token, unless their launch says otherwise.',
      'Instances that exist, and the other defaults (hop limit, endpoint, tags), stay as they are.',
      'Containers behind a bridge need a hop limit of 2.',
      'Where a declarative policy of the organization sets the defaults the bot holds and says so.',
      'Undo sets the default as it was.',
    ],
    references: [
      'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html',
      'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html#instance-metadata-options-order-of-precedence',
    ],
  },
  clients: { ec2: EC2Client },

  inspect: async ({ ec2 }) => {
    const { AccountLevel } = await ec2.send(new GetInstanceMetadataDefaultsCommand({}));
    const { HttpTokens = NONE, ManagedBy = 'account' } = AccountLevel ?? {};
    return { is: HttpTokens, managedBy: ManagedBy };
  },
  want: 'required',
  says: ({ is }) => `new instances need no token for metadata by default (${is})`,
  obstacle: (state) => managedElsewhere(state),
  write: (HttpTokens) => ({ ec2: new ModifyInstanceMetadataDefaultsCommand({ HttpTokens }) }),
});
