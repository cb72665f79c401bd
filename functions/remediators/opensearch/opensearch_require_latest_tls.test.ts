import { testSetting } from '../../../testing/setting';
import { domainWith, domainsBut } from './fixtures/domains';
import { bot } from './opensearch_require_latest_tls';

testSetting(bot, {
  wrong: { https: false, policy: 'Policy-Min-TLS-1-0-2019-07' },
  right: { https: true, policy: 'Policy-Min-TLS-1-2-PFS-2023-10' },
  given: (account, { https, policy }) =>
    domainWith(account, { DomainEndpointOptions: { EnforceHTTPS: https, TLSSecurityPolicy: policy } }),
  violation: 'the domain takes plain HTTP or old TLS',
  writes: ['es:UpdateDomainConfig'],
  untouched: (account, id) => domainsBut(account, id, ({ DomainEndpointOptions: _, ...rest }) => rest),
  gone: 'no-such-domain',
});

describe('opensearch_require_latest_tls', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'logs' };

  test('waits while the domain is being changed', () => {
    const is = { https: false, policy: 'Policy-Min-TLS-1-2-2019-07' as const };
    expect(bot.plan({ is, isBusy: true }, { target, params: {} })).toEqual({
      waiting: expect.stringContaining('being made or changed'),
    });
  });
});
