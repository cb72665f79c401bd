import {
  DeleteRolePermissionsBoundaryCommand,
  DeleteUserPermissionsBoundaryCommand,
  GetRoleCommand,
  GetUserCommand,
  type IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutUserPermissionsBoundaryCommand,
} from '@aws-sdk/client-iam';
import type { Context, Finder } from '../../../../shared/bot/bot';
import type { Target } from '../../../../shared/resources/target';
import { findRole, findUser } from './find';
import { untouchable } from './iam';

/** A user or a role, with its permissions boundary. */
export interface Bounded {
  readonly arn: string;
  /** ARN of the managed policy; absent: there is none. */
  readonly boundary?: string;
  /** Why it is left alone. */
  readonly obstacle?: string;
}

const isUser = ({ type }: Target) => type === 'AWS::IAM::User';

/** Finds users and roles that findings name by their unique ids. */
export const findEntity: Finder<{ iam: typeof IAMClient }> = {
  actions: [...findUser.actions, ...findRole.actions],
  find: async (aws, target) => (isUser(target) ? findUser : findRole).find(aws, target),
};

/** Reads the boundary of a user by `iam:GetUser`, of a role by `iam:GetRole`. */
export async function boundedOf(iam: IAMClient, context: Context<unknown>): Promise<Bounded> {
  const { target } = context;
  if (isUser(target)) {
    const { User } = await iam.send(new GetUserCommand({ UserName: target.id }));
    return bounded(User?.Arn, User?.PermissionsBoundary?.PermissionsBoundaryArn, undefined);
  }
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: target.id }));
  const boundary = Role?.PermissionsBoundary?.PermissionsBoundaryArn;
  return bounded(Role?.Arn, boundary, untouchable(target.id, Role?.Path, context));
}

/** The step that gives it this boundary, or none. */
export function setBoundary(target: Target, PermissionsBoundary: string | undefined) {
  const [UserName, RoleName] = [target.id, target.id];
  if (PermissionsBoundary === undefined) {
    return isUser(target)
      ? { iam: new DeleteUserPermissionsBoundaryCommand({ UserName }) }
      : { iam: new DeleteRolePermissionsBoundaryCommand({ RoleName }) };
  }
  return isUser(target)
    ? { iam: new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary }) }
    : { iam: new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }) };
}

function bounded(arn = '', boundary: string | undefined, obstacle: string | undefined): Bounded {
  return { arn, ...(boundary !== undefined && { boundary }), ...(obstacle !== undefined && { obstacle }) };
}
