import type { Condition } from '../bot/bot';
import { type Target, partitionOf } from '../resources/target';

/**
 * AWS's own policy for what writes to CloudWatch Logs, as the permissions boundary of helper roles: whatever is written
 * into such a role, it reads nobody's data and gains no rights. It is in every account, and nobody can change it.
 */
export const LOG_WRITER = 'CloudWatchAgentServerPolicy';

/** A helper role may be made, and written into, with that boundary alone. */
export const AS_LOG_WRITER: Condition = {
  ArnEquals: { 'iam:PermissionsBoundary': `arn:\${Partition}:iam::aws:policy/${LOG_WRITER}` },
};

/** The boundary, for a role in that place. */
export function logWriterArn({ region }: Pick<Target, 'region'>): string {
  return `arn:${partitionOf(region)}:iam::aws:policy/${LOG_WRITER}`;
}

/** Whether a role has that boundary: whose the role is, its tags do not prove, since anybody can give them. */
export function isLogWriter(role: {
  readonly PermissionsBoundary?: { readonly PermissionsBoundaryArn?: string | undefined } | undefined;
}): boolean {
  return (
    role.PermissionsBoundary?.PermissionsBoundaryArn?.endsWith(`:iam::aws:policy/${LOG_WRITER}`) ?? false
  );
}
