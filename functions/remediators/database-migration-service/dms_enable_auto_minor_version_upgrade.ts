import {
  DatabaseMigrationServiceClient,
  DescribeReplicationInstancesCommand,
  ModifyReplicationInstanceCommand,
} from '@aws-sdk/client-database-migration-service';
import { readiness } from '../../../shared/bot/obstacles';
import { defineSetting } from '../../../shared/bot/setting';

const notReady = readiness('DMS', 'available', /^(failed|inaccessible|incompatible|storage-full)/);

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
    const read = new DescribeReplicationInstancesCommand({ Filters });
    const { ReplicationInstances = [] } = await dms.send(read);
    const found = ReplicationInstances.find((one) => one.ReplicationInstanceArn === id);
    const { ReplicationInstanceStatus: status = 'deleting', AutoMinorVersionUpgrade = false } = found ?? {};
    return status === 'deleting' ? undefined : { is: AutoMinorVersionUpgrade, status };
  },
  want: true,
  says: 'the replication instance does not upgrade its minor version automatically',
  obstacle: ({ status }) => notReady(status),
  write: (AutoMinorVersionUpgrade, { target: { id } }) => ({
    dms: new ModifyReplicationInstanceCommand({ ReplicationInstanceArn: id, AutoMinorVersionUpgrade }),
  }),
});
