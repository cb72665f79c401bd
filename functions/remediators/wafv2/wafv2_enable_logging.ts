import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteLoggingConfigurationCommand,
  GetLoggingConfigurationCommand,
  GetWebACLCommand,
  PutLoggingConfigurationCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { WAF, namedBy } from './lib/waf';
import { createLogGroup, groupRights, hasLogGroup } from '../cloudwatch-logs/lib/own-group';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';
import { type Target, partitionOf } from '../../../shared/resources/target';

const GROUP = groupRights('aws-waf-logs-*');

export const bot = defineBot({
  id: 'wafv2_enable_logging',
  title: 'Log what a web ACL decides',
  resource: 'AWS::WAFv2::WebACL',
  severity: 'low',
  risk: 'safe',
  kind: 'posture',
  permissions: {
    read: ['wafv2:GetLoggingConfiguration', 'wafv2:GetWebACL', ...GROUP.read],
    write: [
      'wafv2:PutLoggingConfiguration',
      ...GROUP.write,
      'logs:CreateLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:PutResourcePolicy',
    ],
    undo: ['wafv2:DeleteLoggingConfiguration', 'logs:DeleteLogDelivery'],
    only: GROUP.only,
  },
  ...WAF,
  clients: { wafv2: WAFV2Client, logs: CloudWatchLogsClient },

  async inspect({ wafv2, logs }, { target: { id } }) {
    await wafv2.send(new GetWebACLCommand(namedBy(id)));
    const read = wafv2.send(new GetLoggingConfigurationCommand({ ResourceArn: id }));
    const found = await undefinedIfGone(read, ...WAF.gone);
    const destinations = found?.LoggingConfiguration?.LogDestinationConfigs ?? [];
    return { destinations, hasGroup: destinations.length > 0 || (await hasLogGroup(logs, groupOf(id))) };
  },

  check: ({ destinations }) => (destinations.length > 0 ? undefined : 'the web ACL logs nothing'),

  plan: ({ hasGroup }, { target }) => [
    ...(hasGroup ? [] : [createLogGroup(groupOf(target.id))]),
    ...afterwards([
      {
        wafv2: new PutLoggingConfigurationCommand({
          LoggingConfiguration: {
            ResourceArn: target.id,
            LogDestinationConfigs: [arnOf(target)],
            RedactedFields: [
              { SingleHeader: { Name: 'authorization' } },
              { SingleHeader: { Name: 'cookie' } },
            ],
          },
        }),
      },
    ]),
  ],

  undo: (_before, { target, now: { destinations } }) =>
    destinations.includes(arnOf(target))
      ? [{ wafv2: new DeleteLoggingConfigurationCommand({ ResourceArn: target.id }) }]
      : [],

  footprint: ({ destinations }) => destinations,
});

/** WAF takes no group of another name. */
function groupOf(arn: string): string {
  return `aws-waf-logs-${namedBy(arn).Name}`;
}

function arnOf({ account, region, id }: Target): string {
  return `arn:${partitionOf(region)}:logs:${region}:${account}:log-group:${groupOf(id)}`;
}
