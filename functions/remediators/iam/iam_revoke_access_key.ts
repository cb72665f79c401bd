import { UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { accessKey } from './lib/access-keys';
import { ACCESS_KEY } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...ACCESS_KEY,
  id: 'iam_revoke_access_key',
  title: 'Make an access key inactive',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'response',
  permissions: { read: ['iam:GetAccessKeyLastUsed', 'iam:ListAccessKeys'], write: ['iam:UpdateAccessKey'] },

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
