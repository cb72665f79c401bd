import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import { instanceState, standaloneObstacle } from './lib/instances';
import { DB_INSTANCE } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_copy_tags_to_snapshots',
  title: 'Copy the tags of a database instance to its snapshots',
  severity: 'low',
  risk: 'safe',
  permissions: { read: ['rds:DescribeDBInstances'], write: ['rds:ModifyDBInstance'] },
  controls: { securityHub: ['RDS.17'], prowler: ['rds_instance_copy_tags_to_snapshots'] },
  docs: {
    why: 'Snapshots without the tags of their database escape the access rules and the housekeeping that go by tags.',
    effect: [
      'Snapshots made from now on carry the tags of the instance; those that exist are not changed.',
      'Members of a cluster are left alone: their cluster has the attribute.',
      'Undo turns it off again.',
    ],
    references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html'],
  },
  ...DB_INSTANCE,

  inspect: ({ rds }, { target: { id } }) =>
    instanceState(rds, id, ({ CopyTagsToSnapshot = false }) => CopyTagsToSnapshot),
  want: true,
  says: 'the tags of the database are not copied to its snapshots',
  obstacle: (state) => standaloneObstacle(state),
  write: (CopyTagsToSnapshot, { target: { id } }) => ({
    rds: new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, CopyTagsToSnapshot }),
  }),
});
