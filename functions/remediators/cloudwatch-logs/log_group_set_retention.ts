import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod';
import { defineSetting } from '../../../shared/bot/setting';

/** How long a log group keeps events that it keeps for ever. */
const FOR_EVER = 0;
/** The days that CloudWatch Logs takes. Source: PutRetentionPolicy. */
const DAYS = [
  ...([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827] as const),
  ...([2192, 2557, 2922, 3288, 3653] as const),
] as const;

export const bot = defineSetting({
  id: 'log_group_set_retention',
  title: 'Keep the events of a log group long enough',
  resource: 'AWS::Logs::LogGroup',
  severity: 'medium',
  risk: 'safe',
  params: z.object({ days: z.literal(DAYS).default(365).describe('how long events are kept, at least') }),
  from: { days: 'config' },
  words: { order: ['days'] },
  permissions: { read: ['logs:DescribeLogGroups'], write: ['logs:PutRetentionPolicy'] },
  clients: { logs: CloudWatchLogsClient },

  async inspect({ logs }, { target: { id } }) {
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: id }));
    const group = logGroups.find(({ logGroupName }) => logGroupName === id);
    if (!group) return undefined;
    return { is: group.retentionInDays ?? FOR_EVER, isDelivery: group.logGroupClass === 'DELIVERY' };
  },
  want: ({ days }) => ({
    isMetBy: (is) => is === FOR_EVER || is >= days,
    startingFrom: () => days,
  }),
  says: ({ is }, { params: { days } }) => `events are deleted after ${is} days: keep them for ${days}`,
  obstacle: ({ isDelivery }) =>
    isDelivery ? { notApplicable: 'a group of this class keeps events for two days' } : undefined,
  write: (retentionInDays, { target: { id: logGroupName } }) => ({
    logs: new PutRetentionPolicyCommand({ logGroupName, retentionInDays }),
  }),
});
