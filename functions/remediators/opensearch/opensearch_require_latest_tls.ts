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
  controls: {
    securityHub: ['OpenSearch.8', 'ES.8'],
    config: ['OPENSEARCH_HTTPS_REQUIRED'],
    prowler: ['opensearch_service_domains_https_communications_enforced'],
  },
  docs: {
    why: 'What is sent by plain HTTP or an old TLS can be read on its way, or recorded and deciphered later.',
    effect: [
      'The domain refuses plain HTTP and TLS before 1.2: clients that know nothing else get no answer any more.',
      'A custom endpoint stays; a domain that is being made or changed is waited for.',
      'Undo puts back what was taken before.',
    ],
    references: [
      'https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainEndpointOptions.html',
    ],
  },
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
    backTo: (before) => before,
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
