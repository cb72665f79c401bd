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
  controls: {
    securityHub: ['RDS.2'],
    cis: { '3.0': ['2.3.3'], '5.0': ['2.2.3'], '6.0': ['3.2.3'], '7.0': ['3.2.3'] },
    conformity: ['RDS-008'],
    config: ['RDS_INSTANCE_PUBLIC_ACCESS_CHECK'],
    prowler: ['rds_instance_no_public_access'],
  },
  docs: {
    why: 'A database with a public address is one security group rule and one password away from everybody.',
    effect: [
      'The instance loses its public address, its name leads to the private one, and whoever reached it from outside its VPC, without a VPN or peering, no longer does.',
      'RDS makes the change at once, without those that wait for the maintenance window; an instance that is busy is waited for.',
      'One that is stopped or broken, and a member of a Multi-AZ DB cluster (whose access only the cluster has), are held.',
      'Undo makes it public again, with an address that may be another.',
    ],
    references: ['https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html'],
  },

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
