import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import { instanceState, otherChanges, standaloneObstacle } from './lib/instances';
import { DB_INSTANCE } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_enable_multi_az',
  title: 'Keep a standby of a database instance in a second Availability Zone',
  severity: 'medium',
  risk: 'disruptive',
  permissions: { read: ['rds:DescribeDBInstances'], write: ['rds:ModifyDBInstance'] },
  controls: {
    securityHub: ['RDS.5'],
    cis: { '5.0': ['2.2.4'], '6.0': ['3.2.4'], '7.0': ['3.2.4'] },
    config: ['RDS_MULTI_AZ_SUPPORT'],
    prowler: ['rds_instance_multi_az'],
  },
  docs: {
    why: 'A database in one Availability Zone is down for as long as that zone, or the instance, is.',
    effect: [
      'RDS builds a standby at once, which doubles the cost of the instance; writes may be slower meanwhile and afterwards.',
      'Where other changes wait for the maintenance window, the bot holds rather than apply them early; members of a cluster and RDS Custom are left alone.',
      'Undo gives the standby up.',
    ],
    references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Migrating.html'],
  },
  ...DB_INSTANCE,

  inspect: ({ rds }, { target: { id } }) => instanceState(rds, id, ({ MultiAZ = false }) => MultiAZ),
  want: true,
  says: 'the database has no standby in a second Availability Zone',
  obstacle: (state) =>
    state.engine.startsWith('custom-')
      ? { notApplicable: 'RDS Custom does not take this attribute' }
      : (standaloneObstacle(state) ?? otherChanges(state.pending, 'MultiAZ')),
  write: (MultiAZ, { target: { id } }) => ({
    rds: new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, MultiAZ, ApplyImmediately: true }),
  }),
});
