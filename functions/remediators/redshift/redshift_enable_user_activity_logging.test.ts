import {
  CreateClusterParameterGroupCommand,
  DescribeClusterParametersCommand,
  ModifyClusterParameterGroupCommand,
  RedshiftClient,
} from '@aws-sdk/client-redshift';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bot } from './redshift_enable_user_activity_logging';

const ParameterName = 'enable_user_activity_logging';

/** All parameters of the other group, and the other parameters of this one. */
const untouched = async ({ client }: Account, id: string) => {
  const groups = ['neighbour', id].map(async (ParameterGroupName) =>
    client(RedshiftClient).send(new DescribeClusterParametersCommand({ ParameterGroupName })),
  );
  const [other, own] = await Promise.all(groups);
  return [other?.Parameters, own?.Parameters?.filter((one) => one.ParameterName !== ParameterName)];
};

testSetting(bot, {
  given: async ({ client }, ParameterValue) => {
    for (const ParameterGroupName of ['neighbour', 'warehouse']) {
      await client(RedshiftClient).send(
        new CreateClusterParameterGroupCommand({
          ParameterGroupName,
          ParameterGroupFamily: 'redshift-1.0',
          Description: 'of the warehouse',
        }),
      );
      await client(RedshiftClient).send(
        new ModifyClusterParameterGroupCommand({
          ParameterGroupName,
          Parameters: [
            { ParameterName, ParameterValue },
            { ParameterName: 'statement_timeout', ParameterValue: '60000' },
          ],
        }),
      );
    }
    return 'warehouse';
  },
  wrong: 'false',
  right: 'true',
  violation: 'do not log what their users do',
  writes: ['redshift:ModifyClusterParameterGroup'],
  untouched,
  gone: 'no-such-group',
  more: {
    violating: [
      {
        name: 'a default group',
        given: () => Promise.resolve('default.redshift-1.0'),
        held: /a default group/,
      },
    ],
  },
});
