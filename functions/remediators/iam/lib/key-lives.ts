import { GetAccessKeyLastUsedCommand, type IAMClient, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import type { Context, Held } from '../../../../shared/bot/bot';
import { accessKeysOf } from './access-keys';
import { NO_SUCH_ENTITY } from './iam';
import { USER } from './types';

const DAY_MS = 24 * 3600 * 1000;

/** What the bots share that make access keys of users inactive. */
export const DEACTIVATING = {
  ...USER,
  severity: 'medium',
  risk: 'disruptive',
  kind: 'posture',
  recheck: 'daily',
  permissions: { read: ['iam:GetAccessKeyLastUsed', 'iam:ListAccessKeys'], write: ['iam:UpdateAccessKey'] },
} as const;

/** An access key, with when it was made and last used, ISO. */
export interface KeyLife {
  readonly id: string;
  readonly active: boolean;
  readonly made: string;
  /** Absent: never, or it was not asked for. */
  readonly used?: string;
}

/** The access keys of one user, or some of them. */
export interface Lives {
  /** When this was read, ISO. */
  readonly now: string;
  readonly user: string;
  readonly keys: readonly KeyLife[];
  /** Why they are left alone. */
  readonly obstacle?: string;
}

/** The keys of the user, by id; with `uses` also when they were last used. */
export async function livesOf(
  iam: IAMClient,
  user: string,
  { uses }: { readonly uses: boolean },
): Promise<Lives> {
  const now = new Date();
  const keys: KeyLife[] = [];
  for (const { AccessKeyId: id = '', Status, CreateDate = now } of await accessKeysOf(iam, user)) {
    const used = uses ? await lastUse(iam, id) : undefined;
    keys.push({ id, active: Status === 'Active', made: CreateDate.toISOString(), ...(used && { used }) });
  }
  return { now: now.toISOString(), user, keys };
}

/** Whole days from one time to another. */
export function daysBetween(from: string, to: string): number {
  return Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / DAY_MS));
}

/** An active key that is to be made inactive, and why: `made 91 days ago`. */
interface Due {
  readonly id: string;
  readonly why: string;
}

/** The functions of a bot that makes those keys inactive which `due` names. */
export function deactivating<S extends Lives, P>(
  is: string,
  due: (state: S, params: P) => readonly Due[],
  heldFor: (state: S, params: P) => string | undefined = () => undefined,
) {
  return {
    check(state: S, { params }: Context<P>): string | undefined {
      const list = due(state, params).map(({ id, why }) => `${id}, ${why}`);
      if (list.length > 0) return `${is}: ${list.join('; ')}`;
      return state.obstacle === undefined ? undefined : 'how old the key is cannot be read';
    },
    plan(state: S, { params }: Context<P>): { readonly iam: UpdateAccessKeyCommand }[] | Held {
      const held = state.obstacle ?? heldFor(state, params);
      if (held !== undefined) return { held };
      return due(state, params).map(({ id }) => update(state.user, id, 'Inactive'));
    },
    undo: ({ keys, user }: S, { now }: Context<P> & { readonly now: S }) =>
      keys
        .filter(({ id, active }) => active && now.keys.some((key) => key.id === id && !key.active))
        .map(({ id }) => update(user, id, 'Active')),
    footprint: ({ keys }: S) => keys.map(({ id, active }) => ({ id, active })),
  };
}

async function lastUse(iam: IAMClient, AccessKeyId: string): Promise<string | undefined> {
  // A key that is deleted meanwhile must not make its user look gone.
  const reply = await undefinedIfGone(
    iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId })),
    NO_SUCH_ENTITY,
  );
  return reply?.AccessKeyLastUsed?.LastUsedDate?.toISOString();
}

function update(UserName: string, AccessKeyId: string, Status: 'Active' | 'Inactive') {
  return { iam: new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status }) };
}
