import {
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-secrets-manager';
import { SECRET, readSecret } from './lib/secrets';
import { policyFootprint, writableText } from '../../../shared/policy/deleted-principals';
import { closedText, sayPublic } from '../../../shared/policy/public-statements';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'secretsmanager_remove_public_statements',
  title: 'Remove public statements from the policy of a secret',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  recheck: 'daily',
  permissions: {
    read: ['secretsmanager:DescribeSecret', 'secretsmanager:GetResourcePolicy'],
    write: ['secretsmanager:PutResourcePolicy', 'secretsmanager:DeleteResourcePolicy'],
    undo: ['secretsmanager:PutResourcePolicy'],
  },
  ...SECRET,

  async inspect({ secretsmanager }, { target }) {
    const { secret, place } = await readSecret(secretsmanager, target);
    const state = { service: secret.OwningService, primary: place.primary };
    if (place.isDeleted) return { ...state, policy: undefined };
    const read = new GetResourcePolicyCommand({ SecretId: target.id });
    return { ...state, policy: (await secretsmanager.send(read)).ResourcePolicy };
  },

  check: ({ policy }) => sayPublic('resource', policy),

  plan({ policy, service, primary }, { target }) {
    if (service !== undefined)
      return { held: `the secret belongs to ${service}: change its policy through that service` };
    if (primary !== undefined)
      return { held: `the secret is a replica: repair the primary secret in ${primary}` };
    return [{ secretsmanager: put(target.id, closedText(policy), { BlockPublicPolicy: true }) }];
  },

  undo: ({ policy = '' }, { target }) => [{ secretsmanager: put(target.id, writableText(policy)) }],

  footprint: policyFootprint,
});

function put(SecretId: string, ResourcePolicy: string | undefined, options = {}) {
  return ResourcePolicy === undefined
    ? new DeleteResourcePolicyCommand({ SecretId })
    : new PutResourcePolicyCommand({ SecretId, ResourcePolicy, ...options });
}
