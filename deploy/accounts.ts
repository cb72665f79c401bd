import { type Accounts, BOT_TAG, LOOK, isScoped, roleGroupOf, roleNameOf } from '../shared/accounts';
import { listingActions } from '../shared/aws/inventory';
import type { CatalogueEntry } from '../shared/catalogue';
import { POLICIES, ROLES, denials, policiesUnder, rolesCalled } from './own';
import { type Statement, confinedBy, managedPolicies, statementsFor } from './policies';
import { type Resource, STAGE, pascal, sub } from './template';

/** The path of all roles of an installation. */
export const PATH = pathOf(STAGE);

/** The path of what an installation makes in IAM, at home and in members. */
export function pathOf(stage: string): string {
  return `/selfheal/${stage}/`;
}

/** The path of the roles that may act in other accounts: members trust what lies under it, and nothing else. */
export const BOTS_PATH = `${PATH}bots/`;

/** Who may assume the remediation role. Objects are functions of CloudFormation, such as `Ref`. */
export interface Trust {
  /** The account that selfheal runs in: 12 digits, or CloudFormation's own name for it. */
  readonly home: string;
  readonly stage: string;
  readonly externalId?: string | object | undefined;
  readonly organization?: string | object | undefined;
}

/** Accounts named one by one in a policy; more are named by the role's name alone. */
const NAMED = 25;

/** Whether bots act through sessions anywhere. */
export function opensSessions(accounts: Accounts | undefined): boolean {
  return accounts?.mode === 'multi' || isScoped(accounts);
}

/**
 * The right to open sessions in the accounts of config.ts: none where bots act in their own account only.
 *
 * @param bot None: they are opened to look, for all bots. Their tag says so; without it a session may do nothing.
 */
export function sessionStatements(accounts: Accounts | undefined, bot?: CatalogueEntry): Statement[] {
  if (!opensSessions(accounts)) return [];
  const tag = bot?.id ?? LOOK;
  const name = roleNameOf(accounts, STAGE, bot?.resource ?? '*');
  const { accounts: listed = [], deny = [] } = accounts?.mode === 'multi' ? accounts : {};
  const isOpen = accounts?.mode === 'multi' && accounts.organization !== undefined;
  const members = listed.filter((account) => !deny.includes(account));
  const owners = isOpen || members.length > NAMED ? ['*'] : members;
  const home = isScoped(accounts) && !owners.includes('*') ? ['${AWS::AccountId}'] : [];
  const Resource = [...home, ...owners].map((owner) =>
    sub(`arn:\${AWS::Partition}:iam::${owner}:role/${name}`),
  );
  return [
    { Effect: 'Allow', Action: ['sts:AssumeRole'], Resource },
    {
      Effect: 'Allow',
      Action: ['sts:TagSession'],
      Resource,
      Condition: { StringEquals: { [`aws:RequestTag/${BOT_TAG}`]: tag }, ...ONLY_TAG },
    },
  ];
}

const ONLY_TAG = { 'ForAllValues:StringEquals': { 'aws:TagKeys': [BOT_TAG] } };

/**
 * The roles that bots assume where they act, one for the bots of each service. By its tag a session has the rights of
 * one bot, or to look as posture bots do; its own policy leaves it of these what it needs for one resource. A session
 * without a tag may do nothing.
 */
export async function remediationRoles(
  bots: readonly CatalogueEntry[],
  accounts: Accounts | undefined,
  trust: Trust,
  boundary?: string | object,
): Promise<Record<string, Resource>> {
  const groups = new Map<string, CatalogueEntry[]>();
  for (const bot of bots) {
    const group = roleGroupOf(bot.resource);
    groups.set(group, [...(groups.get(group) ?? []), bot]);
  }
  const own = {
    [ROLES]: rolesCalled(...ownRoleNames(bots, accounts, trust.stage)),
    [POLICIES]: policiesUnder(pathOf(trust.stage)),
  };
  const roles = await Promise.all(
    [...groups].map(async ([group, ofGroup]) => {
      const statements = [...(await taggedStatements(ofGroup)), ...(await denials(ofGroup, own))];
      return remediationRole(group, ofGroup, accounts, trust, boundary, statements);
    }),
  );
  return Object.fromEntries(roles.flatMap((resources) => Object.entries(resources)));
}

