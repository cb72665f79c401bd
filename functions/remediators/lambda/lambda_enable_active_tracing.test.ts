import { randomUUID } from 'node:crypto';
import { IAMClient, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { type Account, testBot } from '../../../testing/contract';
import { newFunction } from './fixtures/function';
import { bot } from './lambda_enable_active_tracing';

/** SimulatePrincipalPolicy: moto lacks it. The role may trace where it may from the start, or has the policy attached. */
const traced =
  (Mode: 'Active' | 'PassThrough', mayTrace = true) =>
  async (account: Account) => {
    const name = await newFunction(account, randomUUID());
    const lambda = account.client(LambdaClient);
    if (Mode === 'Active')
      await lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName: name, TracingConfig: { Mode } }),
      );
    let attached = mayTrace;
    const decide = () => ({ EvaluationResults: [{ EvalDecision: attached ? 'allowed' : 'implicitDeny' }] });
    account.script({
      SimulatePrincipalPolicy: decide,
      ...(!mayTrace && {
        AttachRolePolicy: () => ({ attached: (attached = true) }),
        DetachRolePolicy: () => ({ attached: (attached = false) }),
      }),
    });
    return name;
  };
const violation = 'the function is not traced: turn on active tracing';
const update = 'lambda:UpdateFunctionConfiguration';
const untouched = async ({ client }: Account, FunctionName: string) => {
  const { Role, Timeout, Environment } = await client(LambdaClient).send(
    new GetFunctionConfigurationCommand({ FunctionName }),
  );
  const policies = new ListAttachedRolePoliciesCommand({ RoleName: Role?.split('/').at(-1) });
  return [Role, Timeout, Environment, (await client(IAMClient).send(policies)).AttachedPolicies];
};

testBot(bot, {
  violating: [
    {
      name: 'passed through, by a role that may trace',
      given: traced('PassThrough'),
      ...{ violation, writes: [update], after: { mode: 'Active', mayTrace: true }, untouched },
    },
    {
      name: 'passed through, by a role that may not',
      given: traced('PassThrough', false),
      ...{ violation, writes: ['iam:AttachRolePolicy', update], after: { mode: 'Active' } },
    },
    {
      name: 'by a role that is not to be changed',
      given: traced('PassThrough', false),
      params: { attachPolicy: false },
      ...{ violation, writes: [], held: /may not write traces: allow it xray:PutTelemetryRecords and/ },
    },
  ],
  compliant: [{ name: 'traced', given: traced('Active') }],
  gone: randomUUID(),
});

const target = { account: '123456789012', region: 'cn-north-1', type: bot.resource, id: 'f' };
const state = { mode: 'PassThrough', role: 'r', isBusy: false, mayTrace: false } as const;
const params = { attachPolicy: true };

test('a function that changes is waited for, and a copy that CloudFront made held', () => {
  expect(bot.plan({ ...state, isBusy: true }, { target, params })).toHaveProperty('waiting');
  expect(bot.plan(state, { target: { ...target, id: 'us-east-1.copy' }, params })).toHaveProperty('held');
});

test('the policy is that of the partition, and is taken off again', () => {
  const policy = { RoleName: 'r', PolicyArn: 'arn:aws-cn:iam::aws:policy/AWSXRayDaemonWriteAccess' };
  const now = { ...state, mode: 'Active', mayTrace: true } as const;
  expect(bot.plan(state, { target, params })).toMatchObject([{ iam: { input: policy } }, { after: true }]);
  expect(bot.undo(state, { target, params, now })).toMatchObject([
    { lambda: { input: { FunctionName: 'f', TracingConfig: { Mode: 'PassThrough' } } } },
    { iam: { input: policy }, after: true },
  ]);
});
