import {
  EC2Client,
  GetInstanceMetadataDefaultsCommand,
  type MetadataDefaultHttpTokensState,
  ModifyInstanceMetadataDefaultsCommand,
} from '@aws-sdk/client-ec2';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'ec2_imdsv2_default',
  title: 'Require IMDSv2 by default for new EC2 instances of a region',
  resource: 'AWS::::Region',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'posture',
  permissions: { read: ['ec2:GetInstanceMetadataDefaults'], write: ['ec2:ModifyInstanceMetadataDefaults'] },
  controls: { prowler: ['ec2_instance_account_imdsv2_enabled'] },
  docs: {
    why: 'Without the default every launch that does not ask for IMDSv2 opens the credentials of its role to SSRF.',
    effect:
      'Instances that are launched from now on, also from old images, answer metadata requests only with a session token, unless their launch says otherwise. Instances that exist, and the other defaults (hop limit, endpoint, tags), stay as they are; containers behind a bridge need a hop limit of 2. Where a declarative policy of the organization sets the defaults the bot holds and says so. Undo sets the default as it was.',
    references: [
      'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html',
      'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html#instance-metadata-options-order-of-precedence',
    ],
  },
  clients: { ec2: EC2Client },

  async inspect({ ec2 }): Promise<State> {
    const { AccountLevel } = await ec2.send(new GetInstanceMetadataDefaultsCommand({}));
    const { HttpTokens = 'no-preference', ManagedBy } = AccountLevel ?? {};
    return { tokens: HttpTokens, byPolicy: ManagedBy === 'declarative-policy' };
  },

  check: ({ tokens }) =>
    tokens === 'required' ? undefined : `new instances need no token for metadata by default (${tokens})`,

  plan: ({ byPolicy }) =>
    byPolicy
      ? { held: 'a declarative policy of the organization sets the defaults: change it there' }
      : [{ ec2: new ModifyInstanceMetadataDefaultsCommand({ HttpTokens: 'required' }) }],

  undo: ({ tokens }) => [{ ec2: new ModifyInstanceMetadataDefaultsCommand({ HttpTokens: tokens }) }],
});

interface State {
  readonly tokens: MetadataDefaultHttpTokensState;
  readonly byPolicy: boolean;
}
