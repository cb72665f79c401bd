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
  controls: {
    config: ['IAM_NO_INLINE_POLICY_CHECK'],
    partly: { IAM_NO_INLINE_POLICY_CHECK: 'users and roles' },
  },
  docs: {
    why: 'Nobody who reviews managed policies sees the rights that are written into a group.',
    effect: [
      'The inline policies, or those that are named, are deleted: all users of the group lose what only these allowed.',
      'A policy that only denies is left, and one that allows and denies is held, since deleting it would give rights.',
      'Undo puts every document back.',
    ],
    references: ['https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroupPolicy.html'],
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
