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
  controls: {
    securityHub: ['DMS.6'],
    config: ['DMS_AUTO_MINOR_VERSION_UPGRADE_CHECK'],
    prowler: ['dms_instance_minor_version_upgrade_enabled'],
  },
  docs: {
    why: 'Minor versions bring security patches; without them, known holes stay open until somebody thinks of upgrading.',
    effect: [
      'DMS upgrades the engine in the maintenance window when there is a new minor version, and tasks pause then.',
      'An instance that is busy is waited for.',
      'Undo turns it off again, and does not take back a version.',
    ],
    references: ['https://docs.aws.amazon.com/dms/latest/APIReference/API_ModifyReplicationInstance.html'],
  },
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
