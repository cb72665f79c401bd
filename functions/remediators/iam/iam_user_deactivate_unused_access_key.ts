import type { IAMClient } from '@aws-sdk/client-iam';
import { GetAccessKeyLastUsedCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { NO_SUCH_ENTITY } from './lib/iam';
import { accessKeysOf } from './lib/access-keys';
import { DEACTIVATING } from './lib/key-lives';
import { defineBot } from '../../../shared/bot/bot';

const DAY_MS = 24 * 3600 * 1000;

export const bot = defineBot({
  ...DEACTIVATING,
  id: 'iam_user_deactivate_unused_access_key',
  aliases: ['iam_user_inactivate_unused_access_key'],
  title: 'Make access keys inactive that nobody uses',
  params: z.object({
    days: z
      .int()
      .min(1)
      .max(3650)
      .default(90)
      .describe('whole days without use; IAM.22 and CIS 1.12 ask for 45, IAM.8 for 90'),
  }),
  from: { days: 'finding' },
  words: { order: ['days'] },

  async inspect({ iam }, { target }) {
    const keys: Key[] = [];
    for (const { AccessKeyId: id = '', Status, CreateDate: made } of await accessKeysOf(iam, target.id)) {
      const active = Status === 'Active';
      keys.push({ id, active, idleDays: active ? await idleDays(iam, id, made) : 0 });
    }
    return { keys };
  },

  check({ keys }, { params }) {
    const unused = keys.filter(({ idleDays }) => idleDays >= params.days);
    const list = unused.map(({ id, idleDays }) => `${id} for ${idleDays} days`).join(', ');
    return unused.length > 0 ? `active and not used: ${list}` : undefined;
  },

  plan: ({ keys }, { target, params }) =>
    keys
      .filter(({ idleDays }) => idleDays >= params.days)
      .map(({ id }) => ({ iam: update(target.id, id, 'Inactive') })),

  undo: ({ keys }, { target, now }) =>
    keys
      .filter(({ id, active }) => active && now.keys.some((key) => key.id === id && !key.active))
      .map(({ id }) => ({ iam: update(target.id, id, 'Active') })),

  footprint: ({ keys }) => keys.map(({ id, active }) => ({ id, active })),
});

interface Key {
  readonly id: string;
  readonly active: boolean;
  /** Whole days; of an inactive key 0. */
  readonly idleDays: number;
}

/** Since its last use, or since it was made. */
async function idleDays(iam: IAMClient, AccessKeyId: string, made = new Date()): Promise<number> {
  // A key that is deleted meanwhile must not make its user look gone.
  const reply = await undefinedIfGone(
    iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId })),
    NO_SUCH_ENTITY,
  );
  const since = Math.max(made.getTime(), reply?.AccessKeyLastUsed?.LastUsedDate?.getTime() ?? 0);
  return Math.max(0, Math.floor((Date.now() - since) / DAY_MS));
}

function update(UserName: string, AccessKeyId: string, Status: 'Active' | 'Inactive') {
  return new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status });
}
