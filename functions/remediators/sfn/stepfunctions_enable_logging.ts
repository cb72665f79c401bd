import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import {
  DescribeStateMachineCommand,
  type LoggingConfiguration,
  SFNClient,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { createLogGroup, groupRights, hasLogGroup } from '../cloudwatch-logs/lib/own-group';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';
import { partitionOf } from '../../../shared/resources/target';

const FOLDER = '/aws/vendedlogs/states/';
const GROUP = groupRights(`${FOLDER}*`);
/** What the role of a state machine needs. Source: Step Functions Developer Guide, Logging, IAM policies. */
const DELIVERY = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
];

export const bot = defineBot({
  id: 'stepfunctions_enable_logging',
  title: 'Log the executions of a state machine',
  resource: 'AWS::StepFunctions::StateMachine',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  params: z.object({
    level: z.enum(['ERROR', 'FATAL', 'ALL']).default('ERROR').describe('what is logged where nothing is yet'),
  }),
  from: { level: 'config' },
  words: { order: ['level'] },
  permissions: {
    read: ['states:DescribeStateMachine', 'iam:SimulatePrincipalPolicy', ...GROUP.read],
    write: ['states:UpdateStateMachine', ...GROUP.write],
    undo: ['states:UpdateStateMachine'],
    only: GROUP.only,
  },
  clients: { states: SFNClient, iam: IAMClient, logs: CloudWatchLogsClient },
  gone: ['StateMachineDoesNotExist'],

  async inspect({ states, iam, logs }, { target: { id } }): Promise<State> {
    const found = await states.send(new DescribeStateMachineCommand({ stateMachineArn: id }));
    const { loggingConfiguration: logging = {}, roleArn: PolicySourceArn, name = '' } = found;
    const state = { logging, group: `${FOLDER}${name}` };
    if (isLogging(logging)) return { ...state, hasGroup: true, lacking: [] };
    const asked = new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: DELIVERY });
    const { EvaluationResults = [] } = await iam.send(asked);
    const denied = EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== 'allowed');
    const lacking = denied.flatMap(({ EvalActionName }) => EvalActionName ?? []);
    return { ...state, hasGroup: await hasLogGroup(logs, state.group), lacking };
  },

  check: ({ logging }) =>
    isLogging(logging) ? undefined : 'the state machine logs nothing: turn on logging',

  plan({ group, hasGroup, lacking }, { target: { id, account, region }, params: { level } }) {
    if (lacking.length > 0)
      return { held: `the role of the state machine may not deliver logs: allow it ${lacking.join(', ')}` };
    const logGroupArn = `arn:${partitionOf(region)}:logs:${region}:${account}:log-group:${group}:*`;
    const destinations = [{ cloudWatchLogsLogGroup: { logGroupArn } }];
    const make = hasGroup ? [] : [createLogGroup(group)];
    return [...make, ...afterwards([setLogging(id, { level, includeExecutionData: false, destinations })])];
  },

  undo: ({ logging }, { target: { id } }) => [
    setLogging(id, logging.level === undefined ? { level: 'OFF', includeExecutionData: false } : logging),
  ],

  footprint: ({ logging }) => ({ level: logging.level ?? 'OFF' }),
});

interface State {
  readonly logging: LoggingConfiguration;
  readonly group: string;
  readonly hasGroup: boolean;
  /** What the role of the state machine may not do. */
  readonly lacking: readonly string[];
}

function isLogging({ level, destinations = [] }: LoggingConfiguration): boolean {
  return level !== undefined && level !== 'OFF' && destinations.length > 0;
}

function setLogging(stateMachineArn: string, loggingConfiguration: LoggingConfiguration) {
  return { states: new UpdateStateMachineCommand({ stateMachineArn, loggingConfiguration }) };
}
