import { DescribeKeyCommand, GetKeyPolicyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { allowsAccount } from '../../../shared/policy/policy-document';
import { policyFootprint, writableText } from '../../../shared/policy/deleted-principals';
import { closedPolicy, sayPublic } from '../../../shared/policy/public-statements';
import { KEY } from './lib/keys';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...KEY,
  id: 'kms_remove_public_statements',
  title: 'Remove public statements from the policy of a KMS key',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  permissions: { read: ['kms:DescribeKey', 'kms:GetKeyPolicy'], write: ['kms:PutKeyPolicy'] },

  async inspect({ kms }, { target: { id: KeyId } }) {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    if (!KeyMetadata) return undefined;
    const creating = KeyMetadata.KeyState === 'Creating';
    if (KeyMetadata.KeyManager === 'AWS') return { creating, policy: undefined };
    const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
    return { creating, policy: Policy };
  },

  check: ({ policy }) => sayPublic('key', policy),

  plan({ policy, creating }, { target: { id, account } }) {
    if (creating) return { waiting: 'KMS is still making the replica key' };
    const rest = closedPolicy(policy);
    if (allowsAccount(rest, account, 'kms:PutKeyPolicy')) return [{ kms: put(id, JSON.stringify(rest)) }];
    return {
      held: `nobody of account ${account} could change the key's policy any more: first allow its root kms:*, without conditions`,
    };
  },

  undo: ({ policy = '' }, { target: { id } }) => [{ kms: put(id, writableText(policy)) }],

  footprint: policyFootprint,
});

/** Without the parameter that would skip KMS's own check for lock-out. */
function put(KeyId: string, Policy: string | undefined) {
  return new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy });
}
