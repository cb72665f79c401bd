import {
  DescribeLoggingStatusCommand,
  DisableLoggingCommand,
  EnableLoggingCommand,
  type EnableLoggingMessage,
} from '@aws-sdk/client-redshift';
import * as z from 'zod';
import { CLUSTER, clusterNow, notReady } from './lib/clusters';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'redshift_enable_audit_logging',
  title: 'Write the audit log of a Redshift cluster',
  attribute: 'audit logging',
  severity: 'medium',
  risk: 'safe',
  params: z.object({
    destination: z
      .enum(['cloudwatch', 's3'])
      .default('cloudwatch')
      .describe('where Redshift writes; a cluster that logs keeps its own'),
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
      .optional()
      .describe('for s3: a bucket in the region of the cluster whose policy admits Redshift'),
  }),
  from: { destination: 'config', bucket: 'config' },
  permissions: {
    read: ['redshift:DescribeClusters', 'redshift:DescribeLoggingStatus'],
    write: ['redshift:EnableLogging'],
    undo: ['redshift:DisableLogging'],
  },
  ...CLUSTER,

  async inspect({ redshift }, { target: { id } }) {
    const found = await clusterNow(redshift, id);
    if (!found) return undefined;
    const { LoggingEnabled = false } = await redshift.send(
      new DescribeLoggingStatusCommand({ ClusterIdentifier: id }),
    );
    return { is: LoggingEnabled, status: found.status };
  },
  want: true,
  says: 'the cluster writes no audit log',
  obstacle: ({ status }, { params: { destination, bucket } }) =>
    destination === 's3' && bucket === undefined
      ? { held: 'no bucket is named: give one in config.ts' }
      : notReady(status),
  write: (on, { target: { id: ClusterIdentifier }, params: { destination, bucket } }) => {
    if (!on) return { redshift: new DisableLoggingCommand({ ClusterIdentifier }) };
    const to: Partial<EnableLoggingMessage> =
      destination === 's3'
        ? { LogDestinationType: 's3', BucketName: bucket }
        : { LogDestinationType: 'cloudwatch', LogExports: ['connectionlog', 'userlog', 'useractivitylog'] };
    return { redshift: new EnableLoggingCommand({ ClusterIdentifier, ...to }) };
  },
});
