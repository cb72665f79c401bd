import * as z from 'zod';
import { TAGGING, onlyTag, restoreTag, setTag, tagOn } from './lib/tags';
import { defineBot } from '../../../shared/bot/bot';

/** CloudBots' tag: the time in seconds since 1970. */
const MARK = 'marked_for_stop';
const SECONDS = { m: 60, h: 3600, d: 86_400 } as const;

export const bot = defineBot({
  id: 'mark_for_stop_ec2_resource',
  title: 'Mark a resource of EC2 with the time at which it is to be stopped',
  ...TAGGING,
  permissions: { ...TAGGING.permissions, where: { 'ec2:CreateTags': onlyTag(MARK) } },
  severity: 'low',
  risk: 'safe',
  kind: 'response',
  params: z.object({
    time: z
      .string()
      .regex(/^(?=.*[1-9])(\d{1,4}[mMhHdD])+$/, 'must be numbers, each with m, h or d: 30m, 1h30m, 7d')
      .default('24h')
      .describe('how long from now: minutes, hours and days, such as 3h or 1h30m'),
  }),
  from: { time: 'finding' },
  words: { order: ['time'] },

  async inspect({ ec2 }, { target, params: { time } }) {
    const found = await tagOn(ec2, target, MARK);
    const mark = found?.value;
    // In seconds since 1970, by the minute, so that a look a moment later asks for the same.
    const deadline = Math.ceil(Date.now() / 60_000) * 60 + secondsIn(time);
    return found && { deadline, ...(mark !== undefined && { mark }) };
  },

  check({ mark, deadline }) {
    const at = mark !== undefined && /^\d{1,11}$/.test(mark) ? Number(mark) : undefined;
    if (at !== undefined && at <= deadline) return undefined;
    const is = mark === undefined ? 'missing' : JSON.stringify(mark);
    return `the tag ${MARK} is ${is}: it is to be ${deadline} (${new Date(deadline * 1000).toISOString()}) at the latest`;
  },

  plan: ({ deadline }, { target: { id } }) => [setTag(id, MARK, String(deadline))],

  undo: (before, { target, now }) => restoreTag(target.id, MARK, before.mark, now.mark),

  footprint: ({ mark }) => ({ mark }),
});

/** `1h30m` is 5400. */
function secondsIn(time: string): number {
  return [...time.toLowerCase().matchAll(/(\d+)([mhd])/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * SECONDS[unit as keyof typeof SECONDS],
    0,
  );
}
