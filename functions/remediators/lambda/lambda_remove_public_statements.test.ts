import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  GetPolicyCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { parsePolicy, type Statement, statementsOf } from '../../../shared/policy/policy-document';
import { remediate } from '../../../shared/bot/run';
import { type Account, testBot } from '../../../testing/contract';
import { newAccount } from '../../../testing/account';
import { newFunction } from './fixtures/function';
import { bot } from './lambda_remove_public_statements';

const REMOVE = 'lambda:RemovePermission';
const INVOKE = 'lambda:InvokeFunction';
const BUCKET = {
  Principal: 's3.amazonaws.com',
  SourceArn: 'arn:aws:s3:::orders',
  SourceAccount: '111122223333',
};

const withPermissions =
  (...permissions: Partial<AddPermissionCommandInput>[]) =>
  async (account: Account) => {
    for (const FunctionName of ['neighbour', 'orders']) {
      await newFunction(account, FunctionName);
      for (const [at, permission] of permissions.entries()) {
        const more = { Action: INVOKE, Principal: undefined, ...permission };
        const StatementId = permission.StatementId ?? `statement-${at}`;
        await account
          .client(LambdaClient)
          .send(new AddPermissionCommand({ FunctionName, ...more, StatementId }));
      }
    }
    return 'orders';
  };

/** The neighbour's policy, and of this one what names somebody. */
const rest = async ({ client }: Account, id: string) => {
  const read = async (FunctionName: string) => {
    const reply = client(LambdaClient).send(new GetPolicyCommand({ FunctionName }));
    const { Policy } = await reply.catch(() => ({ Policy: undefined }));
    return Policy === undefined ? [] : [...statementsOf(parsePolicy(Policy))];
  };
  return [await read('neighbour'), (await read(id)).filter(({ Principal }) => Principal !== '*')];
};

const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:orders';
const URL: Statement = {
  Sid: 'FunctionURLAllowPublicAccess',
  Effect: 'Allow',
  Principal: '*',
  Action: 'lambda:InvokeFunctionUrl',
  Resource: ARN,
  Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
};
const VIA_URL: Statement = {
  Sid: 'FunctionURLInvokeAllowPublicAccess',
  Effect: 'Allow',
  Principal: '*',
  Action: INVOKE,
  Resource: ARN,
  Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
};
const NAMED: Statement = {
  Sid: 'partner',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::444455556666:root' },
  Action: INVOKE,
  Resource: ARN,
};
const EVERYONE: Statement = {
  Sid: 'everyone',
  Effect: 'Allow',
  Principal: '*',
  Action: INVOKE,
  Resource: ARN,
};

/**
 * Policies by alias, as AWS keeps and writes them: moto keeps one for alias and function, and forgets the fields of
 * function URLs. A page of aliases is one alias.
 */
const withPolicies = (given: Readonly<Record<string, readonly Statement[]>>) => (account: Account) => {
  const policies = new Map(Object.entries(given));
  const aliases = Object.keys(given).filter((name) => name !== '');
  const sent = (input: object) => input as AddPermissionCommandInput;
  const at = (input: object) => sent(input).Qualifier ?? '';
  account.script({
    ListAliases: ({ Marker = 0 }) => {
      const index = Number(Marker);
      const Aliases = aliases.slice(index, index + 1).map((Name) => ({ Name }));
      return { Aliases, ...(index + 1 < aliases.length && { NextMarker: String(index + 1) }) };
    },
    GetPolicy: (input) => {
      const statements = policies.get(at(input)) ?? [];
      if (statements.length === 0) {
        throw Object.assign(new Error('no policy'), { name: 'ResourceNotFoundException' });
      }
      return { Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements }) };
    },
    RemovePermission: (input) => {
      const left = (policies.get(at(input)) ?? []).filter(({ Sid }) => Sid !== sent(input).StatementId);
      policies.set(at(input), left);
      return {};
    },
    AddPermission: (input) => {
      policies.set(at(input), [...(policies.get(at(input)) ?? []), written(sent(input))]);
      return {};
    },
  });
  return Promise.resolve('orders');
};

