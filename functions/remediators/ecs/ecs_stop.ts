import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import * as z from 'zod';
import { READS, type RoleService, TASK_ROLE, matchParam, stopTask, workloadsOf } from './lib/workloads';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

export const bot = defineBot({
  id: 'ecs_stop',
  title: 'Stop the ECS tasks that run with a role',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'response',
  params: z.object({ match: matchParam }),
  from: { match: 'finding' },
  words: { order: ['match'] },
  permissions: { read: READS, write: ['ecs:StopTask', 'ecs:UpdateService'], undo: ['ecs:UpdateService'] },
  ...TASK_ROLE,

  inspect: ({ ecs }, { target: { id }, params: { match } }) => workloadsOf(ecs, id, match),

  check({ tasks, services }) {
    const running = services.filter((service) => service.isDaemon || service.desired > 0);
    if (tasks.length === 0 && running.length === 0) return undefined;
    return `${tasks.length} tasks run with the role, and ${running.length} services start such tasks`;
  },

  plan({ tasks, services }) {
    const daemons = services.filter(({ isDaemon }) => isDaemon).map(({ arn }) => nameOf(arn));
    if (daemons.length > 0)
      return {
        held: `${daemons.join(', ')} runs one task on each instance: delete the service, or change its role`,
      };
    const running = services.filter(({ desired }) => desired > 0);
    const stops = tasks.map((task) => stopTask(task, 'ecs_stop'));
    // A task that is stopped first is replaced.
    return [...running.map((service) => setDesired(service, 0)), ...afterwards(stops)];
  },

  undo: (before, { now }) =>
    before.services.flatMap((service) => {
      const stands = now.services.find(({ arn }) => arn === service.arn);
      return stands?.desired === 0 && service.desired > 0 ? [setDesired(stands, service.desired)] : [];
    }),

  footprint: ({ services }) => services.map(({ arn, desired }) => ({ arn, desired })),
});

function setDesired({ cluster, arn }: RoleService, desiredCount: number) {
  return { ecs: new UpdateServiceCommand({ cluster, service: arn, desiredCount }) };
}

function nameOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
