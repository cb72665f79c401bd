import {
  GetInstanceMetadataDefaultsCommand,
  ModifyInstanceMetadataDefaultsCommand,
} from '@aws-sdk/client-ec2';
import { EC2_REGION, managedElsewhere } from './lib/settings';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...EC2_REGION,
  id: 'ec2_imdsv2_default',
  title: 'Require IMDSv2 by default for new EC2 instances of a region',
  severity: 'medium',
  risk: 'disruptive',
  permissions: { read: ['ec2:GetInstanceMetadataDefaults'], write: ['ec2:ModifyInstanceMetadataDefaults'] },
  controls: { prowler: ['ec2_instance_account_imdsv2_enabled'] },
  docs: {
    why: 'Without the default every launch that does not ask for IMDSv2 opens the credentials of its role to SSRF.',
    effect: [
      'Instances launched from now on, also from old images, answer metadata requests only with a session token, unless their launch says otherwise; containers behind a bridge then need a hop limit of 2.',
      'Instances that exist, and the other defaults (hop limit, endpoint, tags), stay as they are.',
      'Where a declarative policy of the organisation manages the setting, the bot holds.',
    ],
    references: [
      'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html',
    ],
  },

  inspect: async ({ ec2 }) => {
    const { AccountLevel } = await ec2.send(new GetInstanceMetadataDefaultsCommand({}));
    return {
      is: AccountLevel?.HttpTokens ?? 'no-preference',
      managedBy: AccountLevel?.ManagedBy ?? 'account',
    };
  },
  want: 'required',
  says: ({ is }) => `new instances need no token for metadata by default (${is})`,
  obstacle: (state) => managedElsewhere(state),
  write: (HttpTokens) => ({ ec2: new ModifyInstanceMetadataDefaultsCommand({ HttpTokens }) }),
});
