import type { EnvironmentVariable } from '@aws-sdk/client-codebuild';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type Account, testBot } from '../../../testing/contract';
import { projectWith, projectsBut } from './fixtures/project';
import { bot } from './codebuild_remove_cleartext_credentials';

const SECRET = '/codebuild/web/AWS_SECRET_ACCESS_KEY';
const variables: EnvironmentVariable[] = [
  { name: 'STAGE', value: 'prod' },
  { name: 'AWS_ACCESS_KEY_ID', value: 'AKIAIOSFODNN7EXAMPLE' },
  { name: 'TOKEN', value: '/build/token', type: 'PARAMETER_STORE' },
  { name: 'AWS_SECRET_ACCESS_KEY', value: 'wJalrXUtnFEMI/K7MDENG', type: 'PLAINTEXT' },
];

/** SimulatePrincipalPolicy: moto has no such operation. */
const project =
  (given = variables, mayRead = true) =>
  async (account: Account) => {
    account.script({
      SimulatePrincipalPolicy: () => ({
        EvaluationResults: [{ EvalDecision: mayRead ? 'allowed' : 'implicitDeny' }],
      }),
    });
    return projectWith(account, true, given);
  };

/** The secret is in Parameter Store already, with this value. */
const stored = (Value: string) => async (account: Account) => {
  await account
    .client(SSMClient)
    .send(new PutParameterCommand({ Name: SECRET, Type: 'SecureString', Value }));
  return project()(account);
};

const untouched = (account: Account, id: string) =>
  projectsBut(account, id, ({ environment, ...rest }) => {
    const { environmentVariables = [], ...others } = environment ?? {};
    return { ...rest, others, left: environmentVariables.filter(({ name }) => !name?.startsWith('AWS_')) };
  });

const violation = 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the project can be read';
const UPDATE = 'codebuild:UpdateProject';
const after = { clear: [] };
const irreversible = /in the clear again/;

testBot(bot, {
  violating: [
    {
      name: 'both keys, beside other variables',
      given: project(),
      writes: ['ssm:PutParameter', 'ssm:PutParameter', UPDATE],
      ...{ violation, after, irreversible, untouched },
    },
    {
      name: 'an earlier run stored one of them',
      given: stored('wJalrXUtnFEMI/K7MDENG'),
      writes: ['ssm:PutParameter', UPDATE],
      ...{ violation, after, irreversible, untouched },
    },
    {
      name: 'another value is stored under that name',
      given: stored('another'),
      ...{ violation, writes: [], held: /with another value/ },
    },
    {
      name: 'the role of the project may not read parameters',
      given: project(variables, false),
      ...{
        violation,
        writes: [],
        held: /allow arn:aws:iam::\d+:role\/service-role\/build ssm:GetParameters/,
      },
    },
  ],
  compliant: [{ name: 'no keys', given: project(variables.slice(0, 1)) }],
  gone: 'no-such-project',
});

test('the parameters have the values of the variables', async () => {
  const { newAccount } = await import('../../../testing/account');
  const { remediate } = await import('../../../shared/bot/run');
  const { newWire, wired } = await import('../../../testing/wire');
  const account = await newAccount();
  const id = await project()(account);
  const target = { account: account.account, region: account.region, type: bot.resource, id };
  const aws = wired(bot.clients, account, newWire());
  await remediate(bot, { target, params: {}, aws, mode: 'apply', settle: { tries: 1, delayMs: 1 } });
  const { Parameter } = await account
    .client(SSMClient)
    .send(new GetParameterCommand({ Name: SECRET, WithDecryption: true }));
  expect(Parameter?.Value).toBe('wJalrXUtnFEMI/K7MDENG');
});
