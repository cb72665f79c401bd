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
