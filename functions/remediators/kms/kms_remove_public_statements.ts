import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { allowsAccount } from '../../../shared/policy/policy-document';
import { policyFootprint, writableText } from '../../../shared/policy/deleted-principals';
import { closedPolicy, sayPublic } from '../../../shared/policy/public-statements';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'kms_remove_public_statements',
  title: 'Remove public statements from the policy of a KMS key',
  resource: 'AWS::KMS::Key',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  permissions: { read: ['kms:DescribeKey', 'kms:GetKeyPolicy'], write: ['kms:PutKeyPolicy'] },
  controls: {
    securityHub: ['KMS.5'],
    config: ['KMS_KEY_POLICY_NO_PUBLIC_ACCESS'],
    prowler: ['kms_key_not_publicly_accessible'],
  },
  docs: {
    why: 'A statement that allows everyone lets any AWS account use the key, and with it whatever it protects.',
    effect: [
      'Other accounts lose what the statement allowed, and so does whoever in your own account used the key by it alone, without an IAM policy or a statement that names them: what they have encrypted they then cannot read until somebody names them.',
      'All other statements stay as they are, also Deny and those confined to an account or organization.',
      'Kms:ViaService alone confines nobody.',
      'A statement that names principals beside "*" keeps these.',
      'Grants, the key and its state are not touched.',
      'It is held when no statement without conditions would let the account, or somebody of it, change the policy again.',
      'Keys of AWS (aws/…) are left alone.',
      'Replicas of a multi-Region key have policies of their own.',
      'Undo puts the exact policy back.',
    ],
    references: [
      'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html',
      'https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html',
    ],
  },
  clients: { kms: KMSClient },
  gone: ['NotFoundException'],

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
