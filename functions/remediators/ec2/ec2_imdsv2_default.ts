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
