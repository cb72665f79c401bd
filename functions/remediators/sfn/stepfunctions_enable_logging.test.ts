import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateStateMachineCommand,
  DescribeStateMachineCommand,
  type LogLevel,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './stepfunctions_enable_logging';

/** SimulatePrincipalPolicy: moto lacks it. */
const machine =
  (
    level: LogLevel | undefined,
    { lacking = [], group = false }: { lacking?: string[]; group?: boolean } = {},
  ) =>
  async (account: Account) => {
    const EvaluationResults = [
      { EvalActionName: 'logs:DescribeLogGroups', EvalDecision: 'allowed' },
      ...lacking.map((EvalActionName) => ({ EvalActionName, EvalDecision: 'implicitDeny' })),
    ];
    account.script({ SimulatePrincipalPolicy: () => ({ EvaluationResults }) });
    const logGroupArn = `arn:aws:logs:eu-west-1:${account.account}:log-group:mine:*`;
    if (group)
      await account
        .client(CloudWatchLogsClient)
        .send(new CreateLogGroupCommand({ logGroupName: '/aws/vendedlogs/states/orders' }));
    const { stateMachineArn = '' } = await account.client(SFNClient).send(
      new CreateStateMachineCommand({
        name: 'orders',
        definition: JSON.stringify({ StartAt: 'a', States: { a: { Type: 'Succeed' } } }),
        roleArn: `arn:aws:iam::${account.account}:role/orders`,
        tracingConfiguration: { enabled: true },
        ...(level && {
          loggingConfiguration: { level, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }] },
        }),
      }),
    );
    return stateMachineArn;
  };
const untouched = async ({ client }: Account, stateMachineArn: string) => {
  const { definition, roleArn, tracingConfiguration } = await client(SFNClient).send(
    new DescribeStateMachineCommand({ stateMachineArn }),
  );
  return [definition, roleArn, tracingConfiguration];
};
const violation = 'the state machine logs nothing: turn on logging';
const update = 'states:UpdateStateMachine';

testBot(bot, {
  violating: [
    {
      name: 'no logging',
      given: machine(undefined),
      violation,
      writes: ['logs:CreateLogGroup', update],
      after: { logging: { level: 'ERROR', includeExecutionData: false } },
      untouched,
    },
    {
      name: 'logging is off, and the log group is there',
      given: machine('OFF', { group: true }),
      params: { level: 'ALL' },
      violation,
      writes: [update],
      after: { logging: { level: 'ALL' } },
      untouched,
    },
    {
      name: 'the role may not deliver',
      given: machine(undefined, { lacking: ['logs:CreateLogDelivery', 'logs:PutResourcePolicy'] }),
      ...{ violation, writes: [], held: /allow it logs:CreateLogDelivery, logs:PutResourcePolicy$/ },
    },
  ],
  compliant: [{ name: 'logs fatal errors already', given: machine('FATAL') }],
  gone: 'arn:aws:states:eu-west-1:123456789012:stateMachine:gone',
});
