import {
  DescribeDBClusterSnapshotAttributesCommand,
  ModifyDBClusterSnapshotAttributeCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { SHARE_WITH_ALL, UNSHARE_WITH_ALL, sharingOf } from './lib/rds';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'rds_cluster_snapshot_set_private',
  title: 'Stop sharing a snapshot of a database cluster with everyone',
  resource: 'AWS::RDS::DBClusterSnapshot',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  permissions: {
    read: ['rds:DescribeDBClusterSnapshotAttributes'],
    write: ['rds:ModifyDBClusterSnapshotAttribute'],
  },
  controls: {
    securityHub: ['RDS.1'],
    config: ['RDS_SNAPSHOTS_PUBLIC_PROHIBITED'],
    prowler: [
      'documentdb_cluster_public_snapshot',
      'neptune_cluster_public_snapshot',
      'rds_snapshots_public_access',
    ],
  },
  docs: {
    why: 'Everybody can restore a public snapshot into a cluster of their own and read all of it.',
    effect: [
      'The right of everyone to copy and restore the snapshot is taken away.',
      'Accounts that are named keep theirs.',
      'What strangers have copied stays copied.',
      'Snapshots of Neptune and DocumentDB clusters are among them.',
      'Undo makes it public again.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBClusterSnapshotAttribute.html',
    ],
  },
  clients: { rds: RDSClient },
  gone: ['DBClusterSnapshotNotFoundFault'],

  inspect: ({ rds }, { target: { id } }) =>
    rds
      .send(new DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier: id }))
      .then(({ DBClusterSnapshotAttributesResult: result }) =>
        sharingOf(result?.DBClusterSnapshotAttributes),
      ),

  check: (state) => (state.public ? 'everyone can restore the snapshot' : undefined),

  plan: (_state, { target: { id } }) => [modify(id, UNSHARE_WITH_ALL)],

  undo: (_before, { target: { id }, now }) => (now.public ? [] : [modify(id, SHARE_WITH_ALL)]),

  footprint: (state) => ({ public: state.public }),
});

function modify(
  DBClusterSnapshotIdentifier: string,
  change: typeof SHARE_WITH_ALL | typeof UNSHARE_WITH_ALL,
) {
  return { rds: new ModifyDBClusterSnapshotAttributeCommand({ DBClusterSnapshotIdentifier, ...change }) };
}
