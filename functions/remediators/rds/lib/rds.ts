import { type DBInstance, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import type { Finder } from '../../../../shared/bot/bot';
import { readiness } from '../../../../shared/bot/obstacles';
import { isUnnamed } from '../../../../shared/resources/canonical';

/** By this name RDS says that there is no such instance. */
export const NO_SUCH_INSTANCE = 'DBInstanceNotFoundFault';

/** One database instance; `undefined`: there is none, or it is being deleted. */
export async function dbInstance(
  rds: RDSClient,
  DBInstanceIdentifier: string,
): Promise<DBInstance | undefined> {
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
  return DBInstances.find(({ DBInstanceStatus }) => DBInstanceStatus !== 'deleting');
}

/** Security Hub and AWS Config may name an instance by its resource id. Source: DescribeDBInstances, Filters. */
export const findInstance: Finder<{ rds: typeof RDSClient }> = {
  actions: ['rds:DescribeDBInstances'],
  async find({ rds }, target) {
    if (!isUnnamed(target)) return target;
    const Filters = [{ Name: 'dbi-resource-id', Values: [target.id] }];
    const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({ Filters }));
    // The filter is made sure of: without it, every instance of the region is described.
    const id = DBInstances.find(({ DbiResourceId }) => DbiResourceId === target.id)?.DBInstanceIdentifier;
    return id === undefined ? undefined : { ...target, id };
  },
};

/** What all bots on database instances share. */
export const DB_INSTANCE = {
  resource: 'AWS::RDS::DBInstance',
  clients: { rds: RDSClient },
  gone: [NO_SUCH_INSTANCE],
  finder: findInstance,
} as const;

/**
 * Why an instance or a cluster in this state takes no changes now; `undefined`: it does. Waiting where it comes
 * out of the state by itself. Source: RDS User Guide, Viewing DB instance status.
 */
export const notReady = readiness(
  'RDS',
  'available',
  /^(stopped|failed|incompatible-|inaccessible-|insufficient-|restore-error)/,
  /^storage-(full|optimization)$/,
);

interface Attribute {
  readonly AttributeName?: string | undefined;
  readonly AttributeValues?: readonly string[] | undefined;
}

/** The attribute of snapshots that says who may restore them, and the value that stands for everyone. */
const RESTORE = 'restore';
const EVERYONE = 'all';

/** Whether everyone may restore a snapshot. Source: ModifyDBSnapshotAttribute. */
export function isShared(attributes: readonly Attribute[] = []): boolean {
  return attributes.some(
    ({ AttributeName, AttributeValues }) =>
      AttributeName === RESTORE && (AttributeValues?.includes(EVERYONE) ?? false),
  );
}

/** What ModifyDBSnapshotAttribute and ModifyDBClusterSnapshotAttribute are told so that everyone may, or not. */
export function sharing(withEveryone: boolean) {
  return { AttributeName: RESTORE, [withEveryone ? 'ValuesToAdd' : 'ValuesToRemove']: [EVERYONE] };
}
