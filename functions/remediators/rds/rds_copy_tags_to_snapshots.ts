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
