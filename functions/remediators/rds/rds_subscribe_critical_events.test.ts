import {
  CreateEventSubscriptionCommand,
  DescribeEventSubscriptionsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_subscribe_critical_events';

/** The subscription `shop`, and `neighbour` just like it. */
const subscription =
  (Enabled: boolean, EventCategories: string[], SourceType = 'db-instance') =>
  async ({ account, client }: Account) => {
    for (const SubscriptionName of ['neighbour', 'shop']) {
      await client(RDSClient).send(
        new CreateEventSubscriptionCommand({
          SubscriptionName,
          SnsTopicArn: `arn:aws:sns:eu-west-1:${account}:databases`,
          SourceType,
          EventCategories,
          Enabled,
        }),
      );
    }
    return 'shop';
  };

/** All of the other subscription, and the topic and source of this one. */
const untouched = async ({ client }: Account, id: string) => {
  const { EventSubscriptionsList = [] } = await client(RDSClient).send(
    new DescribeEventSubscriptionsCommand({}),
  );
  return EventSubscriptionsList.map(({ Enabled, EventCategoriesList, ...one }) =>
    one.CustSubscriptionId === id ? one : { ...one, Enabled, EventCategoriesList },
  );
};

testSetting(bot, {
  given: (account, { enabled, categories }) => subscription(enabled, categories)(account),
  wrong: { enabled: true, categories: ['backup', 'failure'] },
  right: { enabled: true, categories: ['backup', 'configuration change', 'failure', 'maintenance'] },
  violation: /events of db-instance: configuration change, maintenance$|turned off/,
  writes: ['rds:ModifyEventSubscription'],
  untouched,
  gone: 'no-such-subscription',
  more: {
    violating: [
      {
        name: 'all categories, and turned off',
        given: subscription(false, []),
        after: { is: { enabled: true, categories: [] } },
      },
    ],
    compliant: [{ name: 'of snapshots', given: subscription(true, ['creation'], 'db-snapshot') }],
  },
});

// DescribeEventSubscriptions: moto's are active from the start.
test.each([
  ['modifying', 'waiting'],
  ['topic-not-exist', 'held'],
])('a subscription that is %s is %s', (status, outcome) => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'shop' };
  const state = { is: { enabled: false, categories: [] }, of: 'db-cluster', status };
  expect(bot.plan(state, { target, params: {} })).toEqual({ [outcome]: expect.stringContaining(status) });
});
