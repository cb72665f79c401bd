import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs';

/** What it takes to make a log group that is called so, as far as its name is fixed: `/aws/network-firewall/*`. */
export function groupRights(name: string) {
  return {
    read: ['logs:DescribeLogGroups'],
    write: ['logs:CreateLogGroup', 'logs:TagResource'],
    only: { 'logs:CreateLogGroup': `log-group:${name}`, 'logs:TagResource': `log-group:${name}` },
  } as const;
}

/** Whether there is a log group of that name. Reads `logs:DescribeLogGroups`. */
export async function hasLogGroup(logs: CloudWatchLogsClient, name: string): Promise<boolean> {
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
  return logGroups.some(({ logGroupName }) => logGroupName === name);
}

/** Makes it, with the tag that tells what selfheal made. Its records are kept until somebody says how long. */
export function createLogGroup(logGroupName: string) {
  return { logs: new CreateLogGroupCommand({ logGroupName, tags: { selfheal: 'logs' } }) };
}
