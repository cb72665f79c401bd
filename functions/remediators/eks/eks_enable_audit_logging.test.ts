import { CreateClusterCommand, DescribeClusterCommand, EKSClient, type LogType } from '@aws-sdk/client-eks';
import { testSetting } from '../../../testing/setting';
import { bot } from './eks_enable_audit_logging';

const clusters = ['neighbour', 'web'];

testSetting(bot, {
  wrong: ['api'] as LogType[],
  right: ['api', 'audit'],
  given: async ({ client, account }, types) => {
    for (const name of clusters) {
      await client(EKSClient).send(
        new CreateClusterCommand({
          name,
          roleArn: `arn:aws:iam::${account}:role/eks`,
          resourcesVpcConfig: { subnetIds: [] },
          logging: { clusterLogging: [{ types, enabled: true }] },
          tags: { team: 'web' },
        }),
      );
    }
    return 'web';
  },
  violation: 'the control plane does not log audit',
  writes: ['eks:UpdateClusterConfig'],
  untouched: async ({ client }, id) => {
    const read = clusters.map(async (name) => {
      const { cluster } = await client(EKSClient).send(new DescribeClusterCommand({ name }));
      // moto shows the token of the last call.
      const { logging, clientRequestToken: _, ...rest } = cluster ?? {};
      return name === id ? rest : { ...rest, logging };
    });
    return Promise.all(read);
  },
  gone: 'no-such-cluster',
});

describe('eks_enable_audit_logging', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'web' };

  test('waits while the cluster is being updated', () => {
    const state = { is: [], status: 'UPDATING' };
    expect(bot.plan(state, { target, params: { types: ['audit'] } })).toEqual({
      waiting: expect.stringContaining('UPDATING'),
    });
  });
});
