import { createHash } from 'node:crypto';

/** Of the 64 characters that Lambda takes, these are the bot's: with `selfheal-`, `-bot-` and a stage of ten they are all. */
const MOST = 40;
const DIGEST = 6;

/** What the name of a bot's function ends with: its id, which where it is too long ends with a digest of itself. */
export function functionSuffix(bot: string): string {
  if (bot.length <= MOST) return bot;
  const digest = createHash('sha256').update(bot).digest('hex').slice(0, DIGEST);
  return `${bot.slice(0, MOST - DIGEST - 1)}_${digest}`;
}
