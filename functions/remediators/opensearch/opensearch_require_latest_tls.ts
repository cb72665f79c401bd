import { type TLSSecurityPolicy, UpdateDomainConfigCommand } from '@aws-sdk/client-opensearch';
import { DOMAIN, busy, domainNamed, isBusy } from './lib/domain';
import { defineSetting } from '../../../shared/bot/setting';

/** The first is the one that is set; the other asks for more. */
const LATEST: readonly string[] = [
  'Policy-Min-TLS-1-2-PFS-2023-10',
  'Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08',
];

export const bot = defineSetting({
  id: 'opensearch_require_latest_tls',
  title: 'Let an OpenSearch domain take HTTPS with the latest TLS policy only',
  severity: 'medium',
  risk: 'disruptive',
  permissions: { read: ['es:DescribeDomain'], write: ['es:UpdateDomainConfig'] },
  ...DOMAIN,

  async inspect({ es }, { target: { id } }) {
    const domain = await domainNamed(es, id);
    if (!domain) return undefined;
    const { EnforceHTTPS: https = false, TLSSecurityPolicy: policy = 'Policy-Min-TLS-1-0-2019-07' } =
      domain.DomainEndpointOptions ?? {};
    return { is: { https, policy }, isBusy: isBusy(domain) };
  },
  want: () => ({
    isMetBy: ({ https, policy }) => https && LATEST.includes(policy),
    startingFrom: ({ policy }) => ({
      https: true,
      policy: LATEST.includes(policy) ? policy : (LATEST[0] as TLSSecurityPolicy),
    }),
  }),
  says: 'the domain takes plain HTTP or old TLS',
  obstacle: (state) => busy(state),
  write: ({ https, policy }, { target: { id } }) => ({
    es: new UpdateDomainConfigCommand({
      DomainName: id,
      DomainEndpointOptions: { EnforceHTTPS: https, TLSSecurityPolicy: policy },
    }),
  }),
});
