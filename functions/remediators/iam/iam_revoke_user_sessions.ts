import {
  DeleteUserPolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { NO_SUCH_ENTITY, documentText } from './lib/iam';
import { REVOKED_SESSIONS as PolicyName, revoking, sessionParams } from './lib/sessions';
import { findUser } from './lib/find';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'iam_revoke_user_sessions',
  title: 'Revoke the open sessions of an IAM user',
  resource: 'AWS::IAM::User',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  params: sessionParams,
  from: { before: 'finding' },
  words: { order: ['before'] },
  permissions: {
    read: ['iam:GetUser', 'iam:GetUserPolicy'],
    write: ['iam:PutUserPolicy'],
    undo: ['iam:PutUserPolicy', 'iam:DeleteUserPolicy'],
  },
  docs: {
    why: 'Temporary credentials that have leaked work until they expire, up to 36 hours, whatever becomes of the key that they were got with.',
    effect: [
      'The inline policy AWSRevokeOlderSessions, the one that IAM’s console writes for roles, denies everything to sessions issued up to now, and for about a minute more while the policy spreads.',
      'Temporary credentials of the user are refused and must be got anew.',
      'Its access keys and its password go on working: see iam_revoke_access_key.',
      'A revocation of the last five minutes counts as done.',
      'An inline policy of that name that says something else is left as it is: the bot holds.',
      'Undo restores the policy as it was, or deletes it, and the old sessions work again.',
    ],
    references: [
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html',
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html',
    ],
  },
  finder: findUser,
  clients: { iam: IAMClient },

  ...revoking({
    async read(iam, UserName) {
      await iam.send(new GetUserCommand({ UserName }));
      const policy = iam.send(new GetUserPolicyCommand({ UserName, PolicyName }));
      const reply = await undefinedIfGone(policy, NO_SUCH_ENTITY);
      return { policy: reply && documentText(reply.PolicyDocument) };
    },
    put: (UserName, PolicyDocument) => new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }),
    remove: (UserName) => new DeleteUserPolicyCommand({ UserName, PolicyName }),
  }),
});
