import { type Accounts, isScoped, roleNameOf } from '../shared/accounts';
import type { CatalogueEntry } from '../shared/catalogue';
import { type Statement, confinedBy, managedPolicies, statementsFor } from './policies';
import { type Resource, STAGE, sub } from './template';

/** The path of the roles that may act in other accounts: members trust what lies under it, and nothing else. */
export const BOTS_PATH = `/selfheal/${STAGE}/bots/`;

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

/** The right to open sessions in the accounts of config.ts: none where bots act in their own account only. */
export function sessionStatements(accounts: Accounts | undefined): Statement[] {
  if (!opensSessions(accounts)) return [];
  const name = roleNameOf(accounts);
  const { accounts: listed = [], deny = [] } = accounts?.mode === 'multi' ? accounts : {};
  const isOpen = accounts?.mode === 'multi' && accounts.organization !== undefined;
  const members = listed.filter((account) => !deny.includes(account));
  const owners = isOpen || members.length > NAMED ? ['*'] : members;
  const home = isScoped(accounts) && !owners.includes('*') ? ['${AWS::AccountId}'] : [];
  return [
    {
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Resource: [...home, ...owners].map((owner) => sub(`arn:\${AWS::Partition}:iam::${owner}:role/${name}`)),
    },
  ];
}

/**
 * The role that bots assume where they act, with all that the given bots read and write with. What a session may do
 * of that is decided by its own policy, for one bot and one resource.
 */
export async function remediationRole(
  bots: readonly CatalogueEntry[],
  roleName: string,
  trust: Trust,
  boundary?: string | object,
): Promise<Record<string, Resource>> {
  const actions = bots.flatMap(({ permissions: { read, write } }) => [...read, ...write]);
  const name = 'RemediationRole';
  return {
    [name]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: roleName,
        Description: 'Assumed by the bots of selfheal, each with a session policy for one resource',
        MaxSessionDuration: 3600,
        AssumeRolePolicyDocument: trustPolicy(trust),
        ...(boundary !== undefined && { PermissionsBoundary: boundary }),
      },
    },
    ...managedPolicies(
      name,
      await statementsFor(actions, confinedBy(bots.map(({ permissions }) => permissions))),
    ),
  };
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
        Condition: { ArnLike, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['selfheal:bot'] } },
      },
    ],
  };
}
