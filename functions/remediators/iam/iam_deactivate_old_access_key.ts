import { IAMClient } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { accessKey } from './lib/access-keys';
import { findUser } from './lib/find';
import { NO_SUCH_ENTITY } from './lib/iam';
import { type Lives, daysBetween, deactivating, livesOf } from './lib/key-lives';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  days: z.int().min(1).max(3650).default(90).describe('whole days since the key was made'),
});

export const bot = defineBot({
  id: 'iam_deactivate_old_access_key',
  title: 'Make access keys inactive that were not rotated',
  resource: 'AWS::IAM::User',
  alsoOn: ['AWS::IAM::AccessKey'],
  severity: 'medium',
  risk: 'disruptive',
  kind: 'posture',
  recheck: 'daily',
  params,
  from: { days: 'finding' },
  byControl: { 'IAM-001': { days: 30 } },
  permissions: { read: ['iam:GetAccessKeyLastUsed', 'iam:ListAccessKeys'], write: ['iam:UpdateAccessKey'] },
  controls: {
    securityHub: ['IAM.3'],
    cis: { '3.0': ['1.14'], '5.0': ['1.13'], '6.0': ['2.13'], '7.0': ['2.12'] },
    conformity: ['IAM-001', 'IAM-038'],
    config: ['ACCESS_KEYS_ROTATED'],
    prowler: ['iam_rotate_access_key_90_days'],
  },
  docs: {
    why: 'The older a key is, the more places it has been copied to.',
    effect: [
      'Active keys that were made so many days ago are made inactive, and so is one that is in use: programs that work with it stop.',
      'Where a finding names a key, only that key is looked at.',
      'Undo makes exactly those keys active again.',
    ],
    references: ['https://docs.aws.amazon.com/config/latest/developerguide/access-keys-rotated.html'],
  },
  finder: findUser,
  clients: { iam: IAMClient },
  gone: [NO_SUCH_ENTITY],

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
