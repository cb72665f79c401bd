import { DeleteAccessKeyCommand, IAMClient } from '@aws-sdk/client-iam';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { NO_SUCH_ENTITY } from './lib/iam';
import { accessKey, findKey } from './lib/access-keys';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'iam_delete_access_key',
  title: 'Delete an access key',
  resource: 'AWS::IAM::AccessKey',
  alsoOn: ['AWS::IAM::User'],
  severity: 'critical',
  risk: 'destructive',
  kind: 'response',
  permissions: {
    read: ['iam:GetAccessKeyLastUsed', 'iam:ListAccessKeys'],
    write: ['iam:DeleteAccessKey'],
    undo: [],
  },
  finder: findKey,
  clients: { iam: IAMClient },

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
