import {
  DeleteRepositoryPolicyCommand,
  GetRepositoryPolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { REPOSITORY } from './lib/repository';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { policyFootprint, writableText } from '../../../shared/policy/deleted-principals';
import { IGNORING, closedText, sayPublic } from '../../../shared/policy/public-statements';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'ecr_remove_public_statements',
  title: 'Remove public statements from the policy of an ECR repository',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  ...IGNORING,
  permissions: {
    read: ['ecr:GetRepositoryPolicy'],
    write: ['ecr:SetRepositoryPolicy', 'ecr:DeleteRepositoryPolicy'],
    undo: ['ecr:SetRepositoryPolicy'],
  },
  ...REPOSITORY,

  async inspect({ ecr }, { target }) {
    const read = ecr.send(new GetRepositoryPolicyCommand({ repositoryName: target.id }));
    return { policy: (await undefinedIfGone(read, 'RepositoryPolicyNotFoundException'))?.policyText };
  },

  check: ({ policy }, { params }) => sayPublic('repository', policy, params.ignore),

  plan: ({ policy }, { target, params }) => [{ ecr: put(target.id, closedText(policy, params.ignore)) }],

  undo: ({ policy = '' }, { target }) => [{ ecr: put(target.id, writableText(policy)) }],

  footprint: policyFootprint,
});

function put(repositoryName: string, policyText: string | undefined) {
  return policyText === undefined
    ? new DeleteRepositoryPolicyCommand({ repositoryName })
    : new SetRepositoryPolicyCommand({ repositoryName, policyText });
}
