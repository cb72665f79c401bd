import { AttachRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { newFunction } from './fixtures/function';
import { document, otherRoles, policy } from '../iam/fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './lambda_detach_blanket_permissions';

const WIDE = document({ Effect: 'Allow', Action: ['s3:GetObject', 'ec2:Describe*'], Resource: '*' });
const NARROW = document({ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::reports/*' });
const UNCONFINED = document({
  Effect: 'Allow',
  Action: ['ec2:Describe*', 'xray:PutTraceSegments'],
  Resource: '*',
});
const CONDITION = { StringEquals: { 'aws:ResourceTag/team': 'red' } };
const TAGGED = document({ Effect: 'Allow', Action: 'ec2:*', Resource: '*', Condition: CONDITION });
const MIXED = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' },
    { Effect: 'Deny', Action: 's3:DeleteBucket', Resource: '*' },
  ],
});

const withPolicies = (documents: Readonly<Record<string, string>>) => async (account: Account) => {
  const id = await newFunction(account, 'orders');
  for (const [name, text] of Object.entries(documents)) {
    const input = { RoleName: 'role-of-orders', PolicyArn: await policy(account, name, text) };
    await account.client(IAMClient).send(new AttachRolePolicyCommand(input));
  }
  return id;
};
/** Another function with the role of the first. */
const shared = (given: (account: Account) => Promise<string>) => async (account: Account) => {
  const id = await given(account);
  await newFunction(account, 'bills');
  const lambda = account.client(LambdaClient);
  const { Role } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: id }));
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'bills', Role }));
  return id;
};
const violation =
  /^its role role-of-orders may do to every resource what these allow: arn:aws:iam::\d{12}:policy\/wide$/;
const wide = withPolicies({ wide: WIDE });

testBot(bot, {
  violating: [
    {
      name: 'one that is too wide, beside others and another function’s',
      given: async (account) => {
        await newFunction(account, 'bills');
        return withPolicies({ wide: WIDE, narrow: NARROW, unconfined: UNCONFINED, tagged: TAGGED })(account);
      },
      violation,
      writes: ['iam:DetachRolePolicy'],
      after: { blanket: [] },
      untouched: (account) => otherRoles(account, 'role-of-orders'),
    },
    {
      name: 'a role that is shared, which is said to be meant',
      given: shared(wide),
      params: { shared: true },
      violation,
      writes: ['iam:DetachRolePolicy'],
    },
    {
      name: 'a role that is shared',
      given: shared(wide),
      violation,
      writes: [],
      held: /^other functions use the role too: bills/,
    },
    {
      name: 'it denies too',
      given: withPolicies({ wide: MIXED }),
      violation,
      writes: [],
      held: /also denies/,
    },
  ],
  compliant: [
    { name: 'nothing is attached', given: withPolicies({}) },
    { name: 'it is to be kept', given: wide, params: { keep: ['arn:aws:iam::$ACCOUNT_ID:policy/wide'] } },
  ],
  gone: 'nothing',
});
