import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import { DB_INSTANCE, dbInstance, notReady } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...DB_INSTANCE,
  id: 'rds_set_private',
  title: 'Take a database instance off the internet',
  severity: 'critical',
  risk: 'disruptive',
  permissions: { read: ['rds:DescribeDBInstances'], write: ['rds:ModifyDBInstance'] },

  async inspect({ rds }, { target: { id } }) {
    const found = await dbInstance(rds, id);
    if (!found) return undefined;
    const { PubliclyAccessible = false, DBInstanceStatus: status = '', Engine = '' } = found;
    // Members of an Aurora, Neptune or DocumentDB cluster have it each for itself.
    const clustered = found.DBClusterIdentifier !== undefined && /^(mysql|postgres)$/.test(Engine);
    return { is: PubliclyAccessible, status, clustered };
  },
  want: false,
  says: 'the database has a public address',
  obstacle: ({ status, clustered }) =>
    clustered
      ? { held: 'it belongs to a Multi-AZ DB cluster, whose members RDS does not change one by one' }
      : notReady(status),
  // Without ApplyImmediately, which would bring pending changes forward; this one does not wait for it.
  write: (PubliclyAccessible, { target: { id } }) => ({
    rds: new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, PubliclyAccessible }),
  }),
});
