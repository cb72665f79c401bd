import { ECSClient, StopTaskCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import * as z from 'zod';
import { READS, matchParam, type RoleService, workloadsOf } from './lib/workloads';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

export const bot = defineBot({
  id: 'ecs_stop',
  title: 'Stop the ECS tasks that run with a role',
  resource: 'AWS::IAM::Role',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'response',
  params: z.object({ match: matchParam }),
  from: { match: 'finding' },
  words: { order: ['match'] },
  permissions: {
    read: READS,
    write: ['ecs:StopTask', 'ecs:UpdateService'],
    undo: ['ecs:UpdateService'],
  },
  docs: {
    why: 'Whoever has got into a container works with its role until the task ends, and a service starts the next one.',
    effect: [
      'Services whose tasks run with the role are set to no tasks, and all tasks of the role are stopped, in all clusters of the region that the finding names.',
      'Tasks and services of other roles run on, also on the same instances, which CloudBots would drain.',
      'A service that runs one task on each instance has no number to set: the bot holds.',
      'Application Auto Scaling may raise the number again where its minimum is above none.',
      'Undo sets the services back to their numbers of tasks; tasks outside a service are not started again.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html',
      'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html',
    ],
  },
  clients: { ecs: ECSClient },

  inspect: ({ ecs }, { target: { id }, params: { match } }) => workloadsOf(ecs, id, match),

  check({ tasks, services }) {
    const running = services.filter((service) => service.isDaemon || service.desired > 0);
    if (tasks.length === 0 && running.length === 0) return undefined;
    return `${tasks.length} tasks run with the role, and ${running.length} services start such tasks`;
  },

  plan({ tasks, services }) {
    const daemons = services.filter(({ isDaemon }) => isDaemon).map(({ arn }) => nameOf(arn));
    if (daemons.length > 0) {
      return {
        held: `${daemons.join(', ')} runs one task on each instance: delete the service, or change its role`,
      };
    }
    const running = services.filter(({ desired }) => desired > 0);
    const stops = tasks.map(({ cluster, arn }) => ({
      ecs: new StopTaskCommand({ cluster, task: arn, reason: 'selfheal: ecs_stop' }),
    }));
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