/** What AddPermission makes of its input. Source: Lambda Developer Guide, Control access to function URLs. */
function written(input: AddPermissionCommandInput): Statement {
  const { StatementId, Action, Principal, Qualifier } = input;
  const { FunctionUrlAuthType, InvokedViaFunctionUrl, SourceArn } = input;
  const Condition = {
    ...(FunctionUrlAuthType && { StringEquals: { 'lambda:FunctionUrlAuthType': FunctionUrlAuthType } }),
    ...(InvokedViaFunctionUrl !== undefined && {
      Bool: { 'lambda:InvokedViaFunctionUrl': String(InvokedViaFunctionUrl) },
    }),
    ...(SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
  };
  return {
    Sid: StatementId,
    Effect: 'Allow',
    Principal,
    Action,
    Resource: Qualifier === undefined ? ARN : `${ARN}:${Qualifier}`,
    ...(Object.keys(Condition).length > 0 && { Condition }),
  };
}

testBot(bot, {
  violating: [
    {
      name: 'everyone, between a service and an account that are named',
      given: withPermissions(BUCKET, { Principal: '*' }, { Principal: '444455556666' }),
      violation: 'the policy lets everyone in by statement statement-1',
      writes: [REMOVE],
      untouched: rest,
    },
    {
      name: 'nobody but everyone, twice',
      given: withPermissions({ Principal: '*' }, { Principal: '*', Action: 'lambda:GetFunction' }),
      violation: 'statement-0, statement-1',
      writes: [REMOVE, REMOVE],
      after: { policies: {} },
      untouched: rest,
    },
    {
      name: 'one that is public on purpose, beside one that is not',
      given: withPermissions({ Principal: '*', StatementId: 'webhook' }, { Principal: '*' }),
      params: { ignore: ['webhook'] },
      violation: /by statement statement-1$/,
      writes: [REMOVE],
    },
    {
      name: 'a URL without authentication',
      given: withPolicies({ '': [NAMED, URL, VIA_URL] }),
      violation: 'FunctionURLAllowPublicAccess, FunctionURLInvokeAllowPublicAccess',
      writes: [REMOVE, REMOVE],
      after: { policies: { '': [NAMED] } },
    },
    {
      name: 'aliases, to the last page',
      given: withPolicies({
        '': [NAMED],
        live: [{ ...EVERYONE, Resource: `${ARN}:live` }],
        test: [
          {
            ...EVERYONE,
            Resource: `${ARN}:test`,
            Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:sns:*:*:*' } },
          },
        ],
      }),
      violation: 'everyone of live, everyone of test',
      writes: [REMOVE, REMOVE],
      after: { policies: { '': [NAMED] } },
    },
    {
      name: 'a statement that only a whole policy can hold, which undo cannot bring back',
      given: withPolicies({ '': [NAMED, { ...EVERYONE, Action: [INVOKE, 'lambda:GetFunction'] }] }),
      violation: 'everyone',
      writes: [REMOVE],
      irreversible: /cannot make the statement everyone/,
    },
    {
      name: 'a statement without a Sid',
      given: withPolicies({ '': [{ Effect: 'Allow', Principal: '*', Action: INVOKE, Resource: ARN }] }),
      violation: 'without a Sid',
      writes: [],
      held: /has no Sid/,
    },
    {
      name: 'a statement that also names a partner',
      given: withPolicies({ '': [{ ...EVERYONE, Principal: { AWS: ['*', '444455556666'] } }] }),
      violation: 'everyone',
      writes: [],
      held: /also names others/,
    },
  ],
  compliant: [
    { name: 'no policy', given: withPermissions() },
    {
      name: 'services and accounts that are named',
      given: withPermissions(BUCKET, { Principal: '444455556666' }),
    },
    {
      name: 'everyone of one organization',
      given: withPermissions({ Principal: '*', PrincipalOrgID: 'o-a1b2c3d4e5' }),
    },
    {
      name: 'public on purpose',
      given: withPermissions({ Principal: '*', StatementId: 'webhook' }),
      params: { ignore: ['webhook'] },
    },
  ],
});

describe('lambda_remove_public_statements', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };

  // ListAliases: moto answers with none.
  test('a function that is gone', async () => {
    const account = await newAccount();
    account.script({
      ListAliases: () => {
        throw Object.assign(new Error('Function not found'), { name: 'ResourceNotFoundException' });
      },
    });
    const aws = { lambda: account.client(LambdaClient) };
    const job = { aws, target, params: { ignore: [] }, mode: 'apply' as const };
    expect(await remediate(bot, job)).toEqual({ outcome: 'gone' });
  });

  test('both ways to write everyone come back by undo', () => {
    const now = { policies: {} };
    const inputs = ['*', { AWS: '*' }].map((Principal) => {
      const before = { policies: { live: [{ ...EVERYONE, Principal }] } };
      const steps = bot.undo(before, { target, params: { ignore: [] }, now });
      return 'irreversible' in steps ? steps : steps.map(({ lambda }) => lambda.input);
    });
    const permission = { FunctionName: 'orders', Qualifier: 'live', StatementId: 'everyone', Action: INVOKE };
    expect(inputs).toEqual([[{ ...permission, Principal: '*' }], [{ ...permission, Principal: '*' }]]);
  });
});
