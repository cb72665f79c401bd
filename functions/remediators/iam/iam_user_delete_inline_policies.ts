import type { IAMClient } from '@aws-sdk/client-iam';
import {
  AttachUserPolicyCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetUserPolicyCommand,
  PutUserPolicyCommand,
  paginateListUserPolicies,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import { undefinedIfGone } from '../../../shared/aws/errors';
import {
  NO_SUCH_ENTITY,
  documentText,
  notAttachable,
  policyArnFor,
  policyArnSchema,
  statementsIn,
  userPolicies,
} from './lib/iam';
import { USER } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

export const bot = defineBot({
  ...USER,
  id: 'iam_user_delete_inline_policies',
  title: 'Delete the inline policies of an IAM user',
  severity: 'low',
  risk: 'disruptive',
  kind: 'posture',
  params: z.object({
    attach: z
      .array(policyArnSchema)
      .default([])
      .describe('managed policies to attach before, by ARN; $ACCOUNT_ID stands for the account of the user'),
  }),
  from: { attach: 'config' },
  words: { order: ['attach'] },
  permissions: {
    read: ['iam:ListUserPolicies', 'iam:GetUserPolicy', 'iam:ListAttachedUserPolicies', 'iam:GetPolicy'],
    write: ['iam:AttachUserPolicy', 'iam:DeleteUserPolicy'],
    undo: ['iam:PutUserPolicy', 'iam:DetachUserPolicy'],
    where: { 'iam:AttachUserPolicy': { ArnEquals: { 'iam:PolicyARN': '${params.attach}' } } },
  },

  async inspect({ iam }, { target, params }): Promise<State> {
    const inline = await inlinePolicies(iam, target.id);
    const attached = params.attach.length > 0 ? await userPolicies(iam, target.id) : [];
    const missing = wanted(params, target).filter((arn) => !attached.includes(arn));
    const obstacles: string[] = [];
    for (const arn of missing) obstacles.push(...[(await notAttachable(iam, arn)) ?? []].flat());
    return { inline, missing, obstacles };
  },

  check({ inline }) {
    const names = inline.filter(({ allows }) => allows).map(({ name }) => name);
    return names.length > 0 ? `inline policies give the user rights: ${names.join(', ')}` : undefined;
  },

  plan({ inline, missing, obstacles }, { target: { id: UserName } }) {
    if (obstacles.length > 0) return { held: obstacles.join('; ') };
    const unmixed = inline.filter(({ allows, denies }) => allows && !denies);
    if (unmixed.length === 0) {
      const names = inline.filter(({ allows }) => allows).map(({ name }) => name);
      return { held: `${names.join(', ')} also denies, and deleting that would give rights: take it apart` };
    }
    return [
      ...missing.map((PolicyArn) => ({ iam: new AttachUserPolicyCommand({ UserName, PolicyArn }) })),
      // What they give by managed policies is given first.
      ...afterwards(
        unmixed.map(({ name }) => ({ iam: new DeleteUserPolicyCommand({ UserName, PolicyName: name }) })),
      ),
    ];
  },

  undo: (before, { target: { id: UserName }, now }) => [
    ...before.inline
      .filter(({ name, document }) => now.inline.find((one) => one.name === name)?.document !== document)
      .map(({ name: PolicyName, document: PolicyDocument }) => ({
        iam: new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }),
      })),
    ...before.missing
      .filter((arn) => !now.missing.includes(arn))
      .map((PolicyArn) => ({ iam: new DetachUserPolicyCommand({ UserName, PolicyArn }) })),
  ],

  footprint: ({ inline, missing }) => ({ inline, missing }),
});

interface State {
  readonly inline: readonly Inline[];
  /** ARNs of the wanted managed policies that are not attached. */
  readonly missing: readonly string[];
  /** Why some of them cannot be. */
  readonly obstacles: readonly string[];
}

interface Inline {
  readonly name: string;
  readonly document: string;
  readonly allows: boolean;
  readonly denies: boolean;
}

function wanted({ attach }: { attach: string[] }, target: Parameters<typeof policyArnFor>[1]): string[] {
  return [...new Set(attach.map((arn) => policyArnFor(arn, target)))].sort();
}

async function inlinePolicies(iam: IAMClient, UserName: string): Promise<Inline[]> {
  const names: string[] = [];
  for await (const page of paginateListUserPolicies({ client: iam }, { UserName }))
    names.push(...(page.PolicyNames ?? []));
  const found: Inline[] = [];
  for (const name of names.sort()) {
    const policy = iam.send(new GetUserPolicyCommand({ UserName, PolicyName: name }));
    // One that is deleted meanwhile must not make its user look gone.
    const reply = await undefinedIfGone(policy, NO_SUCH_ENTITY);
    if (!reply) continue;
    const document = documentText(reply.PolicyDocument);
    const effects = statementsIn(document).map(({ Effect }) => Effect);
    found.push({ name, document, allows: effects.includes('Allow'), denies: effects.includes('Deny') });
  }
  return found;
}
