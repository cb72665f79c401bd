import {
  DeleteGroupPolicyCommand,
  GetGroupPolicyCommand,
  IAMClient,
  PutGroupPolicyCommand,
  paginateListGroupPolicies,
} from '@aws-sdk/client-iam';
import { findGroup } from './lib/find';
import { NO_SUCH_ENTITY } from './lib/iam';
import { deletingInline, inlineOf, inlineParams } from './lib/inline';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'iam_group_delete_inline_policy',
  aliases: ['iam_group_delete_inline_group'],
  title: 'Delete the inline policies of an IAM group',
  resource: 'AWS::IAM::Group',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'response',
  params: inlineParams,
  from: { names: 'finding' },
  words: { order: ['names'] },
  permissions: {
    read: ['iam:ListGroupPolicies', 'iam:GetGroupPolicy'],
    write: ['iam:DeleteGroupPolicy'],
    undo: ['iam:PutGroupPolicy'],
  },
  finder: findGroup,
  clients: { iam: IAMClient },
  gone: [NO_SUCH_ENTITY],

  inspect: async ({ iam: client }, { target: { id: GroupName } }) => ({
    inline: await inlineOf(paginateListGroupPolicies({ client }, { GroupName }), async (PolicyName) =>
      client.send(new GetGroupPolicyCommand({ GroupName, PolicyName })),
    ),
  }),

  ...deletingInline({
    put: (GroupName, PolicyName, PolicyDocument) =>
      new PutGroupPolicyCommand({ GroupName, PolicyName, PolicyDocument }),
    remove: (GroupName, PolicyName) => new DeleteGroupPolicyCommand({ GroupName, PolicyName }),
  }),
});
