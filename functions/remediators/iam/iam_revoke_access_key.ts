import { IAMClient, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { NO_SUCH_ENTITY } from './lib/iam';
import { accessKey, findKey } from './lib/access-keys';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'iam_revoke_access_key',
  title: 'Make an access key inactive',
  resource: 'AWS::IAM::AccessKey',
  alsoOn: ['AWS::IAM::User'],
  severity: 'critical',
  risk: 'disruptive',
  kind: 'response',
  permissions: { read: ['iam:GetAccessKeyLastUsed', 'iam:ListAccessKeys'], write: ['iam:UpdateAccessKey'] },
  // Not those that ask for rotation: a key that is merely old may be the one that production works with.
  controls: { conformity: ['TrustedAdvisor-003'] },
  docs: {
    why: 'A key that has leaked is used within minutes, and works until it is made inactive.',
    effect: [
      'Calls signed with the key are refused, and programs that use it stop working.',
      'The user’s other key, password and policies stay.',
      'Temporary credentials that were got with the key live on until they expire: iam_revoke_user_sessions ends those too.',
      'The owner is whoever IAM says has the key, not whoever made it.',
      'Where a finding names a user and no key, the user’s one active key is meant, or the only one; of several, none is touched, and the bot holds.',
      'Keys of sessions (ASIA…) and of the root user cannot be made inactive: the bot holds.',
      'Undo makes the key active again.',
    ],
    references: [
      'https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html',
      'https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html',
    ],
  },
  finder: findKey,
  clients: { iam: IAMClient },
  gone: [NO_SUCH_ENTITY],

  inspect: ({ iam }, { target }) => accessKey(iam, target.id),

  check: ({ user, active }) => (active ? `the key is active${user && ` (user ${user})`}` : undefined),

  plan: ({ user, obstacle }, { target: { id } }) =>
    obstacle === undefined ? [{ iam: update(user, id, 'Inactive') }] : { held: obstacle },

  undo: ({ active }, { target: { id }, now }) =>
    active && !now.active ? [{ iam: update(now.user, id, 'Active') }] : [],
});

function update(UserName: string, AccessKeyId: string, Status: 'Active' | 'Inactive') {
  return new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status });
}
