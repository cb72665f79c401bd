import type { IAMClient } from '@aws-sdk/client-iam';
import type { Statement } from '../../../../shared/policy/policy-document';
import { policyStatements } from './iam';

/** What a policy does, as far as it matters to who takes it away: to lose a Deny is to get rights. */
export interface Effects {
  readonly allows: boolean;
  readonly denies: boolean;
}

/** What these statements do. */
export function effectsOf(statements: readonly Statement[]): Effects {
  const effects = statements.map(({ Effect }) => Effect);
  return { allows: effects.includes('Allow'), denies: effects.includes('Deny') };
}

/** What a managed policy does, by `iam:GetPolicy` and `iam:GetPolicyVersion`. */
export async function managedEffects(iam: IAMClient, arn: string): Promise<Effects> {
  return effectsOf((await policyStatements(iam, arn)) ?? []);
}
