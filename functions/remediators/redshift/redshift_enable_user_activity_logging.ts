import {
  DescribeClusterParametersCommand,
  ModifyClusterParameterGroupCommand,
  RedshiftClient,
} from '@aws-sdk/client-redshift';
import { defineSetting } from '../../../shared/bot/setting';

const ParameterName = 'enable_user_activity_logging';

export const bot = defineSetting({
  id: 'redshift_enable_user_activity_logging',
  title: 'Log the queries of Redshift users, by the parameter group of their clusters',
  resource: 'AWS::Redshift::ClusterParameterGroup',
  severity: 'medium',
  risk: 'safe',
  recheck: 'daily',
  permissions: {
    read: ['redshift:DescribeClusterParameters'],
    write: ['redshift:ModifyClusterParameterGroup'],
  },
  clients: { redshift: RedshiftClient },
  gone: ['ClusterParameterGroupNotFoundFault'],

  // A group has some twenty parameters; one answer takes a hundred.
  async inspect({ redshift }, { target: { id } }) {
    const { Parameters = [] } = await redshift.send(
      new DescribeClusterParametersCommand({ ParameterGroupName: id }),
    );
    const found = Parameters.find((one) => one.ParameterName === ParameterName);
    return { is: found?.ParameterValue ?? 'false' };
  },
  want: 'true',
  says: 'the clusters with this parameter group do not log what their users do',
  obstacle: (_state, { target: { id } }) =>
    id.startsWith('default.')
      ? { held: 'it is a default group, which nobody can change: give the clusters a group of their own' }
      : undefined,
  write: (ParameterValue, { target: { id } }) => ({
    redshift: new ModifyClusterParameterGroupCommand({
      ParameterGroupName: id,
      Parameters: [{ ParameterName, ParameterValue }],
    }),
  }),
});
