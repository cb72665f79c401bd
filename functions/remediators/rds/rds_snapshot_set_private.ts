import {
  DescribeDBSnapshotAttributesCommand,
  ModifyDBSnapshotAttributeCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { SHARE_WITH_ALL, UNSHARE_WITH_ALL, sharingOf } from './lib/rds';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'rds_snapshot_set_private',
  title: 'Stop sharing a database snapshot with everyone',
  resource: 'AWS::RDS::DBSnapshot',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  permissions: {
    read: ['rds:DescribeDBSnapshotAttributes'],
    write: ['rds:ModifyDBSnapshotAttribute'],
  },
  controls: {
    securityHub: ['RDS.1'],
    conformity: ['RDS-023'],
    config: ['RDS_SNAPSHOTS_PUBLIC_PROHIBITED'],
    prowler: ['rds_snapshots_public_access'],
  },
  docs: {
    why: 'Everybody can restore a public snapshot into a database of their own and read all of it.',
    effect: [
      'The right of everyone to copy and restore the snapshot is taken away.',
      'Accounts that are named keep theirs.',
      'What strangers have copied stays copied.',
      'Undo makes it public again.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSnapshotAttribute.html',
    ],
  },
  clients: { rds: RDSClient },
  gone: ['DBSnapshotNotFoundFault'],

  inspect: ({ rds }, { target: { id } }) =>
    rds
      .send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: id }))
      .then(({ DBSnapshotAttributesResult: result }) => sharingOf(result?.DBSnapshotAttributes)),

  check: (state) => (state.public ? 'everyone can restore the snapshot' : undefined),

  plan: (_state, { target: { id } }) => [modify(id, UNSHARE_WITH_ALL)],

  undo: (_before, { target: { id }, now }) => (now.public ? [] : [modify(id, SHARE_WITH_ALL)]),

  footprint: (state) => ({ public: state.public }),
});

function modify(DBSnapshotIdentifier: string, change: typeof SHARE_WITH_ALL | typeof UNSHARE_WITH_ALL) {
  return { rds: new ModifyDBSnapshotAttributeCommand({ DBSnapshotIdentifier, ...change }) };
}
