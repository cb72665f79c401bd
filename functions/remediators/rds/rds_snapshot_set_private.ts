import {
  DescribeDBSnapshotAttributesCommand,
  ModifyDBSnapshotAttributeCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { isShared, sharing } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_snapshot_set_private',
  title: 'Stop sharing a database snapshot with everyone',
  attribute: 'public',
  resource: 'AWS::RDS::DBSnapshot',
  severity: 'critical',
  risk: 'disruptive',
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
      'Strangers can no longer copy or restore the snapshot; what they have copied stays copied, and accounts that are named keep their right.',
      'Undo makes it public again.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSnapshotAttribute.html',
    ],
  },
  clients: { rds: RDSClient },
  gone: ['DBSnapshotNotFoundFault'],

  inspect: async ({ rds }, { target: { id } }) => {
    const found = await rds.send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: id }));
    return { is: isShared(found.DBSnapshotAttributesResult?.DBSnapshotAttributes) };
  },
  want: false,
  says: 'everyone can restore the snapshot',
  write: (open, { target: { id } }) => ({
    rds: new ModifyDBSnapshotAttributeCommand({ DBSnapshotIdentifier: id, ...sharing(open) }),
  }),
});
