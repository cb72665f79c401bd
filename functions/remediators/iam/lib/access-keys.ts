import {
  type AccessKeyMetadata,
  GetAccessKeyLastUsedCommand,
  type IAMClient,
  paginateListAccessKeys,
} from '@aws-sdk/client-iam';
import type { Finder } from '../../../../shared/bot/bot';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import { findUser } from './find';
import { NO_SUCH_ENTITY } from './iam';

/** The access keys of a user, sorted by their ids. */
export async function accessKeysOf(client: IAMClient, UserName: string): Promise<AccessKeyMetadata[]> {
  const keys: AccessKeyMetadata[] = [];
  for await (const { AccessKeyMetadata = [] } of paginateListAccessKeys({ client }, { UserName }))
    keys.push(...AccessKeyMetadata);
  return keys.sort((one, other) => ((one.AccessKeyId ?? '') < (other.AccessKeyId ?? '') ? -1 : 1));
}

/**
 * The key that a client was last asked for, and whose it is. Once a key is deleted, IAM may refuse to say whose it was, so
 * the user's list is read to see that it is gone. Users can be renamed: it holds for one run, and for one key.
 */
const owners = new WeakMap<
  IAMClient,
  { readonly id: string; readonly user: string; readonly until: number }
>();
/** As long as a run may take. */
const SOUND_MS = 300_000;

/** An access key and whose it is. */
export interface AccessKey {
  /** The name of the user; empty where no user has it. */
  readonly user: string;
  readonly active: boolean;
  /** Why it cannot be changed. */
  readonly obstacle?: string;
}

/**
 * The key of that id; IAM itself says whose it is, as whoever made it may be somebody else. `undefined`: there is
 * none.
 */
export async function accessKey(iam: IAMClient, id: string): Promise<AccessKey | undefined> {
  if (id.startsWith('ASIA')) {
    const obstacle =
      'it is the key of a session: revoke the sessions of its role (iam_revoke_role_sessions) or user (iam_revoke_user_sessions)';
    return { user: '', active: true, obstacle };
  }
  const known = owners.get(iam);
  if (known?.id === id && Date.now() < known.until) {
    const keys = await undefinedIfGone(accessKeysOf(iam, known.user), NO_SUCH_ENTITY);
    if (keys) return keyIn(keys, known.user, id);
    // Deleted, or renamed: IAM knows.
  }
  owners.delete(iam);
  const { UserName: user } = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id }));
  if (user === undefined) {
    const obstacle = 'it belongs to no user: only the root user, signed in, can change a key of root';
    return { user: '', active: true, obstacle };
  }
  owners.set(iam, { id, user, until: Date.now() + SOUND_MS });
  return keyIn(await accessKeysOf(iam, user), user, id);
}

function keyIn(keys: readonly AccessKeyMetadata[], user: string, id: string): AccessKey | undefined {
  const key = keys.find(({ AccessKeyId }) => AccessKeyId === id);
  return key && { user, active: key.Status === 'Active' };
}

/**
 * Finds the key of a user, where a finding names only the user: the one that is active, else the only one. Which of
 * several is meant is not guessed.
 */
export const findKey: Finder<{ iam: typeof IAMClient }> = {
  actions: [...findUser.actions, 'iam:ListAccessKeys'],
  async find({ iam }, target) {
    if (target.type !== 'AWS::IAM::User') return target;
    const named = await findUser.find({ iam }, target);
    if (!named || 'held' in named) return named;
    const all = await accessKeysOf(iam, named.id);
    const active = all.filter(({ Status }) => Status === 'Active');
    const keys = active.length > 0 ? active : all;
    const [key, ...others] = keys;
    if (key?.AccessKeyId === undefined) return undefined;
    if (others.length === 0) return { ...named, type: 'AWS::IAM::AccessKey', id: key.AccessKeyId };
    const ids = keys.map(({ AccessKeyId = '' }) => AccessKeyId).join(' and ');
    return { held: `user ${named.id} has several access keys, ${ids}: say which is meant` };
  },
};
