import { testBot } from '../../../testing/contract';
import { neighbours, workloads } from './fixtures/workloads';
import { bot } from './ecs_stop';

testBot(bot, {
  violating: [
    {
      name: 'a service and a task outside it, beside those of another role',
      given: (account) => workloads(account),
      violation: '2 tasks run with the role, and 1 services start such tasks',
      writes: ['ecs:UpdateService', 'ecs:StopTask', 'ecs:StopTask'],
      after: { tasks: [], services: [{ desired: 0 }] },
      untouched: neighbours,
    },
    {
      name: 'a service with a task on each instance',
      given: (account) => workloads(account, { schedulingStrategy: 'DAEMON' }),
      violation: /and 1 services/,
      writes: [],
      held: /cart runs one task on each instance/,
    },
  ],
  compliant: [
    {
      name: 'the role is not the one that pulls images',
      given: (account) => workloads(account),
      params: { match: 'execution' },
    },
    {
      name: 'a role without tasks',
      given: async (account) => {
        await workloads(account);
        return 'app';
      },
    },
  ],
});
