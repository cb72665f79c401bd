import { testBot } from '../../../testing/contract';
import { domainWith, domainsBut } from './fixtures/domains';
import { bot } from './opensearch_enable_error_logs';

const slow = {
  INDEX_SLOW_LOGS: { Enabled: true, CloudWatchLogsLogGroupArn: 'arn:aws:logs:eu-west-1:1:log-group:slow' },
};
const errors = {
  ES_APPLICATION_LOGS: { Enabled: true, CloudWatchLogsLogGroupArn: 'arn:aws:logs:eu-west-1:1:log-group:e' },
};

testBot(bot, {
  violating: [
    {
      name: 'logs nothing of errors',
      given: (account) => domainWith(account, {}),
      violation: 'the errors of the domain are logged nowhere',
      writes: ['logs:CreateLogGroup', 'logs:PutResourcePolicy', 'es:UpdateDomainConfig'],
      after: {
        on: true,
        group: expect.stringMatching(/:log-group:\/aws\/opensearch\/logs\/application$/) as string,
      },
      untouched: (account, id) => domainsBut(account, id, ({ LogPublishingOptions: _, ...rest }) => rest),
    },
  ],
  compliant: [
    {
      name: 'logs them',
      given: (account) => domainWith(account, { LogPublishingOptions: { ...slow, ...errors } }),
    },
  ],
  gone: 'no-such-domain',
});

test('waits while the domain is being changed', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'logs' };
  const off = { on: false, group: '', hasGroup: false, hasPolicy: false, hasOwnUsers: false };
  expect(bot.plan({ ...off, isBusy: true }, { target, params: {} })).toEqual({
    waiting: expect.stringContaining('being made or changed'),
  });
});
