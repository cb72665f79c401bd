import {
  DeleteResourcePolicyCommand,
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { policyFootprint, writableText } from '../../../shared/policy/deleted-principals';
import { closedText, sayPublic } from '../../../shared/policy/public-statements';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'secretsmanager_remove_public_statements',
  title: 'Remove public statements from the policy of a secret',
  resource: 'AWS::SecretsManager::Secret',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  recheck: 'daily',
  permissions: {
    read: ['secretsmanager:DescribeSecret', 'secretsmanager:GetResourcePolicy'],
    write: ['secretsmanager:PutResourcePolicy', 'secretsmanager:DeleteResourcePolicy'],
    undo: ['secretsmanager:PutResourcePolicy'],
  },
  controls: { prowler: ['secretsmanager_not_publicly_accessible'] },
  docs: {
    why: 'A statement that allows everyone lets any AWS account read the secret, or change it.',
    effect: [
      'Other accounts lose what the statement allowed, and so does whoever relied on it without being named, such as applications of accounts of your own.',
      'All other statements stay as they are, also Deny and those confined to an organization, account or network, and a statement that names principals beside "*" keeps these.',
      'A policy that is left without statements is deleted, and the account itself goes on by its IAM policies.',
      'The value is not touched: whoever has read it has it, so rotate it.',
      'Replicas take their policy from the primary secret, and secrets of AWS services are theirs: both are held.',
      'A secret that waits for its deletion can be read by nobody and is left alone.',
      'Undo puts the exact policy back.',
    ],
    references: [
      'https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html',
      'https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html',
    ],
  },
  clients: { secretsmanager: SecretsManagerClient },
  gone: ['ResourceNotFoundException'],

  async inspect({ secretsmanager }, { target: { id: SecretId, region } }) {
    const secret = await secretsmanager.send(new DescribeSecretCommand({ SecretId }));
    const primary = secret.PrimaryRegion === region ? undefined : secret.PrimaryRegion;
    const state = { service: secret.OwningService, primary };
    if (secret.DeletedDate) return { ...state, policy: undefined };
    const { ResourcePolicy } = await secretsmanager.send(new GetResourcePolicyCommand({ SecretId }));
    return { ...state, policy: ResourcePolicy };
  },

  check: ({ policy }) => sayPublic('resource', policy),

  plan({ policy, service, primary }, { target }) {
    if (service !== undefined) {
      return { held: `the secret belongs to ${service}: change its policy through that service` };
    }
    if (primary !== undefined) {
      return { held: `the secret is a replica: repair the primary secret in ${primary}` };
    }
    const rest = closedText(policy);
    return [{ secretsmanager: put(target.id, rest, { BlockPublicPolicy: true }) }];
  },

  undo: ({ policy = '' }, { target }) => [{ secretsmanager: put(target.id, writableText(policy)) }],

  footprint: policyFootprint,
});

function put(SecretId: string, ResourcePolicy: string | undefined, options = {}) {
  return ResourcePolicy === undefined
    ? new DeleteResourcePolicyCommand({ SecretId })
    : new PutResourcePolicyCommand({ SecretId, ResourcePolicy, ...options });
}
