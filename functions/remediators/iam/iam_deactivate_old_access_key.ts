import * as z from 'zod';
import { accessKey } from './lib/access-keys';
import { DEACTIVATING, type Lives, daysBetween, deactivating, livesOf } from './lib/key-lives';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  days: z.int().min(1).max(3650).default(90).describe('whole days since the key was made'),
});

export const bot = defineBot({
  ...DEACTIVATING,
  id: 'iam_deactivate_old_access_key',
  title: 'Make access keys inactive that were not rotated',
  alsoOn: ['AWS::IAM::AccessKey'],
  params,
  from: { days: 'finding' },
  byControl: { 'IAM-001': { days: 30 } },

  async inspect({ iam }, { target: { type, id } }): Promise<Lives | undefined> {
    if (type === 'AWS::IAM::User') return livesOf(iam, id, { uses: false });
    const key = await accessKey(iam, id);
    if (key?.obstacle !== undefined)
      return { now: new Date().toISOString(), user: '', keys: [], obstacle: key.obstacle };
    const lives = key && (await livesOf(iam, key.user, { uses: false }));
    return lives && { ...lives, keys: lives.keys.filter((one) => one.id === id) };
  },

  ...deactivating('not rotated', ({ keys, now }: Lives, { days }: z.output<typeof params>) =>
    keys
      .map(({ id, active, made }) => ({ id, active, age: daysBetween(made, now) }))
      .filter(({ active, age }) => active && age >= days)
      .map(({ id, age }) => ({ id, why: `made ${age} days ago` })),
  ),
});
