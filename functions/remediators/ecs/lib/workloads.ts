import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  type Service,
  StopTaskCommand,
  type Task,
  paginateListServices,
} from '@aws-sdk/client-ecs';
import * as z from 'zod';
import { TASK_READS, runningTasks } from './tasks';

/** Which of the roles of a task is meant. */
export const matchParam = z
  .enum(['task', 'execution', 'either'])
  .default('either')
  .describe(
    'what the role is to the tasks: the one that the software in them has, the one that ECS pulls images with',
  );

/** What bots share that act on the tasks of a role. */
export const TASK_ROLE = { resource: 'AWS::IAM::Role', clients: { ecs: ECSClient } } as const;

/** What it takes to find the tasks of a role. */
export const READS = [
  'ecs:DescribeServices',
  'ecs:DescribeTaskDefinition',
  'ecs:ListServices',
  ...TASK_READS,
] as const;

/** A task that runs with the role. */
export interface RunningTask {
  readonly cluster: string;
  readonly arn: string;
  /** Name of the service that it belongs to; it starts another in its place. */
  readonly service?: string;
  /** When it was made, in milliseconds. */
  readonly since: number;
}

/** A service whose tasks run with the role. */
export interface RoleService {
  readonly cluster: string;
  readonly arn: string;
  readonly desired: number;
  /** Runs one task on each instance, and has no number of tasks to set. */
  readonly isDaemon: boolean;
}

/** The running tasks and the services of a role, in all clusters of the region. */
export async function workloadsOf(ecs: ECSClient, role: string, match: z.output<typeof matchParam>) {
  const roles = rolesOfDefinitions(ecs);
  const isRole = (arn?: string) => arn?.split('/').at(-1) === role;
  const has = ({ taskRoleArn, executionRoleArn }: Roles) =>
    (match !== 'execution' && isRole(taskRoleArn)) || (match !== 'task' && isRole(executionRoleArn));
  const tasks: RunningTask[] = [];
  const services: RoleService[] = [];
  for await (const { cluster, tasks: running } of runningTasks(ecs)) {
    for (const task of running) {
      const usual = await roles(task.taskDefinitionArn);
      const { taskRoleArn = usual.taskRoleArn, executionRoleArn = usual.executionRoleArn } =
        task.overrides ?? {};
      if (has({ taskRoleArn, executionRoleArn })) tasks.push(runningTask(cluster, task));
    }
    for (const service of await servicesIn(ecs, cluster)) {
      const runs = tasks.some((task) => task.cluster === cluster && task.service === service.serviceName);
      if (runs || has(await roles(service.taskDefinition))) services.push(roleService(cluster, service));
    }
  }
  return { tasks, services };
}

/** Stops the task, and says which bot did. */
export function stopTask({ cluster, arn }: RunningTask, bot: string) {
  return { ecs: new StopTaskCommand({ cluster, task: arn, reason: `selfheal: ${bot}` }) };
}

interface Roles {
  readonly taskRoleArn?: string | undefined;
  readonly executionRoleArn?: string | undefined;
}

/** The roles of a task definition, each read once. */
function rolesOfDefinitions(ecs: ECSClient): (arn?: string) => Promise<Roles> {
  const known = new Map<string, Roles>();
  return async (taskDefinition) => {
    if (taskDefinition === undefined) return {};
    const found = known.get(taskDefinition);
    if (found) return found;
    const reply = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    const { taskRoleArn, executionRoleArn } = reply.taskDefinition ?? {};
    const roles = { taskRoleArn, executionRoleArn };
    known.set(taskDefinition, roles);
    return roles;
  };
}

async function servicesIn(ecs: ECSClient, cluster: string): Promise<Service[]> {
  const found: Service[] = [];
  // DescribeServices takes ten at a time.
  for await (const { serviceArns = [] } of paginateListServices({ client: ecs, pageSize: 10 }, { cluster })) {
    if (serviceArns.length === 0) continue;
    const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: serviceArns }));
    found.push(...services.filter(({ status }) => status === 'ACTIVE'));
  }
  return found;
}

function runningTask(cluster: string, { taskArn: arn = '', group, createdAt, startedAt }: Task): RunningTask {
  const [, service] = /^service:(.+)$/.exec(group ?? '') ?? [];
  const since = (createdAt ?? startedAt)?.getTime() ?? 0;
  return { cluster, arn, since, ...(service !== undefined && { service }) };
}

function roleService(
  cluster: string,
  { serviceArn: arn = '', desiredCount: desired = 0, schedulingStrategy }: Service,
): RoleService {
  return { cluster, arn, desired, isDaemon: schedulingStrategy === 'DAEMON' };
}
