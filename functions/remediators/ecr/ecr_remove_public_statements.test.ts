import { randomUUID } from 'node:crypto';
import {
  CreateRepositoryCommand,
  ECRClient,
  GetRepositoryPolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { type Account, testBot } from '../../../testing/contract';
import { neighboursIn, neighboursOf, policyText, publicPolicies } from '../../../testing/policies';
import { bot } from './ecr_remove_public_statements';

const allowed = { Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] };

const repository =
  (text?: string) =>
  async ({ client }: Account) => {
    const ecr = client(ECRClient);
    const repositoryName = `team/${randomUUID()}`;
    await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    if (text) await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText: text }));
    return repositoryName;
  };

const untouched = async ({ client }: Account, repositoryName: string) => {
  const reply = await client(ECRClient)
    .send(new GetRepositoryPolicyCommand({ repositoryName }))
    .catch(() => ({ policyText: undefined }));
  return neighboursIn(reply.policyText, allowed);
};

const [first, ...others] = publicPolicies(allowed).map(({ name, statements, left, fault }) => ({
  name,
  given: repository(policyText(statements)),
  violation: `the repository policy lets everyone in by statement ${fault}: remove it or name who may`,
  writes: [left.length > 0 ? 'ecr:SetRepositoryPolicy' : 'ecr:DeleteRepositoryPolicy'],
  after: { policy: left.length > 0 ? policyText(left) : undefined },
  untouched,
}));
if (!first) throw new Error('no policies');

const world = { Sid: 'World', Effect: 'Allow', Principal: '*', ...allowed } as const;
const outside = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };

testBot(bot, {
  violating: [
    first,
    ...others,
    {
      name: 'beside one that is public on purpose',
      given: repository(policyText([world, { ...world, Sid: 'Mirror' }])),
      params: { ignore: ['Mirror'] },
      violation: /statement World:/,
      writes: ['ecr:SetRepositoryPolicy'],
      after: { policy: policyText([{ ...world, Sid: 'Mirror' }]) },
    },
  ],
  compliant: [
    { name: 'no policy', given: repository() },
    { name: 'nothing public', given: repository(policyText(Object.values(neighboursOf(allowed)))) },
    { name: 'public on purpose', given: repository(policyText([world])), params: { ignore: ['World'] } },
    {
      name: 'everyone, and a Deny that leaves only the organization',
      given: repository(
        policyText([world, { Effect: 'Deny', Principal: '*', Action: 'ecr:*', Condition: outside }]),
      ),
    },
  ],
  gone: 'team/gone',
});
