import {
  CreateWebACLCommand,
  GetWebACLCommand,
  ListLoggingConfigurationsCommand,
  PutLoggingConfigurationCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { type Account, testBot } from '../../../testing/contract';
import { createLogGroup } from '../cloudwatch-logs/lib/own-group';
import { namedBy } from './lib/waf';
import { bot } from './wafv2_enable_logging';

/** The web ACLs `web`, which is answered with, and `neighbour`, which logs. */
const acls =
  (elsewhere?: string) =>
  async ({ client, account, region }: Account) => {
    const wafv2 = client(WAFV2Client);
    const VisibilityConfig = {
      MetricName: 'web',
      CloudWatchMetricsEnabled: true,
      SampledRequestsEnabled: true,
    };
    let ResourceArn = '';
    for (const Name of ['neighbour', 'web']) {
      const { Summary } = await wafv2.send(
        new CreateWebACLCommand({ Name, Scope: 'REGIONAL', DefaultAction: { Allow: {} }, VisibilityConfig }),
      );
      ResourceArn = Summary?.ARN ?? '';
      const group = Name === 'web' ? elsewhere : 'aws-waf-logs-neighbour';
      if (group === undefined) continue;
      await client(CloudWatchLogsClient).send(createLogGroup(group).logs);
      const LogDestinationConfigs = [`arn:aws:logs:${region}:${account}:log-group:${group}`];
      const LoggingConfiguration = { ResourceArn, LogDestinationConfigs };
      await wafv2.send(new PutLoggingConfigurationCommand({ LoggingConfiguration }));
    }
    return ResourceArn;
  };

testBot(bot, {
  violating: [
    {
      name: 'logs nothing, beside one that logs',
      given: acls(),
      violation: 'the web ACL logs nothing',
      writes: ['logs:CreateLogGroup', 'wafv2:PutLoggingConfiguration'],
      after: { destinations: [expect.stringMatching(/:log-group:aws-waf-logs-web$/)] },
      untouched: async ({ client }, id) => {
        const wafv2 = client(WAFV2Client);
        const { LoggingConfigurations = [] } = await wafv2.send(
          new ListLoggingConfigurationsCommand({ Scope: 'REGIONAL' }),
        );
        const { WebACL } = await wafv2.send(new GetWebACLCommand(namedBy(id)));
        return [LoggingConfigurations.filter(({ ResourceArn }) => ResourceArn !== id), WebACL];
      },
    },
  ],
  compliant: [{ name: 'logs elsewhere', given: acls('aws-waf-logs-central') }],
  gone: 'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/gone/a1b2c3d4-5678-90ab-cdef-000000000001',
});
