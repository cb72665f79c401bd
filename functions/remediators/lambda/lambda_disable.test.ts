import {
  GetFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { type Account, testBot } from '../../../testing/contract';
import { newFunction } from './fixtures/function';
import { bot } from './lambda_disable';

const DISABLE = 'lambda:PutFunctionConcurrency';
const violation = 'the function can be run';

const withReserved =
  (executions?: number, provisioned: Readonly<Record<string, number>> = {}) =>
  async (account: Account) => {
    for (const name of ['neighbour', 'orders']) {
      await newFunction(account, name);
      if (executions === undefined) continue;
      await account
        .client(LambdaClient)
        .send(
          new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: executions }),
        );
    }
    script(account, provisioned);
    return 'orders';
  };

/** ListProvisionedConcurrencyConfigs, and what writes them: moto has none of these. A page is one configuration. */
function script(account: Account, provisioned: Readonly<Record<string, number>>) {
  const configs = new Map(Object.entries(provisioned));
  account.script({
    ListProvisionedConcurrencyConfigs: ({ FunctionName, Marker = 0 }) => {
      const at = Number(Marker);
      const [qualifier, executions] = [...configs][at] ?? [];
      const FunctionArn = `arn:aws:lambda:eu-west-1:${account.account}:function:${String(FunctionName)}:${qualifier}`;
      return {
        ProvisionedConcurrencyConfigs:
          qualifier === undefined
            ? []
            : [{ FunctionArn, RequestedProvisionedConcurrentExecutions: executions }],
        ...(at + 1 < configs.size && { NextMarker: String(at + 1) }),
      };
    },
    DeleteProvisionedConcurrencyConfig: ({ Qualifier }) => {
      configs.delete(String(Qualifier));
      return {};
    },
    PutProvisionedConcurrencyConfig: ({ Qualifier, ProvisionedConcurrentExecutions }) => {
      configs.set(String(Qualifier), Number(ProvisionedConcurrentExecutions));
      return {};
    },
  });
}

const neighbour = async ({ client }: Account) => {
  const reply = await client(LambdaClient).send(
    new GetFunctionConcurrencyCommand({ FunctionName: 'neighbour' }),
  );
  return reply.ReservedConcurrentExecutions;
};

testBot(bot, {
  violating: [
    {
      name: 'nothing reserved, beside another',
      given: withReserved(),
      violation,
      writes: [DISABLE],
      after: { reserved: 0 },
      untouched: neighbour,
    },
    {
      name: 'some reserved before, which undo gives back',
      given: withReserved(5),
      violation,
      writes: [DISABLE],
      after: { reserved: 0 },
      untouched: neighbour,
    },
    {
      name: 'provisioned concurrency of an alias and a version',
      given: withReserved(20, { live: 10, 7: 2 }),
      violation,
      writes: [
        'lambda:DeleteProvisionedConcurrencyConfig',
        'lambda:DeleteProvisionedConcurrencyConfig',
        DISABLE,
      ],
      after: { reserved: 0, provisioned: [] },
    },
  ],
  compliant: [{ name: 'disabled already', given: withReserved(0) }],
  gone: 'no-such-function',
});

describe('lambda_disable', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const context = { target, params: {} };

  test('a copy of a Lambda@Edge function is held', () => {
    const copy = { ...context, target: { ...target, id: 'us-east-1.orders' } };
    expect(bot.plan({ provisioned: [] }, copy)).toEqual({ held: expect.stringContaining('CloudFront') });
  });

  test('undo writes nothing that is back already', () => {
    const before = { reserved: 5, provisioned: [{ qualifier: 'live', executions: 2 }] };
    expect(bot.undo(before, { ...context, now: before })).toEqual([]);
  });
});
