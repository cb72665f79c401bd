import { GetRuleGroupCommand, UpdateRuleGroupCommand, type VisibilityConfig } from '@aws-sdk/client-wafv2';
import { WAF, namedBy, withBytes, withTexts } from './lib/waf';
import { defineSetting } from '../../../shared/bot/setting';

/** The group itself, among the names of its rules, which are never empty. */
const GROUP = '';

export const bot = defineSetting({
  id: 'wafv2_enable_rule_metrics',
  title: 'Count what the rules of a WAF rule group match',
  attribute: 'without metrics',
  resource: 'AWS::WAFv2::RuleGroup',
  severity: 'medium',
  risk: 'safe',
  permissions: { read: ['wafv2:GetRuleGroup'], write: ['wafv2:UpdateRuleGroup'] },
  ...WAF,

  async inspect({ wafv2 }, { target: { id } }) {
    const { RuleGroup: group, LockToken = '' } = await wafv2.send(new GetRuleGroupCommand({ ARN: id }));
    if (!group) return undefined;
    const { Rules: rules = [], VisibilityConfig: visibility, Description, CustomResponseBodies } = group;
    const silent = rules.filter((rule) => !rule.VisibilityConfig?.CloudWatchMetricsEnabled);
    const is = silent.map(({ Name = '' }) => Name);
    if (!visibility?.CloudWatchMetricsEnabled) is.unshift(GROUP);
    const rest = {
      ...(Description && { Description }),
      ...(CustomResponseBodies && { CustomResponseBodies }),
    };
    return { is, rules: withTexts(rules), visibility, rest, LockToken };
  },
  want: [],
  says: ({ is }) => `no metrics of ${is.map((name) => (name === GROUP ? 'the group' : name)).join(', ')}`,
  write(silent, { target: { id } }, { rules, visibility, rest, LockToken }) {
    // Undo leaves rules alone that have come since.
    const on = (name: string, is = false) => !silent.includes(name) && (silent.length === 0 || is);
    const counted = (config?: VisibilityConfig, name = GROUP) =>
      config && { ...config, CloudWatchMetricsEnabled: on(name, config.CloudWatchMetricsEnabled) };
    const Rules = rules.map((rule) => ({
      ...rule,
      VisibilityConfig: counted(rule.VisibilityConfig, rule.Name),
    }));
    return {
      wafv2: new UpdateRuleGroupCommand({
        ...{ ...namedBy(id), ...rest, LockToken, Rules: withBytes(Rules) },
        VisibilityConfig: counted(visibility),
      }),
    };
  },
});
