import * as z from 'zod';
import { DEACTIVATING, type Lives, deactivating, livesOf } from './lib/key-lives';
import { loginOf } from './lib/passwords';
import { defineBot } from '../../../shared/bot/bot';

const MINUTE_MS = 60_000;

const params = z.object({
  minutes: z.int().min(1).max(1440).default(5).describe('a key this much younger than its user came with it'),
});

export const bot = defineBot({
  ...DEACTIVATING,
  id: 'iam_deactivate_initial_access_key',
  title: 'Make access keys inactive that were made with their user and never used',
  params,
  from: { minutes: 'config' },
  permissions: {
    read: ['iam:GetUser', 'iam:GetLoginProfile', 'iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'],
    write: ['iam:UpdateAccessKey'],
  },

  async inspect({ iam }, { target: { id: UserName } }): Promise<State> {
    const { user, profile } = await loginOf(iam, UserName);
    const lives = await livesOf(iam, UserName, { uses: true });
    return { ...lives, password: profile !== undefined, born: user?.CreateDate?.toISOString() ?? '' };
  },

  ...deactivating(
    'made with the user, who has a password, and never used',
    ({ keys, password, born }: State, { minutes }: z.output<typeof params>) =>
      keys
        .filter(({ active, used }) => password && active && used === undefined)
        .filter(({ made }) => Date.parse(made) - Date.parse(born) <= minutes * MINUTE_MS)
        .map(({ id, made }) => ({ id, why: `made ${made.slice(0, 10)}` })),
  ),
});

interface State extends Lives {
  readonly password: boolean;
  /** When the user was made, ISO. */
  readonly born: string;
}
