import {
  type AttachRolePolicyCommand,
  type AttachUserPolicyCommand,
  CreatePolicyCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import type { Held } from '../../../../shared/bot/bot';
import { isAboutAll, policyStatements } from './iam';

/** The managed policy that denies everything, by the name that CloudBots gives it. */
export const QUARANTINE = 'quarantine_deny_all_policy';

const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: 'DenyAll', Effect: 'Deny', Action: '*', Resource: '*' }],
});

/** So many managed policies can be attached to a user or role unless the quota is raised. Source: IAM quotas. */
const MOST_ATTACHED = 10;

/** How it stands with the quarantine of a user or a role. */
export interface Quarantine {
  /** ARN of the quarantine policy, whether or not it is there. */
  readonly policy: string;
  /** What the policy of that name does: its name alone is not trusted. */
  readonly does: 'not exist' | 'deny all' | 'something else';
  readonly attached: boolean;
  /** As many others are attached as IAM takes. */
  readonly full?: boolean;
  /** Why the user or role is left alone. */
  readonly obstacle?: string;
}

/** Reads the policy of the account, and in the partition, that the user or role of this ARN belongs to. */
export async function quarantineOf(
  iam: IAMClient,
  { arn, attached, obstacle }: { arn: string; attached: readonly string[]; obstacle?: string | undefined },
): Promise<Quarantine> {
  const policy = `${arn.split(':').slice(0, 5).join(':')}:policy/${QUARANTINE}`;
  const statements = await policyStatements(iam, policy);
  const denies = statements?.some((one) => one.Effect === 'Deny' && isAboutAll(one));
  return {
    policy,
    does: denies === undefined ? 'not exist' : denies ? 'deny all' : 'something else',
    attached: attached.includes(policy),
    ...(attached.length >= MOST_ATTACHED && { full: true }),
    ...(obstacle !== undefined && { obstacle }),
  };
}

/** What is missing of the quarantine, or `undefined`. */
export function outOfQuarantine({ attached, does }: Quarantine): string | undefined {
  if (!attached) return `not in quarantine: ${QUARANTINE} is not attached`;
  return does === 'deny all'
    ? undefined
    : `not in quarantine: ${QUARANTINE} is attached and does not deny everything`;
}

/** The policy first, where it is missing; then, on the next pass, the command that attaches it. */
export function intoQuarantine<A extends AttachUserPolicyCommand | AttachRolePolicyCommand>(
  { policy, does, full, obstacle }: Quarantine,
  attach: (PolicyArn: string) => A,
): readonly { readonly iam: CreatePolicyCommand | A }[] | Held {
  if (obstacle !== undefined) return { held: obstacle };
  if (full) {
    return {
      held: `${MOST_ATTACHED} managed policies are attached, and IAM takes no more: detach one of them, then quarantine again`,
    };
  }
  if (does === 'deny all') return [{ iam: attach(policy) }];
  if (does === 'something else')
    return { held: `${policy} is there and does not deny everything: mend it, or delete it` };
  return [
    {
      iam: new CreatePolicyCommand({
        PolicyName: QUARANTINE,
        Description: 'selfheal: users and roles in quarantine may do nothing',
        PolicyDocument: DOCUMENT,
        Tags: [{ Key: 'selfheal', Value: 'quarantine' }],
      }),
    },
  ];
}
