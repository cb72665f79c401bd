import { DeleteLoginProfileCommand, GetLoginProfileCommand, GetUserCommand } from '@aws-sdk/client-iam';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { NO_SUCH_ENTITY } from './lib/iam';
import { USER } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...USER,
  id: 'iam_user_disable_console_password',
  title: 'Delete the console password of an IAM user',
  severity: 'high',
  risk: 'destructive',
  kind: 'response',
  permissions: { read: ['iam:GetUser', 'iam:GetLoginProfile'], write: ['iam:DeleteLoginProfile'], undo: [] },

  async inspect({ iam }, { target: { id: UserName } }) {
    // It is this call that tells a user without a password from one that is gone.
    await iam.send(new GetUserCommand({ UserName }));
    const profile = iam.send(new GetLoginProfileCommand({ UserName }));
    return { password: (await undefinedIfGone(profile, NO_SUCH_ENTITY)) !== undefined };
  },

  check: ({ password }) => (password ? 'the user can sign in to the console with a password' : undefined),

  plan: (_state, { target: { id: UserName } }) => [{ iam: new DeleteLoginProfileCommand({ UserName }) }],

  undo: () => ({ irreversible: 'nobody knows the old password: give the user a new one' }),
});
