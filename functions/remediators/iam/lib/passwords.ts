import {
  DeleteLoginProfileCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  type IAMClient,
  type LoginProfile,
  type User,
} from '@aws-sdk/client-iam';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import type { Context } from '../../../../shared/bot/bot';
import { NO_SUCH_ENTITY } from './iam';
import { USER } from './types';

/** A user, and the login profile where it has a console password. */
export interface Login {
  readonly user: User | undefined;
  readonly profile?: Partial<LoginProfile>;
}

/**
 * Reads them by `iam:GetUser`, which tells a user without a password from one that is gone, and `iam:GetLoginProfile`.
 */
export async function loginOf(iam: IAMClient, UserName: string): Promise<Login> {
  const { User: user } = await iam.send(new GetUserCommand({ UserName }));
  const reply = await undefinedIfGone(iam.send(new GetLoginProfileCommand({ UserName })), NO_SUCH_ENTITY);
  return reply ? { user, profile: reply.LoginProfile ?? {} } : { user };
}

/** What the bots share that delete console passwords. */
export const DELETING_PASSWORD = {
  ...USER,
  risk: 'destructive',
  permissions: { read: ['iam:GetUser', 'iam:GetLoginProfile'], write: ['iam:DeleteLoginProfile'], undo: [] },
  plan: (_state: object, { target: { id: UserName } }: Context<unknown>) => [
    { iam: new DeleteLoginProfileCommand({ UserName }) },
  ],
  undo: () => ({ irreversible: 'nobody knows the old password: give the user a new one' }),
} as const;
