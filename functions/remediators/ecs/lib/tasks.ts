import {
  DescribeTasksCommand,
  type ECSClient,
  type Task,
  paginateListClusters,
  paginateListTasks,
} from '@aws-sdk/client-ecs';

/** What {@link runningTasks} reads. */
export const TASK_READS = ['ecs:DescribeTasks', 'ecs:ListClusters', 'ecs:ListTasks'] as const;

/** The tasks that are to run, in all clusters of the region, by cluster. */
export async function* runningTasks(
  ecs: ECSClient,
): AsyncGenerator<{ readonly cluster: string; readonly tasks: readonly Task[] }> {
  for await (const { clusterArns = [] } of paginateListClusters({ client: ecs }, {})) {
    for (const cluster of clusterArns) yield { cluster, tasks: await tasksIn(ecs, cluster) };
  }
}

async function tasksIn(ecs: ECSClient, cluster: string): Promise<Task[]> {
  const found: Task[] = [];
  const asked = { cluster, desiredStatus: 'RUNNING' } as const;
  for await (const { taskArns = [] } of paginateListTasks({ client: ecs }, asked)) {
    if (taskArns.length === 0) continue;
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
    found.push(...tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING'));
  }
  return found;
}
