import type {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
} from '@aws-sdk/client-iam';
import type * as z from 'zod';
import type { Condition, Context, Held } from '../../../../shared/bot/bot';
import { type Attachment, attachParams } from './iam';

/** What the bots share that attach the managed policy which their parameter names. */
export const ATTACHING = {
  kind: 'response',
  params: attachParams,
  from: { policyArn: 'config' },
  words: { order: ['policyArn'], names: { policy_arn: 'policyArn' } },
} as const;

/** The one policy that they may attach, and detach. */
export const ONLY_THE_POLICY: Condition = { ArnEquals: { 'iam:PolicyARN': '${params.policyArn}' } };

type In = Context<z.output<typeof attachParams>>;

/** The functions of a bot that attaches it to the target: a user or a role. */
export function attaching<
  A extends AttachUserPolicyCommand | AttachRolePolicyCommand,
  D extends DetachUserPolicyCommand | DetachRolePolicyCommand,
>({
  attach,
  detach,
}: {
  readonly attach: (name: string, policy: string) => A;
  readonly detach: (name: string, policy: string) => D;
}) {
  return {
    check: ({ policy, attached }: Attachment) => (attached ? undefined : `${policy} is not attached`),
    plan: ({ policy, obstacle }: Attachment, { target: { id } }: In): { readonly iam: A }[] | Held =>
      obstacle === undefined ? [{ iam: attach(id, policy) }] : { held: obstacle },
    undo: (
      { attached, policy }: Attachment,
      { target: { id }, now }: In & { readonly now: Attachment },
    ): { readonly iam: D }[] => (!attached && now.attached ? [{ iam: detach(id, policy) }] : []),
    footprint: ({ attached }: Attachment) => ({ attached }),
  };
}
