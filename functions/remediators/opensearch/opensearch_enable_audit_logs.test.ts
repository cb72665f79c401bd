import { testBot } from '../../../testing/contract';
import { domainWith, domainsBut } from './fixtures/domains';
import { bot } from './opensearch_enable_audit_logs';

const violation = 'what users do in the domain is logged nowhere';
const users = { AdvancedSecurityOptions: { Enabled: true, InternalUserDatabaseEnabled: true } };

testBot(bot, {
  violating: [
    {
      name: 'logs nothing of its users',
      given: (account) => domainWith(account, users),
      violation,
      writes: ['logs:CreateLogGroup', 'logs:PutResourcePolicy', 'es:UpdateDomainConfig'],
      after: {
        on: true,
        group: expect.stringMatching(/:log-group:\/aws\/opensearch\/logs\/audit$/) as string,
      },
      untouched: (account, id) => domainsBut(account, id, ({ LogPublishingOptions: _, ...rest }) => rest),
    },
    {
      name: 'has no users of its own',
      given: (account) => domainWith(account, {}),
      ...{ violation, writes: [], held: /no fine-grained access control/ },
    },
  ],
  compliant: [
    {
      name: 'logs them',
      given: (account) =>
        domainWith(account, {
          LogPublishingOptions: {
            AUDIT_LOGS: { Enabled: true, CloudWatchLogsLogGroupArn: 'arn:aws:logs:eu-west-1:1:log-group:a' },
          },
        }),
    },
  ],
  gone: 'no-such-domain',
});
