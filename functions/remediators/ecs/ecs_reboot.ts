import * as z from 'zod';
import { READS, TASK_ROLE, matchParam, stopTask, workloadsOf } from './lib/workloads';
import { defineBot } from '../../../shared/bot/bot';

const MINUTE_MS = 60_000;

export const bot = defineBot({
  id: 'ecs_reboot',
  title: 'Replace the ECS tasks that run with a role by new ones',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  params: z.object({
    match: matchParam,
    // Younger ones are those in the place of others.
    minutes: z.int().min(1).max(60).default(5).describe('how old a task must be, in minutes'),
  }),
  from: { match: 'finding', minutes: 'finding' },
  words: { order: ['match'] },
  permissions: { read: READS, write: ['ecs:StopTask'], undo: [] },
  ...TASK_ROLE,

  async inspect({ ecs }, { target: { id }, params: { match, minutes } }) {
    const { tasks } = await workloadsOf(ecs, id, match);
    const old = tasks.filter(
      ({ service, since }) => service !== undefined && Date.now() - since > minutes * MINUTE_MS,
    );
    return { old };
  },

  check: ({ old }) =>
    old.length === 0 ? undefined : `${old.length} tasks of services run with the role: replace them`,

  plan: ({ old }) => old.map((task) => stopTask(task, 'ecs_reboot')),

  undo: () => ({ irreversible: 'the tasks have ended, and their services have started others' }),
});
