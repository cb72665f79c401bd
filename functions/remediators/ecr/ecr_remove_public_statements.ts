import {
  DeleteRepositoryPolicyCommand,
  ECRClient,
  GetRepositoryPolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import * as z from 'zod';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { policyFootprint, writableText } from '../../../shared/policy/deleted-principals';
import { closedText, sayPublic } from '../../../shared/policy/public-statements';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'ecr_remove_public_statements',
  title: 'Remove public statements from the policy of an ECR repository',
  resource: 'AWS::ECR::Repository',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  params: z.object({
    ignore: z.array(z.string()).default([]).describe('Sids of statements that are public on purpose'),
  }),
  from: { ignore: 'config' },
  permissions: {
    read: ['ecr:GetRepositoryPolicy'],
    write: ['ecr:SetRepositoryPolicy', 'ecr:DeleteRepositoryPolicy'],
    undo: ['ecr:SetRepositoryPolicy'],
  },
  controls: { prowler: ['ecr_repositories_not_publicly_accessible'] },
  docs: {
    why: 'A statement that allows everyone lets any AWS account pull the images, with what is built into them, or push its own.',
    effect: [
      'Other accounts lose what the statement allowed, and so does whoever relied on it without being named, such as clusters and functions of accounts of your own.',
      'All other statements stay as they are, also Deny and those confined to an organization, account or network, and a statement that names principals beside "*" keeps these.',
      'A policy that is left without statements is deleted, and the account itself goes on by its IAM policies.',
      'Images are not touched.',
      'Undo puts the exact policy back.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html',
      'https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html',
    ],
  },
  clients: { ecr: ECRClient },
  gone: ['RepositoryNotFoundException'],

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