/** The names of the roles that these bots assume. */
export function ownRoleNames(
  bots: readonly CatalogueEntry[],
  accounts: Accounts | undefined,
  stage: string,
): string[] {
  return [...new Set(bots.map(({ resource }) => roleNameOf(accounts, stage, resource)))].sort();
}

function remediationRole(
  group: string,
  bots: readonly CatalogueEntry[],
  accounts: Accounts | undefined,
  trust: Trust,
  boundary: string | object | undefined,
  statements: readonly Statement[],
): Record<string, Resource> {
  const name = `${pascal(group)}RemediationRole`;
  return {
    [name]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: roleNameOf(accounts, trust.stage, bots[0]?.resource ?? ''),
        Description: `Assumed by the bots of selfheal for ${group}, each with a session policy for one resource`,
        MaxSessionDuration: 3600,
        AssumeRolePolicyDocument: trustPolicy(trust),
        ...(boundary !== undefined && { PermissionsBoundary: boundary }),
      },
    },
    ...managedPolicies(name, statements, pathOf(trust.stage)),
  };
}

async function taggedStatements(bots: readonly CatalogueEntry[]): Promise<Statement[]> {
  const looked = bots
    .filter(({ kind }) => kind === 'posture')
    .map(({ permissions, resource }) => ({
      ...permissions,
      read: [...permissions.read, ...listingActions(resource)],
      write: [],
    }));
  const tagged = [
    ...bots.map(({ id, permissions }) => ({ tag: id, permissions: [permissions] })),
    { tag: LOOK, permissions: looked },
  ];
  const tagsOf = new Map<string, string[]>();
  for (const { tag, permissions } of tagged) {
    const actions = permissions.flatMap(({ read, write }) => [...read, ...write]);
    for (const statement of await statementsFor(actions, confinedBy(permissions))) {
      const key = JSON.stringify(statement);
      tagsOf.set(key, [...(tagsOf.get(key) ?? []), tag]);
    }
  }
  return [...tagsOf].map(([text, tags]) => {
    const statement = JSON.parse(text) as Statement;
    const { StringEquals, ...others } = statement.Condition ?? {};
    const tag = { [`aws:PrincipalTag/${BOT_TAG}`]: tags.length > 1 ? tags : (tags[0] ?? '') };
    return { ...statement, Condition: { ...others, StringEquals: { ...StringEquals, ...tag } } };
  });
}

/**
 * Only the bots of the home account, by their path; members ask for the ExternalId too, which a request to tag the
 * session does not carry. Source: Service Authorization Reference, AWS STS.
 */
export function trustPolicy({ home, stage, externalId, organization }: Trust): object {
  const Principal = { AWS: sub(`arn:\${AWS::Partition}:iam::${home}:root`) };
  const ArnLike = {
    'aws:PrincipalArn': sub(`arn:\${AWS::Partition}:iam::${home}:role/selfheal/${stage}/bots/*`),
  };
  const asked = {
    ...(externalId !== undefined && { 'sts:ExternalId': externalId }),
    ...(organization !== undefined && { 'aws:PrincipalOrgID': organization }),
  };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal,
        Action: 'sts:AssumeRole',
        Condition: { ArnLike, ...(Object.keys(asked).length > 0 && { StringEquals: asked }) },
      },
      {
        Effect: 'Allow',
        Principal,
        Action: 'sts:TagSession',
        Condition: { ArnLike, ...ONLY_TAG },
      },
    ],
  };
}
