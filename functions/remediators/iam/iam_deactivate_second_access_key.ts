import * as z from 'zod';
import { DEACTIVATING, type KeyLife, type Lives, daysBetween, deactivating, livesOf } from './lib/key-lives';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  keep: z.enum(['most-recently-used', 'newest']).default('most-recently-used').describe('the key that stays'),
  rotationDays: z
    .int()
    .min(0)
    .max(90)
    .default(7)
    .describe('days in which a new key may be replacing an old one'),
});
type Params = z.output<typeof params>;

export const bot = defineBot({
  ...DEACTIVATING,
  id: 'iam_deactivate_second_access_key',
  title: 'Leave a user one active access key',
  params,
  from: { keep: 'config', rotationDays: 'config' },

  inspect: async ({ iam }, { target: { id } }) => livesOf(iam, id, { uses: true }),

  ...deactivating(
    'more than one key is active',
    ({ keys }: Lives, { keep }: Params) => {
      const [first, ...others] = keys
        .filter(({ active }) => active)
        .sort((one, other) => rank(other, keep).localeCompare(rank(one, keep)));
      return others.map(({ id }) => ({ id, why: `beside ${first?.id ?? ''}, which stays` }));
    },
    ({ keys, now }, { rotationDays }) => {
      const young = keys.find(({ active, made }) => active && daysBetween(made, now) < rotationDays);
      return young && `${young.id} is new and may be replacing the other: make the old one inactive`;
    },
  ),
});

/** The greater, the rather the key stays; of keys that nobody has used, the newest does. */
function rank({ made, used = '' }: KeyLife, keep: Params['keep']): string {
  return keep === 'newest' ? made : `${used} ${made}`;
}
