import type { LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteFunctionConcurrencyCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
  paginateListProvisionedConcurrencyConfigs,
} from '@aws-sdk/client-lambda';
import { FUNCTION, qualifierOf, untouchableFunction } from './lib/functions';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...FUNCTION,
  id: 'lambda_disable',
  title: 'Stop a Lambda function from being run',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['lambda:GetFunctionConcurrency', 'lambda:ListProvisionedConcurrencyConfigs'],
    write: ['lambda:DeleteProvisionedConcurrencyConfig', 'lambda:PutFunctionConcurrency'],
    undo: [
      'lambda:DeleteFunctionConcurrency',
      'lambda:PutFunctionConcurrency',
      'lambda:PutProvisionedConcurrencyConfig',
    ],
  },

  async inspect({ lambda }, { target: { id: FunctionName } }) {
    const { ReservedConcurrentExecutions: reserved } = await lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName }),
    );
    return {
      ...(reserved !== undefined && { reserved }),
      provisioned: await provisionedOf(lambda, FunctionName),
    };
  },

  check: ({ reserved }) => (reserved === 0 ? undefined : 'the function can be run'),

  plan({ provisioned }, { target: { id: FunctionName } }) {
    const held = untouchableFunction(FunctionName);
    if (held !== undefined) return { held };
    return [
      ...provisioned.map(({ qualifier: Qualifier }) => ({
        lambda: new DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }),
      })),
      reserve(FunctionName, 0),
    ];
  },

  undo: ({ reserved, provisioned }, { target: { id: FunctionName }, now }) => [
    ...(reserved === now.reserved ? [] : [reserve(FunctionName, reserved)]),
    ...provisioned
      .filter(({ qualifier }) => !now.provisioned.some((one) => one.qualifier === qualifier))
      .map(({ qualifier: Qualifier, executions: ProvisionedConcurrentExecutions }) => ({
        lambda: new PutProvisionedConcurrencyConfigCommand({
          FunctionName,
          Qualifier,
          ProvisionedConcurrentExecutions,
        }),
      })),
  ],
});

async function provisionedOf(client: LambdaClient, FunctionName: string) {
  const found: { qualifier: string; executions: number }[] = [];
  const pages = paginateListProvisionedConcurrencyConfigs({ client }, { FunctionName });
  for await (const { ProvisionedConcurrencyConfigs = [] } of pages) {
    for (const {
      FunctionArn,
      RequestedProvisionedConcurrentExecutions: executions = 0,
    } of ProvisionedConcurrencyConfigs) {
      found.push({ qualifier: qualifierOf(FunctionArn) ?? '', executions });
    }
  }
  return found.sort((one, other) => one.qualifier.localeCompare(other.qualifier));
}

function reserve(FunctionName: string, executions: number | undefined) {
  return executions === undefined
    ? { lambda: new DeleteFunctionConcurrencyCommand({ FunctionName }) }
    : {
        lambda: new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: executions }),
      };
}
