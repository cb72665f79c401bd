import {
  DatabaseMigrationServiceClient,
  DescribeReplicationInstancesCommand,
  ModifyReplicationInstanceCommand,
} from '@aws-sdk/client-database-migration-service';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'dms_enable_auto_minor_version_upgrade',
  title: 'Upgrade the minor version of a DMS replication instance automatically',
  resource: 'AWS::DMS::ReplicationInstance',
  severity: 'medium',
  risk: 'safe',
  permissions: { read: ['dms:DescribeReplicationInstances'], write: ['dms:ModifyReplicationInstance'] },
  clients: { dms: DatabaseMigrationServiceClient },
  gone: ['ResourceNotFoundFault'],

  async inspect({ dms }, { target: { id } }) {
    const Filters = [{ Name: 'replication-instance-arn', Values: [id] }];
    const { ReplicationInstances = [] } = await dms.send(
      new DescribeReplicationInstancesCommand({ Filters }),
    );
    const found = ReplicationInstances.find((one) => one.ReplicationInstanceArn === id);
    const { ReplicationInstanceStatus: status = 'deleting', AutoMinorVersionUpgrade = false } = found ?? {};
    return status === 'deleting' ? undefined : { is: AutoMinorVersionUpgrade, status };
  },
  want: true,
  says: 'the replication instance does not upgrade its minor version automatically',
  obstacle({ status }) {
    if (status === 'available') return undefined;
    return /^(failed|inaccessible|incompatible|storage-full)/.test(status)
      ? { held: `DMS changes no instance that is ${status}: bring it back to available first` }
      : { waiting: `it is ${status}, and DMS changes only what is available` };
  },
  write: (AutoMinorVersionUpgrade, { target: { id } }) => ({
    dms: new ModifyReplicationInstanceCommand({ ReplicationInstanceArn: id, AutoMinorVersionUpgrade }),
  }),
});
