import {
  CreateFunctionUrlConfigCommand,
  type FunctionUrlConfig,
  GetFunctionUrlConfigCommand,
  LambdaClient,
  type UpdateFunctionUrlConfigCommandInput,
} from '@aws-sdk/client-lambda';
import { remediate } from '../../../shared/bot/run';
import { type Account, testBot } from '../../../testing/contract';
import { newAccount } from '../../../testing/account';
import { newFunction } from './fixtures/function';
import { bot } from './lambda_url_require_iam';

const REQUIRE = 'lambda:UpdateFunctionUrlConfig';
const CORS = { AllowOrigins: ['https://shop.example.com'], AllowMethods: ['POST'], MaxAge: 60 };

/** The URL of the function itself, which moto has; ListFunctionUrlConfigs, which it lacks, is answered from it. */
const withUrl = (AuthType?: 'NONE' | 'AWS_IAM') => async (account: Account) => {
  const lambda = account.client(LambdaClient);
  for (const FunctionName of ['neighbour', 'orders']) {
    await newFunction(account, FunctionName);
    if (AuthType) {
      await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType, Cors: CORS }));
    }
  }
  const found = AuthType
    ? await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName: 'orders' }))
    : undefined;
  scriptUrls(account, found ? { '': { ...(found as FunctionUrlConfig), InvokeMode: 'BUFFERED' } } : {});
  return 'orders';
};

/** URLs of aliases: moto passes over the qualifier. A page is one URL. */
const withAliases = async (account: Account) => {
  await newFunction(account, 'orders');
  scriptUrls(account, {
    '': { AuthType: 'AWS_IAM', InvokeMode: 'BUFFERED' },
    ':live': { AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM', Cors: CORS },
    ':test': { AuthType: 'NONE', InvokeMode: 'BUFFERED' },
  });
  return 'orders';
};

function scriptUrls(account: Account, given: Readonly<Record<string, Partial<FunctionUrlConfig>>>) {
  const urls = { ...given };
  account.script({
    ListFunctionUrlConfigs: ({ FunctionName, Marker = 0 }) => {
      const at = Number(Marker);
      const [ending, url] = Object.entries(urls)[at] ?? [];
      const FunctionArn = `arn:aws:lambda:eu-west-1:${account.account}:function:${String(FunctionName)}${ending}`;
      return {
        FunctionUrlConfigs: url ? [{ ...url, FunctionArn }] : [],
        ...(at + 1 < Object.keys(urls).length && { NextMarker: String(at + 1) }),
      };
    },
    UpdateFunctionUrlConfig: (input) => {
      const { Qualifier, AuthType, Cors, InvokeMode } = input as Partial<UpdateFunctionUrlConfigCommandInput>;
      const ending = Qualifier === undefined ? '' : `:${Qualifier}`;
      // What is left out is lost: the harshest reading of the API.
      urls[ending] = { AuthType, Cors, InvokeMode };
      return {};
    },
  });
}

const neighbour = async ({ client }: Account) =>
  (await client(LambdaClient).send(new GetFunctionUrlConfigCommand({ FunctionName: 'neighbour' }))).AuthType;

testBot(bot, {
  violating: [
    {
      name: 'a URL without authentication, beside another function’s',
      given: withUrl('NONE'),
      violation: 'everyone can run the function at the URL of $LATEST',
      writes: [REQUIRE],
      after: { urls: [{ auth: 'AWS_IAM', cors: CORS, mode: 'BUFFERED' }] },
      untouched: neighbour,
    },
    {
      name: 'aliases, beside a URL that asks already; to the last page',
      given: withAliases,
      violation: 'at the URL of live, test',
      writes: [REQUIRE, REQUIRE],
      after: {
        urls: [
          { auth: 'AWS_IAM', mode: 'BUFFERED' },
          { qualifier: 'live', auth: 'AWS_IAM', cors: CORS, mode: 'RESPONSE_STREAM' },
          { qualifier: 'test', auth: 'AWS_IAM', mode: 'BUFFERED' },
        ],
      },
    },
  ],
  compliant: [
    { name: 'IAM', given: withUrl('AWS_IAM') },
    { name: 'no URL', given: withUrl() },
  ],
});

describe('lambda_url_require_iam', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };

  // ListFunctionUrlConfigs: moto lacks it.
  test('a function that is gone', async () => {
    const account = await newAccount();
    account.script({
      ListFunctionUrlConfigs: () => {
        throw Object.assign(new Error('Function not found'), { name: 'ResourceNotFoundException' });
      },
    });
    const aws = { lambda: account.client(LambdaClient) };
    const job = { aws, target, params: {}, mode: 'apply' as const };
    expect(await remediate(bot, job)).toEqual({ outcome: 'gone' });
  });

  test('undo passes over a URL that has been deleted since', () => {
    const before = { urls: [{ auth: 'NONE' as const }, { qualifier: 'live', auth: 'NONE' as const }] };
    const now = { urls: [{ auth: 'AWS_IAM' as const }] };
    const steps = bot.undo(before, { target, params: {}, now });
    expect('irreversible' in steps ? steps : steps.map(({ lambda }) => lambda.input)).toEqual([
      { FunctionName: 'orders', AuthType: 'NONE' },
    ]);
  });
});
