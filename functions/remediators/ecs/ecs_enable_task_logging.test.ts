import { testBot } from '../../../testing/contract';
import { container, revision, revisions } from './fixtures/definitions';
import { bot } from './ecs_enable_task_logging';

const splunk = {
  logConfiguration: { logDriver: 'splunk' as const, options: { 'splunk-token': 'hunter3-hunter3' } },
};
const violation = 'what web prints is kept nowhere';

testBot(bot, {
  violating: [
    {
      name: 'one of two containers logs',
      given: (account) => revision(account, [container('web'), container('proxy', splunk)]),
      violation,
      writes: ['logs:CreateLogGroup', 'ecs:RegisterTaskDefinition'],
      after: {
        later: { containers: [{ logConfiguration: { logDriver: 'awslogs' } }, { name: 'proxy' }] },
      },
      untouched: revisions,
    },
    {
      name: 'Fargate without an execution role',
      given: (account) =>
        revision(account, [container('web')], {
          ...{ requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512', networkMode: 'awsvpc' },
          executionRoleArn: undefined,
        }),
      ...{ violation, writes: [], held: /no execution role/ },
    },
  ],
  compliant: [{ name: 'logs', given: (account) => revision(account, [container('web', splunk)]) }],
  gone: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/cart:9',
});
