import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bot } from './log_group_set_retention';

/** Beside a group whose name is longer, and that keeps its events for a day. */
const given = async ({ client }: Account, retentionInDays: number) => {
  const logs = client(CloudWatchLogsClient);
  for (const [logGroupName, days] of [
    ['/app/orders', retentionInDays] as const,
    ['/app/orders-2', 1] as const,
  ]) {
    await logs.send(new CreateLogGroupCommand({ logGroupName, tags: { team: 'a' } }));
    if (days > 0) await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: days }));
  }
  return '/app/orders';
};

testSetting(bot, {
  given,
  wrong: 30,
  right: 365,
  violation: 'events are deleted after 30 days: keep them for 365',
  writes: ['logs:PutRetentionPolicy'],
  untouched: async ({ client }, id) => {
    const { logGroups = [] } = await client(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({}));
    return logGroups.map((one) => (one.logGroupName === id ? one.arn : one));
  },
  gone: '/app/gone',
  more: {
    compliant: [
      { name: 'longer', given: (account) => given(account, 400) },
      { name: 'for ever', given: (account) => given(account, 0) },
      { name: 'as long as config.ts says', given: (account) => given(account, 30), params: { days: 30 } },
      {
        name: 'a group for delivery, which keeps what it keeps',
        given: (account) => {
          // moto knows no such class.
          const logGroups = [{ logGroupName: '/d', logGroupClass: 'DELIVERY', retentionInDays: 2 }];
          account.script({ DescribeLogGroups: () => ({ logGroups }) });
          return Promise.resolve('/d');
        },
      },
    ],
  },
});
