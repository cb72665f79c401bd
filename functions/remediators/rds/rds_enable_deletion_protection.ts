import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import { instanceState, standaloneObstacle } from './lib/instances';
import { DB_INSTANCE } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_enable_deletion_protection',
  title: 'Protect a database instance from deletion',
  severity: 'low',
  risk: 'safe',
  permissions: { read: ['rds:DescribeDBInstances'], write: ['rds:ModifyDBInstance'] },
  controls: {
    securityHub: ['RDS.8'],
    config: ['RDS_INSTANCE_DELETION_PROTECTION_ENABLED'],
    prowler: ['rds_instance_deletion_protection'],
  },
  docs: {
    why: 'One call, by mistake or by somebody who got in, deletes a database that nothing protects.',
    effect: [
      'RDS refuses to delete the instance until somebody turns the protection off.',
      'Members of a cluster are left alone: their cluster has the protection.',
      'Undo turns it off again.',
    ],
    references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html'],
  },
  ...DB_INSTANCE,

  inspect: ({ rds }, { target: { id } }) =>
    instanceState(rds, id, ({ DeletionProtection = false }) => DeletionProtection),
  want: true,
  says: 'the database can be deleted with a single call',
  obstacle: (state) => standaloneObstacle(state),
  write: (DeletionProtection, { target: { id } }) => ({
    rds: new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, DeletionProtection }),
  }),
});
