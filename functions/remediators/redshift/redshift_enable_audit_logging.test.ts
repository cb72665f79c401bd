import { DescribeLoggingStatusCommand, EnableLoggingCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import { cluster, clustersBut } from './fixtures/cluster';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bot } from './redshift_enable_audit_logging';

const bucket = 'logs-of-the-warehouse';

/** Both clusters, and whether the other one logs. */
const untouched = async (account: Account, id: string) => [
  await clustersBut()(account, id),
  (
    await account
      .client(RedshiftClient)
      .send(new DescribeLoggingStatusCommand({ ClusterIdentifier: 'neighbour' }))
  ).LoggingEnabled,
];

testSetting(bot, {
  given: async (account, on) => {
    const ClusterIdentifier = await cluster()(account);
    const to = { ClusterIdentifier, LogDestinationType: 's3', BucketName: 'of-its-own' } as const;
    if (on) await account.client(RedshiftClient).send(new EnableLoggingCommand(to));
    return ClusterIdentifier;
  },
  wrong: false,
  right: true,
  violation: 'writes no audit log',
  writes: ['redshift:EnableLogging'],
  untouched,
  gone: 'no-such-cluster',
  more: {
    violating: [
      {
        name: 'to a bucket',
        given: cluster(),
        params: { destination: 's3', bucket },
        after: { is: true },
      },
      {
        name: 'to a bucket that nobody named',
        given: cluster(),
        params: { destination: 's3' },
        held: /no bucket is named/,
      },
    ],
  },
});
