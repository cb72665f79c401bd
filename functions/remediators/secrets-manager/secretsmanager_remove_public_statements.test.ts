import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { neighboursIn, neighboursOf, policyText, publicPolicies } from '../../../testing/policies';
import { bot } from './secretsmanager_remove_public_statements';

const allowed = { Action: 'secretsmanager:GetSecretValue', Resource: '*' };

const secret =
  (ResourcePolicy?: string) =>
  async ({ client }: Account) => {
    const secrets = client(SecretsManagerClient);
    const { ARN: SecretId = '' } = await secrets.send(
      new CreateSecretCommand({ Name: randomUUID(), SecretString: 'kept' }),
    );
    if (ResourcePolicy) await secrets.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
    return SecretId;
  };

const untouched = async ({ client }: Account, SecretId: string) => {
  const secrets = client(SecretsManagerClient);
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  const { ResourcePolicy } = await secrets.send(new GetResourcePolicyCommand({ SecretId }));
  return [SecretString, neighboursIn(ResourcePolicy, allowed)];
};

const sentence = (fault: string) =>
  `the resource policy lets everyone in by statement ${fault}: remove it or name who may`;
const [first, ...others] = publicPolicies(allowed).map(({ name, statements, left, fault }) => ({
  name,
  given: secret(policyText(statements)),
  violation: sentence(fault),
  writes: [`secretsmanager:${left.length > 0 ? 'Put' : 'Delete'}ResourcePolicy`],
  after: { policy: left.length > 0 ? policyText(left) : undefined },
  untouched,
}));
if (!first) throw new Error('no policies');

const world = { Sid: 'World', Effect: 'Allow', Principal: '*', ...allowed } as const;

/** moto knows owning services only from RDS, and refuses to read the policy of a replica. */
const described = (extra: object) => (account: Account) => {
  account.script({
    DescribeSecret: () => ({ Name: 'orders', ...extra }),
    GetResourcePolicy: () => ({ ResourcePolicy: policyText([world]) }),
  });
  return Promise.resolve('orders');
};

testBot(bot, {
  violating: [
    first,
    ...others,
    {
      name: 'the primary of replicas elsewhere',
      given: async (account) => {
        const id = await secret(policyText([world]))(account);
        // moto says of replicas only where their primary is.
        account.script({ DescribeSecret: () => ({ ARN: id, PrimaryRegion: account.region }) });
        return id;
      },
      violation: sentence('World'),
      writes: ['secretsmanager:DeleteResourcePolicy'],
      untouched,
    },
    {
      name: 'the secret of an AWS service',
      given: described({ OwningService: 'rds' }),
      violation: sentence('World'),
      writes: [],
      held: /belongs to rds: change its policy through that service/,
    },
    {
      name: 'a replica',
      given: described({ PrimaryRegion: 'us-east-1' }),
      violation: sentence('World'),
      writes: [],
      held: /a replica: repair the primary secret in us-east-1/,
    },
  ],
  compliant: [
    { name: 'no policy', given: secret() },
    { name: 'nothing public', given: secret(policyText(Object.values(neighboursOf(allowed)))) },
    {
      name: 'waits for its deletion',
      given: async (account) => {
        const SecretId = await secret(policyText([world]))(account);
        await account.client(SecretsManagerClient).send(new DeleteSecretCommand({ SecretId }));
        return SecretId;
      },
    },
  ],
  gone: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:gone-a1b2c3',
});

test('Secrets Manager itself looks whether what is left is public, but not when undo puts back what was', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 's' };
  const context = { target, params: {} };
  const named = { ...world, Principal: { AWS: '111122223333' } };
  const state = { policy: policyText([world, named]), service: undefined, primary: undefined };
  const [repair] = stepsOf(bot.plan(state, context));
  expect(repair?.secretsmanager.input).toEqual({
    SecretId: 's',
    ResourcePolicy: policyText([named]),
    BlockPublicPolicy: true,
  });
  expect(bot.undo(state, { ...context, now: state })).toMatchObject([
    { secretsmanager: { input: { SecretId: 's', ResourcePolicy: state.policy } } },
  ]);
});
