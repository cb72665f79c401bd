import {
  AttachRolePolicyCommand,
  DetachRolePolicyCommand,
  IAMClient,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { FUNCTION, untouchableFunction } from './lib/functions';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';
import { partitionOf } from '../../../shared/resources/target';

const TRACE = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];

const POLICY = 'AWSXRayDaemonWriteAccess';
const THE_POLICY = { ArnEquals: { 'iam:PolicyARN': `arn:\${Partition}:iam::aws:policy/${POLICY}` } };

export const bot = defineBot({
  ...FUNCTION,
  id: 'lambda_enable_active_tracing',
  title: 'Trace a Lambda function with X-Ray',
  severity: 'low',
  risk: 'safe',
  kind: 'posture',
  params: z.object({
    attachPolicy: z
      .boolean()
      .default(true)
      .describe('lets the role of the function write traces where it may not; held otherwise'),
  }),
  from: { attachPolicy: 'config' },
  permissions: {
    read: ['lambda:GetFunctionConfiguration', 'iam:SimulatePrincipalPolicy'],
    write: ['lambda:UpdateFunctionConfiguration', 'iam:AttachRolePolicy'],
    undo: ['lambda:UpdateFunctionConfiguration', 'iam:DetachRolePolicy'],
    where: { 'iam:AttachRolePolicy': THE_POLICY, 'iam:DetachRolePolicy': THE_POLICY },
  },
  clients: { lambda: LambdaClient, iam: IAMClient },

  async inspect({ lambda, iam }, { target: { id: FunctionName } }) {
    const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const { Role = '', TracingConfig, State, LastUpdateStatus } = found;
    const isBusy = State === 'Pending' || LastUpdateStatus === 'InProgress';
    const state = { mode: TracingConfig?.Mode ?? 'PassThrough', role: Role.split('/').at(-1) ?? '', isBusy };
    if (state.mode === 'Active') return { ...state, mayTrace: true };
    const asked = new SimulatePrincipalPolicyCommand({ PolicySourceArn: Role, ActionNames: TRACE });
    const { EvaluationResults = [] } = await iam.send(asked);
    return { ...state, mayTrace: EvaluationResults.every(({ EvalDecision }) => EvalDecision === 'allowed') };
  },

  check: ({ mode }) => (mode === 'Active' ? undefined : 'the function is not traced: turn on active tracing'),

  plan({ role, isBusy, mayTrace }, { target: { id, region }, params }) {
    const held = untouchableFunction(id);
    if (held !== undefined) return { held };
    if (isBusy) return { waiting: 'Lambda is changing the function' };
    if (!mayTrace && !params.attachPolicy)
      return { held: `the role ${role} may not write traces: allow it ${TRACE.join(' and ')}` };
    const policy = { RoleName: role, PolicyArn: writeAccess(region) };
    const attach = mayTrace ? [] : [{ iam: new AttachRolePolicyCommand(policy) }];
    return [...attach, ...afterwards([setMode(id, 'Active')])];
  },

  undo({ mode, mayTrace, role }, { target: { id, region }, now }) {
    const isOurs = !mayTrace && now.mayTrace && role === now.role;
    const policy = { RoleName: role, PolicyArn: writeAccess(region) };
    return [
      ...(mode === now.mode ? [] : [setMode(id, mode)]),
      ...afterwards(isOurs ? [{ iam: new DetachRolePolicyCommand(policy) }] : []),
    ];
  },

  footprint: ({ mode, mayTrace }) => ({ mode, mayTrace }),
});

function writeAccess(region: string): string {
  return `arn:${partitionOf(region)}:iam::aws:policy/${POLICY}`;
}

function setMode(FunctionName: string, Mode: 'Active' | 'PassThrough') {
  return { lambda: new UpdateFunctionConfigurationCommand({ FunctionName, TracingConfig: { Mode } }) };
}
