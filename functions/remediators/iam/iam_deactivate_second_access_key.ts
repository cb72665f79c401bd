import * as z from 'zod';
import { type KeyLife, type Lives, daysBetween, deactivating, livesOf } from './lib/key-lives';
import { USER } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  keep: z.enum(['most-recently-used', 'newest']).default('most-recently-used').describe('the key that stays'),
  rotationDays: z
    .int()
    .min(0)
    .max(90)
    .default(7)
    .describe('so long after the newer key was made both may be needed, since the older is being rotated'),
});
type Params = z.output<typeof params>;

export const bot = defineBot({
  ...USER,
  id: 'iam_deactivate_second_access_key',
  title: 'Leave a user one active access key',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'posture',
  recheck: 'daily',
  params,
  from: { keep: 'config', rotationDays: 'config' },
  permissions: { read: ['iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'], write: ['iam:UpdateAccessKey'] },

  inspect: async ({ iam }, { target: { id } }) => livesOf(iam, id, { uses: true }),

  ...deactivating(
    'more than one key is active',
    ({ keys }: Lives, { keep }: Params) => {
      const active = keys.filter((key) => key.active);
      const [first, ...others] = active.toSorted((one, other) =>
        rank(other, keep).localeCompare(rank(one, keep)),
      );
      return others.map(({ id }) => ({ id, why: `beside ${first?.id ?? ''}, which stays` }));
    },
    ({ keys, now }, { rotationDays }) => {
      const young = keys.find(({ active, made }) => active && daysBetween(made, now) < rotationDays);
      return (
        young && `${young.id} is new, and the other key may be under rotation: make the old one inactive`
      );
    },
  ),
});

/** The greater, the rather the key stays; of keys that nobody has used, the newest does. */
function rank({ made, used = '' }: KeyLife, keep: Params['keep']): string {
  return keep === 'newest' ? made : `${used} ${made}`;
}
