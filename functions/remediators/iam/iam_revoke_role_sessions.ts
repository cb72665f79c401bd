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
