import {
  DeleteFunctionConcurrencyCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
  paginateListProvisionedConcurrencyConfigs,
} from '@aws-sdk/client-lambda';
import { NO_SUCH_FUNCTION, qualifierOf, untouchableFunction } from './lib/functions';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'lambda_disable',
  title: 'Stop a Lambda function from being run',
  resource: 'AWS::Lambda::Function',
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
  docs: {
    why: 'A function that strangers have got into acts with the rights of its role each time it is run.',
    effect: [
      'The function is left a reserved concurrency of 0: no version of it is run any more, and runs that have begun end by themselves.',
      'Callers are refused.',
      'Asynchronous events wait up to six hours and are then lost or go where its failures go.',
      'Queues and streams keep theirs until these expire or go to a dead-letter queue.',
      'Provisioned concurrency, which Lambda does not allow beside it, is deleted.',
      'Copies that CloudFront runs (Lambda@Edge) are held and run on: take the function off the distribution.',
      'So are functions of selfheal.',
      'Undo gives the same reserved concurrency back, or none, and the same provisioned concurrency, which takes minutes to come up.',
    ],
    references: ['https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html'],
  },
  clients: { lambda: LambdaClient },
  gone: [NO_SUCH_FUNCTION],

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
