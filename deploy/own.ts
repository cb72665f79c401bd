import type { CatalogueEntry } from '../shared/catalogue';
import type { Confinement, Statement } from './policies';
import { confinedBy, resourceLevelOf } from './policies';
import { sub } from './template';

/** What of an installation some bots could reach, by the ARN pattern of its type; the ARNs are exact. */
export type OwnParts = Readonly<Record<string, Statement['Resource']>>;

/** The pattern of all roles of an account. */
export const ROLES = 'arn:${Partition}:iam::${Account}:role/*';

/** The pattern of all managed policies of an account. */
export const POLICIES = 'arn:${Partition}:iam::${Account}:policy/*';

/** The managed policies of this account under a path. */
export function policiesUnder(path: string): Statement['Resource'] {
  return [sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy${path}*`)];
}

/** Roles of this account by their names and paths. */
export function rolesCalled(...names: readonly string[]): Statement['Resource'] {
  return names.map((name) => sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${name}`));
}

/**
 * What bots write to all resources of a type is denied on selfheal's own: whoever has stolen a bot's role cannot give
 * rights to that role, nor open the queue that gives orders to all others.
 */
export async function denials(bots: readonly CatalogueEntry[], own: OwnParts): Promise<Statement[]> {
  const byType = new Map<string, Set<string>>();
  for (const { permissions } of bots) {
    const { only } = confinedBy([permissions]);
    for (const action of permissions.write) {
      for (const pattern of await typesReached(action, only)) {
        if (own[pattern]) byType.set(pattern, (byType.get(pattern) ?? new Set()).add(action));
      }
    }
  }
  return [...byType].map(([pattern, actions]) => ({
    Effect: 'Deny',
    Action: [...actions].sort(),
    Resource: own[pattern] ?? [],
  }));
}

async function typesReached(action: string, only: Confinement['only']): Promise<readonly string[]> {
  return only[action] ? [] : resourceLevelOf(action);
}
