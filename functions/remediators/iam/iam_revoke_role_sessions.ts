import {
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { NO_SUCH_ENTITY, documentText, untouchable } from './lib/iam';
import { REVOKED_SESSIONS as PolicyName, revoking, sessionParams } from './lib/sessions';
import { findRole } from './lib/find';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'iam_revoke_role_sessions',
  title: 'Revoke the open sessions of an IAM role',
  resource: 'AWS::IAM::Role',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  params: sessionParams,
  from: { before: 'finding' },
  words: { order: ['before'] },
  permissions: {
    read: ['iam:GetRole', 'iam:GetRolePolicy'],
    write: ['iam:PutRolePolicy'],
    undo: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
  },
  docs: {
    why: 'Temporary credentials that have leaked work until they expire, up to twelve hours, whoever holds them.',
    effect: [
      'The inline policy AWSRevokeOlderSessions, the one that IAM’s console writes for roles, denies everything to sessions issued up to now, and for about a minute more while the policy spreads.',
      'People and programs must take the role anew.',
      'An instance is refused until its own credentials are renewed, which can take hours.',
      'Whoever may take the role may do so again: iam_quarantine_role stops that.',
      'Service-linked roles, those of IAM Identity Center and selfheal’s own are left alone: the bot holds.',
      'A revocation of the last five minutes counts as done.',
      'An inline policy of that name that says something else is left as it is: the bot holds.',
      'Undo restores the policy as it was, or deletes it, and the old sessions work again.',
    ],
    references: [
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html',
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html',
    ],
  },
  finder: findRole,
  clients: { iam: IAMClient },

  ...revoking({
    async read(iam, RoleName, context) {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
      const policy = iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      const reply = await undefinedIfGone(policy, NO_SUCH_ENTITY);
      const obstacle = untouchable(RoleName, Role?.Path, context);
      return { policy: reply && documentText(reply.PolicyDocument), obstacle };
    },
    put: (RoleName, PolicyDocument) => new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }),
    remove: (RoleName) => new DeleteRolePolicyCommand({ RoleName, PolicyName }),
  }),
});
