import { ECSClient } from '@aws-sdk/client-ecs';
import { testBot } from '../../../testing/contract';
import { neighbours, workloads } from './fixtures/workloads';
import { bot } from './ecs_reboot';

testBot(bot, {
  violating: [
    {
      name: 'a task of a service, beside one outside it and those of another role',
      given: (account) => workloads(account),
      violation: '1 tasks of services run with the role',
      writes: ['ecs:StopTask'],
      after: { old: [] },
      untouched: neighbours,
      irreversible: /their services have started others/,
    },
  ],
  compliant: [
    {
      name: 'the role is not the one that pulls images',
      given: (account) => workloads(account),
      params: { match: 'execution' },
    },
  ],
});

describe('ecs_reboot', () => {
  test('a task that has just taken the place of another is left alone', async () => {
    const cluster = 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop';
    const task = { taskArn: 't', taskDefinitionArn: 'd', group: 'service:cart', desiredStatus: 'RUNNING' };
    const answers: Readonly<Record<string, object>> = {
      ListClustersCommand: { clusterArns: [cluster] },
      ListTasksCommand: { taskArns: ['t'] },
      DescribeTasksCommand: { tasks: [{ ...task, createdAt: new Date() }] },
      DescribeTaskDefinitionCommand: { taskDefinition: { taskRoleArn: 'arn:aws:iam::1:role/cart' } },
    };
    const send = ({ constructor }: object) => Promise.resolve(answers[constructor.name] ?? {});
    const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'cart' };
    const context = { target, params: { match: 'either' as const, minutes: 5 } };
    // moto's tasks have no age.
    const ecs = Object.assign(new ECSClient({}), { send });
    const state = await bot.inspect({ ecs }, context);
    expect(state).toEqual({ old: [] });
  });
});
