import type { AttachRolePolicyCommand, AttachUserPolicyCommand } from '@aws-sdk/client-iam';
import type { Condition, Held } from '../../../../shared/bot/bot';

/**
 * AWS's own policy that denies everything: it is in every account, and nobody can change what it says. One of the
 * account's own would need the right to write it, which is the right to write something else into it.
 */
export const QUARANTINE = 'AWSDenyAll';

/** The one policy that the bots may attach. */
export const ONLY_QUARANTINE: Condition = {
  ArnEquals: { 'iam:PolicyARN': `arn:\${Partition}:iam::aws:policy/${QUARANTINE}` },
};

/** So many managed policies can be attached to a user or role unless the quota is raised. Source: IAM quotas. */
const MOST_ATTACHED = 10;

/** How it stands with the quarantine of a user or a role. */
export interface Quarantine {
  /** ARN of the quarantine policy. */
  readonly policy: string;
  readonly attached: boolean;
  /** As many others are attached as IAM takes. */
  readonly full?: boolean;
  /** Why the user or role is left alone. */
  readonly obstacle?: string;
}

/** The quarantine of the user or role of this ARN, in its partition. */
export function quarantineOf({
  arn,
  attached,
  obstacle,
}: {
  readonly arn: string;
  readonly attached: readonly string[];
  readonly obstacle?: string | undefined;
}): Quarantine {
  const policy = `arn:${arn.split(':')[1] ?? 'aws'}:iam::aws:policy/${QUARANTINE}`;
  return {
    policy,
    attached: attached.includes(policy),
    ...(attached.length >= MOST_ATTACHED && { full: true }),
    ...(obstacle !== undefined && { obstacle }),
  };
}

/** What is missing of the quarantine, or `undefined`. */
export function outOfQuarantine({ attached }: Quarantine): string | undefined {
  return attached ? undefined : `not in quarantine: ${QUARANTINE} is not attached`;
}

/** The command that attaches the policy. */
export function intoQuarantine<A extends AttachUserPolicyCommand | AttachRolePolicyCommand>(
  { policy, full, obstacle }: Quarantine,
  attach: (PolicyArn: string) => A,
): readonly { readonly iam: A }[] | Held {
  if (obstacle !== undefined) return { held: obstacle };
  if (full) {
    return {
      held: `${MOST_ATTACHED} managed policies are attached, and IAM takes no more: detach one of them, then quarantine again`,
    };
  }
  return [{ iam: attach(policy) }];
}
