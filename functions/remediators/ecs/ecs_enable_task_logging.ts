import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { type ContainerDefinition, ECSClient, type TaskDefinition } from '@aws-sdk/client-ecs';
import {
  REVISION_RIGHTS,
  type Revision,
  TASK_DEFINITION,
  deregister,
  readRevision,
  register,
} from './lib/revision';
import { createLogGroup, groupRights, hasLogGroup } from '../cloudwatch-logs/lib/own-group';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

const GROUP = groupRights('/ecs/*');

export const bot = defineBot({
  id: 'ecs_enable_task_logging',
  title: 'Send what the containers of a task definition print to CloudWatch Logs',
  severity: 'high',
  risk: 'disruptive',
  kind: 'posture',
  permissions: {
    read: [...REVISION_RIGHTS.read, ...GROUP.read],
    write: [...REVISION_RIGHTS.write, ...GROUP.write],
    undo: REVISION_RIGHTS.undo,
    elsewhere: REVISION_RIGHTS.elsewhere,
    only: GROUP.only,
  },
  ...TASK_DEFINITION,
  clients: { ecs: ECSClient, logs: CloudWatchLogsClient },

  async inspect({ ecs, logs }, { target: { id } }): Promise<State | undefined> {
    const revision = await readRevision(ecs, id);
    return revision && { ...revision, hasGroup: await hasLogGroup(logs, groupOf(revision.definition)) };
  },

  check({ definition: { containerDefinitions = [] }, later }) {
    const silent = containerDefinitions.filter((one) => !one.logConfiguration?.logDriver);
    if (later || silent.length === 0) return undefined;
    return `what ${silent.map(({ name }) => name).join(', ')} prints is kept nowhere`;
  },

  plan(state, { target: { region } }) {
    const { definition, hasGroup } = state;
    if (definition.requiresCompatibilities?.includes('FARGATE') && !definition.executionRoleArn) {
      return { held: 'it has no execution role, with which Fargate sends logs: give it one first' };
    }
    return [
      ...(hasGroup ? [] : [createLogGroup(groupOf(definition))]),
      ...afterwards([register(state, logging(definition, region))]),
    ];
  },

  undo: ({ definition }, { target: { region }, now }) => deregister(now, logging(definition, region)),

  footprint: ({ later }) => ({ isLatest: later === undefined }),
});

interface State extends Revision {
  readonly hasGroup: boolean;
}

function groupOf({ family = '' }: TaskDefinition): string {
  return `/ecs/${family}`;
}

function logging(definition: TaskDefinition, region: string): ContainerDefinition[] {
  const options = (name = '') => ({
    'awslogs-group': groupOf(definition),
    'awslogs-region': region,
    'awslogs-stream-prefix': name,
  });
  return (definition.containerDefinitions ?? []).map((container) =>
    container.logConfiguration?.logDriver
      ? container
      : { ...container, logConfiguration: { logDriver: 'awslogs', options: options(container.name) } },
  );
}
