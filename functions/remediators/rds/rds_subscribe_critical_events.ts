import {
  DescribeEventSubscriptionsCommand,
  ModifyEventSubscriptionCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { defineSetting } from '../../../shared/bot/setting';

/** By what they are events of, those that nobody should miss. Source: Security Hub User Guide, RDS.19 to RDS.22. */
const CRITICAL = new Map([
  ['db-cluster', ['failure', 'maintenance']],
  ['db-instance', ['configuration change', 'failure', 'maintenance']],
  ['db-parameter-group', ['configuration change']],
  ['db-security-group', ['configuration change', 'failure']],
]);

export const bot = defineSetting({
  id: 'rds_subscribe_critical_events',
  title: 'Tell whoever subscribes to the events of RDS of failures and maintenance too',
  resource: 'AWS::RDS::EventSubscription',
  severity: 'low',
  risk: 'safe',
  permissions: { read: ['rds:DescribeEventSubscriptions'], write: ['rds:ModifyEventSubscription'] },
  clients: { rds: RDSClient },
  gone: ['SubscriptionNotFoundFault'],

  async inspect({ rds }, { target: { id } }) {
    const { EventSubscriptionsList: [found] = [] } = await rds.send(
      new DescribeEventSubscriptionsCommand({ SubscriptionName: id }),
    );
    const { Status: status = 'deleting', SourceType: of = '', EventCategoriesList = [] } = found ?? {};
    if (status === 'deleting') return undefined;
    return {
      is: { enabled: found?.Enabled ?? false, categories: EventCategoriesList.toSorted() },
      of,
      status,
    };
  },
  // A subscription without categories has all of them.
  want: (_params, { of }) => ({
    isMetBy: ({ enabled, categories }) => enabled && missing(of, categories).length === 0,
    startingFrom: ({ categories }) => ({
      enabled: true,
      categories: [...categories, ...missing(of, categories)].sort(),
    }),
  }),
  says: ({ is, of }) =>
    is.enabled
      ? `it tells nobody of events of ${of}: ${missing(of, is.categories).join(', ')}`
      : 'the subscription is turned off',
  obstacle({ of, status }) {
    if (!CRITICAL.has(of)) return { notApplicable: `no events of ${of || 'everything'} are critical` };
    if (status === 'active') return undefined;
    return /^(creating|modifying)$/.test(status)
      ? { waiting: `the subscription is ${status}` }
      : { held: `the subscription is ${status}: mend its topic first` };
  },
  write: ({ enabled, categories }, { target: { id } }, { of }) => ({
    rds: new ModifyEventSubscriptionCommand({
      SubscriptionName: id,
      Enabled: enabled,
      ...(categories.length > 0 && { SourceType: of, EventCategories: categories }),
    }),
  }),
});

function missing(of: string, categories: readonly string[]): string[] {
  const wanted = categories.length === 0 ? [] : (CRITICAL.get(of) ?? []);
  return wanted.filter((category) => !categories.includes(category));
}
