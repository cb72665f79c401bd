import { DELETING_PASSWORD, loginOf } from './lib/passwords';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...DELETING_PASSWORD,
  id: 'iam_user_disable_console_password',
  title: 'Delete the console password of an IAM user',
  severity: 'high',
  kind: 'response',

  inspect: async ({ iam }, { target: { id } }) => ({
    password: (await loginOf(iam, id)).profile !== undefined,
  }),

  check: ({ password }) => (password ? 'the user can sign in to the console with a password' : undefined),
});
