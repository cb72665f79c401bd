import type { Cluster, RedshiftClient } from '@aws-sdk/client-redshift';
import { cluster, clustersBut } from './fixtures/cluster';
import { stepsOf } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bot } from './redshift_set_private';

testSetting(bot, {
  wrong: { public: true },
  right: { public: false },
  given: (account, value) => cluster({ PubliclyAccessible: value.public })(account),
  violation: 'the cluster has a public address',
  writes: ['redshift:ModifyCluster'],
  untouched: clustersBut('PubliclyAccessible'),
  gone: 'no-such-cluster',
});

describe('redshift_set_private', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'warehouse' };
  const context = { target, params: {} };
  const open = { is: { public: true }, changing: null, status: 'available' };

  // DescribeClusters: moto's clusters are available from the start, and have no Elastic IPs.
  const read = (found: Partial<Cluster>) => {
    const reply = { Clusters: [{ PubliclyAccessible: true, ClusterStatus: 'available', ...found }] };
    const redshift = { send: () => Promise.resolve(reply) } as unknown as RedshiftClient;
    return bot.inspect({ redshift }, context);
  };

  test.each(['creating', 'modifying', 'rebooting', 'resizing', 'resuming', 'updating-hsm'])(
    'waits while it is %s',
    (status) => {
      expect(bot.plan({ ...open, status }, context)).toEqual({ waiting: expect.stringContaining(status) });
    },
  );

  test.each(['paused', 'hardware-failure', 'incompatible-network', 'storage-full'])(
    'does not wait for one that is %s',
    (status) => {
      expect(bot.plan({ ...open, status }, context)).toEqual({ held: expect.stringContaining(status) });
    },
  );

  test('waits for what Redshift has been told already', async () => {
    const state = await read({ PendingModifiedValues: { PubliclyAccessible: false } });
    expect(state && bot.plan(state, context)).toEqual({ waiting: expect.stringContaining('address') });
  });

  test.each(['deleting', 'final-snapshot'])('what is %s is gone', async (ClusterStatus) => {
    expect(await read({ ClusterStatus })).toBeUndefined();
  });

  test('its Elastic IP comes back with undo', async () => {
    const before = await read({ ElasticIpStatus: { ElasticIp: '203.0.113.7', Status: 'active' } });
    if (!before) throw new Error('gone');
    const now = { ...open, is: { public: false } };
    const steps = bot.undo(before, { ...context, now });
    if ('irreversible' in steps) throw new Error(steps.irreversible);
    expect(steps.map(({ redshift }) => redshift.input)).toEqual([
      { ClusterIdentifier: 'warehouse', PubliclyAccessible: true, ElasticIp: '203.0.113.7' },
    ]);
    expect(bot.footprint?.(before)).not.toEqual(bot.footprint?.({ ...open, status: 'modifying' }));
  });

  test('nothing is changed but the access', () => {
    const inputs = stepsOf(bot.plan(open, context)).map(({ redshift }) => redshift.input);
    expect(inputs).toEqual([{ ClusterIdentifier: 'warehouse', PubliclyAccessible: false }]);
  });

  test('undo does not write what has become public again', () => {
    expect(bot.undo(open, { ...context, now: open })).toEqual([]);
  });
});
