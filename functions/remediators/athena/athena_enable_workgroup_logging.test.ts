import { AthenaClient, CreateWorkGroupCommand, GetWorkGroupCommand } from '@aws-sdk/client-athena';
import { testSetting } from '../../../testing/setting';
import { bot } from './athena_enable_workgroup_logging';

testSetting(bot, {
  wrong: false,
  right: true,
  given: async ({ client }, PublishCloudWatchMetricsEnabled) => {
    for (const Name of ['analysts', 'neighbour']) {
      const ResultConfiguration = { OutputLocation: 's3://results/' };
      const Configuration = {
        PublishCloudWatchMetricsEnabled,
        ResultConfiguration,
        RequesterPaysEnabled: true,
      };
      await client(AthenaClient).send(new CreateWorkGroupCommand({ Name, Configuration }));
    }
    return 'analysts';
  },
  violation: 'the workgroup publishes no metrics',
  writes: ['athena:UpdateWorkGroup'],
  untouched: async ({ client }) => {
    const read = async (WorkGroup: string) => {
      const reply = await client(AthenaClient).send(new GetWorkGroupCommand({ WorkGroup }));
      return reply.WorkGroup?.Configuration;
    };
    const { PublishCloudWatchMetricsEnabled: _, ...rest } = (await read('analysts')) ?? {};
    return [rest, await read('neighbour')];
  },
  gone: 'no-such-workgroup',
});
