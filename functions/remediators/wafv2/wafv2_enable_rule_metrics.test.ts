import {
  CreateRuleGroupCommand,
  GetRuleGroupCommand,
  ListRuleGroupsCommand,
  type Rule,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { testSetting } from '../../../testing/setting';
import { withBytes, withTexts } from './lib/waf';
import { bot } from './wafv2_enable_rule_metrics';

const visible = (MetricName: string, CloudWatchMetricsEnabled: boolean) => ({
  ...{ MetricName, CloudWatchMetricsEnabled },
  SampledRequestsEnabled: true,
});
const rule = (Name: string, Priority: number, metrics: boolean): Rule => ({
  ...{ Name, Priority, Action: { Block: {} } },
  Statement: { GeoMatchStatement: { CountryCodes: ['AQ'] } },
  VisibilityConfig: visible(Name, metrics),
});

testSetting(bot, {
  wrong: ['', 'geo'],
  right: [],
  given: async ({ client }, silent) => {
    let arn = '';
    for (const Name of ['neighbour', 'web']) {
      const { Summary } = await client(WAFV2Client).send(
        new CreateRuleGroupCommand({
          ...{ Name, Scope: 'REGIONAL', Capacity: 10, Description: 'Keeps penguins out' },
          Rules: [rule('geo', 1, !silent.includes('geo')), rule('other', 2, true)],
          VisibilityConfig: visible(Name, !silent.includes('')),
        }),
      );
      arn = Summary?.ARN ?? '';
    }
    return arn;
  },
  violation: 'no metrics of the group, geo',
  writes: ['wafv2:UpdateRuleGroup'],
  untouched: async ({ client }, id) => {
    const wafv2 = client(WAFV2Client);
    const { RuleGroups = [] } = await wafv2.send(new ListRuleGroupsCommand({ Scope: 'REGIONAL' }));
    const groups = RuleGroups.map(async ({ ARN }) => {
      const { RuleGroup } = await wafv2.send(new GetRuleGroupCommand({ ARN }));
      const { Rules = [], VisibilityConfig: _, ...rest } = RuleGroup ?? {};
      const [geo, ...others] = Rules;
      return ARN === id ? [rest, { ...geo, VisibilityConfig: undefined }, others] : RuleGroup;
    });
    return Promise.all(groups);
  },
  gone: 'arn:aws:wafv2:eu-west-1:123456789012:regional/rulegroup/gone/a1b2c3d4-5678-90ab-cdef-000000000001',
});

test('the bytes in a rule survive the journal', () => {
  const search = { ByteMatchStatement: { SearchString: new Uint8Array([0, 200, 255]) } };
  const texts = JSON.parse(JSON.stringify(withTexts([search]))) as (typeof search)[];
  expect(withBytes(texts)).toEqual([search]);
});
