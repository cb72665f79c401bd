import { DescribeKeyCommand, GetKeyPolicyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { listOf } from '../../../../shared/policy/conditions';
import { parsePolicy, principalsOf, statementsOf } from '../../../../shared/policy/policy-document';
import { isAwsKey } from './keys';

/** Services, and accounts other than its own, that a policy names in statements that allow one of these actions. */
export function sendersIn(policy: string | undefined, account: string, actions: RegExp): string[] {
  const statements = policy === undefined ? [] : statementsOf(parsePolicy(policy));
  const names = statements
    .filter(
      ({ Effect, Action }) => Effect === 'Allow' && listOf(Action ?? '*').some((one) => actions.test(one)),
    )
    .flatMap(({ Principal }) => principalsOf(Principal))
    .flatMap(({ kind, name }) => {
      if (kind === 'Service') return [name];
      return kind === 'AWS' && name !== '*' ? [/\d{12}/.exec(name)?.[0] ?? name] : [];
    });
  return [...new Set(names)].filter((name) => name !== account);
}

/**
 * Why these senders could no longer send where messages are encrypted with that key: none may use a key of AWS, and
 * services use another only if its policy lets them. What is to be said of other accounts stands in their own
 * policies, too. Reads `kms:DescribeKey` and `kms:GetKeyPolicy`.
 */
export async function obstacleToSenders(
  kms: KMSClient,
  key: string,
  senders: readonly string[],
): Promise<string | undefined> {
  const out = isAwsKey(key) ? senders : await shutOut(kms, key, senders.filter(isService));
  return out.length === 0
    ? undefined
    : `${out.join(', ')} could no longer send with the key ${key}: name one whose policy lets them`;
}

async function shutOut(kms: KMSClient, key: string, services: readonly string[]): Promise<readonly string[]> {
  if (services.length === 0) return [];
  // Other than its fellows, GetKeyPolicy takes no alias.
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: key }));
  const read = new GetKeyPolicyCommand({ KeyId: KeyMetadata?.Arn, PolicyName: 'default' });
  const { Policy = '' } = await kms.send(read);
  const letIn = statementsOf(parsePolicy(Policy))
    .filter(({ Effect, Action }) => Effect === 'Allow' && listOf(Action ?? []).some(encrypts))
    .flatMap(({ Principal }) => principalsOf(Principal))
    .flatMap(({ kind, name }) => (kind === 'Service' ? [name] : []));
  return services.filter((service) => !letIn.includes(service));
}

function isService(name: string): boolean {
  return name.includes('.');
}

function encrypts(action: string): boolean {
  return /^(\*|kms:(\*|g.*\*|generatedatakey))$/i.test(action);
}
