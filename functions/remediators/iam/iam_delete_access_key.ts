import { DeleteAccessKeyCommand } from '@aws-sdk/client-iam';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { NO_SUCH_ENTITY } from './lib/iam';
import { accessKey } from './lib/access-keys';
import { ACCESS_KEY } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...ACCESS_KEY,
  id: 'iam_delete_access_key',
  title: 'Delete an access key',
  severity: 'critical',
  risk: 'destructive',
  kind: 'response',
  permissions: {
    read: ['iam:GetAccessKeyLastUsed', 'iam:ListAccessKeys'],
    write: ['iam:DeleteAccessKey'],
    undo: [],
  },

  // That there is no such key is what is wanted.
  inspect: async ({ iam }, { target }) => ({
    key: await undefinedIfGone(accessKey(iam, target.id), NO_SUCH_ENTITY),
  }),

  check: ({ key }) =>
    key &&
    `the key is there${key.user && ` (user ${key.user})`} and ${key.active ? 'active' : 'inactive'}: delete it`,

  plan: ({ key }, { target: { id: AccessKeyId } }) =>
    key?.obstacle === undefined
      ? [{ iam: new DeleteAccessKeyCommand({ UserName: key?.user, AccessKeyId }) }]
      : { held: key.obstacle },

  undo: () => ({ irreversible: 'AWS keeps nothing of a deleted access key: make a new one' }),
});
