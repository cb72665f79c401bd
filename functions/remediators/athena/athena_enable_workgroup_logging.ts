import { AthenaClient, GetWorkGroupCommand, UpdateWorkGroupCommand } from '@aws-sdk/client-athena';
import { undefinedIf } from '../../../shared/aws/errors';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'athena_enable_workgroup_logging',
  title: 'Publish the query metrics of an Athena workgroup to CloudWatch',
  resource: 'AWS::Athena::WorkGroup',
  severity: 'medium',
  risk: 'safe',
  permissions: { read: ['athena:GetWorkGroup'], write: ['athena:UpdateWorkGroup'] },
  clients: { athena: AthenaClient },

  async inspect({ athena }, { target: { id } }) {
    const read = athena.send(new GetWorkGroupCommand({ WorkGroup: id }));
    const found = await undefinedIf(read, 'InvalidRequestException', /is not found/);
    if (!found?.WorkGroup) return undefined;
    return { is: found.WorkGroup.Configuration?.PublishCloudWatchMetricsEnabled ?? false };
  },
  want: true,
  says: 'the workgroup publishes no metrics of its queries: turn them on',
  write: (PublishCloudWatchMetricsEnabled, { target: { id } }) => ({
    athena: new UpdateWorkGroupCommand({
      WorkGroup: id,
      ConfigurationUpdates: { PublishCloudWatchMetricsEnabled },
    }),
  }),
});
