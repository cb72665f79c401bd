import {
  DeleteUserPolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { NO_SUCH_ENTITY, documentText } from './lib/iam';
import { REVOKED_SESSIONS as PolicyName, revoking, sessionParams } from './lib/sessions';
import { USER } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...USER,
  id: 'iam_revoke_user_sessions',
  title: 'Revoke the open sessions of an IAM user',
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
