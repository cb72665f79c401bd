import { RDSClient } from '@aws-sdk/client-rds';

/** What all bots on snapshots of database instances share. */
export const DB_SNAPSHOT = {
  resource: 'AWS::RDS::DBSnapshot',
  clients: { rds: RDSClient },
  gone: ['DBSnapshotNotFoundFault'],
} as const;
