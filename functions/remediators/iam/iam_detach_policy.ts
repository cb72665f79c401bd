import type { IAMClient } from '@aws-sdk/client-iam';
import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  paginateListEntitiesForPolicy,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import { isAboutAll, policyStatements, untouchable } from './lib/iam';
import { MANAGED_POLICY } from './lib/types';
import { type Context, defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...MANAGED_POLICY,
  id: 'iam_detach_policy',
  title: 'Detach a managed policy from all that have it',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  params: z.object({
    administrators: z
      .boolean()
      .default(false)
      .describe('also a policy that allows everything, by which administrators may have their only way in'),
  }),
  from: { administrators: 'config' },
  permissions: {
    read: ['iam:GetPolicy', 'iam:GetPolicyVersion', 'iam:ListEntitiesForPolicy'],
    write: ['iam:DetachGroupPolicy', 'iam:DetachRolePolicy', 'iam:DetachUserPolicy'],
    undo: ['iam:AttachGroupPolicy', 'iam:AttachRolePolicy', 'iam:AttachUserPolicy'],
  },

  async inspect({ iam }, context): Promise<State | undefined> {
    const { id: PolicyArn } = context.target;
    const statements = await policyStatements(iam, PolicyArn);
    if (!statements) return undefined;
    const entities = await entitiesOf(iam, PolicyArn);
    return {
      ...entities,
      spared: entities.roles.length > 0 ? await sparedOf(iam, PolicyArn, context) : {},
      denies: statements.some(({ Effect }) => Effect === 'Deny'),
      allowsAll: statements.some((one) => one.Effect === 'Allow' && isAboutAll(one)),
    };
  },

  check({ groups, roles, users }) {
    const list = [of('group', groups), of('role', roles), of('user', users)].flat();
    return list.length > 0 ? `attached to ${list.join(', ')}` : undefined;
  },

  plan({ groups, roles, users, spared, denies, allowsAll }, { target: { id: PolicyArn }, params }) {
    if (denies) return { held: 'it denies something, and detaching it would give rights: detach it by hand' };
    if (allowsAll && !params.administrators) {
      return { held: 'it allows everything, and may be how administrators get in: say administrators=true' };
    }
    const free = roles.filter((name) => spared[name] === undefined);
    if (groups.length + free.length + users.length === 0) {
      return { held: roles.map((name) => spared[name]).join('; ') };
    }
    return [
      ...groups.map((GroupName) => ({ iam: new DetachGroupPolicyCommand({ GroupName, PolicyArn }) })),
      ...free.map((RoleName) => ({ iam: new DetachRolePolicyCommand({ RoleName, PolicyArn }) })),
      ...users.map((UserName) => ({ iam: new DetachUserPolicyCommand({ UserName, PolicyArn }) })),
    ];
  },

  undo(before, { target: { id: PolicyArn }, now }) {
    const lost = (kind: 'groups' | 'roles' | 'users') =>
      before[kind].filter((name) => !now[kind].includes(name));
    return [
      ...lost('groups').map((GroupName) => ({ iam: new AttachGroupPolicyCommand({ GroupName, PolicyArn }) })),
      ...lost('roles').map((RoleName) => ({ iam: new AttachRolePolicyCommand({ RoleName, PolicyArn }) })),
      ...lost('users').map((UserName) => ({ iam: new AttachUserPolicyCommand({ UserName, PolicyArn }) })),
    ];
  },

  footprint: ({ groups, roles, users }) => ({ groups, roles, users }),
});

interface State extends Entities {
  /** Why single roles are left alone, by their names. */
  readonly spared: Readonly<Record<string, string>>;
  readonly denies: boolean;
  readonly allowsAll: boolean;
}

/** Names of those that have the policy, sorted. */
interface Entities {
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly users: readonly string[];
}

async function entitiesOf(client: IAMClient, PolicyArn: string): Promise<Entities> {
  const groups: string[] = [];
  const roles: string[] = [];
  const users: string[] = [];
  // Not those whose permissions boundary it is.
  const input = { PolicyArn, PolicyUsageFilter: 'PermissionsPolicy' } as const;
  for await (const page of paginateListEntitiesForPolicy({ client }, input)) {
    groups.push(...(page.PolicyGroups ?? []).map(({ GroupName = '' }) => GroupName));
    roles.push(...(page.PolicyRoles ?? []).map(({ RoleName = '' }) => RoleName));
    users.push(...(page.PolicyUsers ?? []).map(({ UserName = '' }) => UserName));
  }
  return { groups: groups.sort(), roles: roles.sort(), users: users.sort() };
}

/** Which roles are left alone their paths tell: a name could be anybody's. */
async function sparedOf(
  client: IAMClient,
  PolicyArn: string,
  context: Context<unknown>,
): Promise<Record<string, string>> {
  const { home } = context;
  const spared: Record<string, string> = {};
  for (const PathPrefix of ['/aws-service-role/', '/aws-reserved/', ...(home ? [home.rolePath] : [])]) {
    const input = { PolicyArn, PathPrefix, EntityFilter: 'Role' } as const;
    for await (const { PolicyRoles = [] } of paginateListEntitiesForPolicy({ client }, input)) {
      for (const { RoleName = '' } of PolicyRoles) {
        const why = untouchable(RoleName, PathPrefix, context);
        if (why !== undefined) spared[RoleName] = why;
      }
    }
  }
  return spared;
}

function of(kind: string, names: readonly string[]): string[] {
  return names.map((name) => `${kind} ${name}`);
}
