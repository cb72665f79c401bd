import type { DBInstance, RDSClient } from '@aws-sdk/client-rds';
import { dbInstance, notReady } from './rds';

/** What the settings of an instance have to know beside their attribute. */
export interface InstanceState {
  readonly status: string;
  readonly engine: string;
  /** What it is a member of; RDS keeps some attributes of members with their cluster. */
  readonly memberOf?: 'Multi-AZ DB cluster' | 'DB cluster';
  /** Names of the changes that wait for the maintenance window, or are under way. */
  readonly pending: readonly string[];
}

/** One attribute of an instance, with what {@link InstanceState} adds; `undefined`: the instance is gone. */
export async function instanceState<V>(
  rds: RDSClient,
  id: string,
  read: (found: DBInstance) => V,
): Promise<({ readonly is: V } & InstanceState) | undefined> {
  const found = await dbInstance(rds, id);
  if (!found) return undefined;
  const { DBInstanceStatus: status = '', Engine: engine = '', DBClusterIdentifier } = found;
  // Aurora, Neptune and DocumentDB have engines of their own.
  const memberOf = /^(mysql|postgres)$/.test(engine) ? 'Multi-AZ DB cluster' : 'DB cluster';
  return {
    is: read(found),
    status,
    engine,
    ...(DBClusterIdentifier !== undefined && { memberOf }),
    pending: namesIn(found.PendingModifiedValues),
  };
}

/** Why an attribute that each instance has for itself cannot be changed now. */
export function instanceObstacle({ status, memberOf }: InstanceState) {
  return memberOf === 'Multi-AZ DB cluster'
    ? { held: 'it belongs to a Multi-AZ DB cluster, whose members RDS does not change one by one' }
    : notReady(status);
}

/** The same for an attribute that members of any cluster do not have: their cluster has it. */
export function standaloneObstacle({ status, memberOf }: InstanceState) {
  return memberOf === undefined ? notReady(status) : { notApplicable: `the ${memberOf} has this attribute` };
}

/**
 * Why `ApplyImmediately` would do more than this change, for an attribute that RDS otherwise changes in the
 * maintenance window. Source: ModifyDBInstance, ApplyImmediately.
 */
export function otherChanges(pending: readonly string[], own: string) {
  const others = pending.filter((name) => name !== own);
  if (others.length > 0) {
    return {
      held: `changing it now would also apply what waits for the maintenance window: ${others.join(', ')}`,
    };
  }
  return pending.length > 0 ? { waiting: 'RDS has been told, and is changing it' } : undefined;
}

/** The names of what is set. */
export function namesIn(changes: object = {}): string[] {
  return Object.entries(changes).flatMap(([name, value]) => (isNothing(value) ? [] : [name]));
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.values(value).every(isNothing);
}
