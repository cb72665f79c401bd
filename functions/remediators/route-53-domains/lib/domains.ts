import { Route53DomainsClient } from '@aws-sdk/client-route-53-domains';

/** What bots on registered domains share. For a domain that the account does not have, AWS answers InvalidInput. */
export const DOMAIN = {
  resource: 'AWS::Route53Domains::Domain',
  clients: { route53domains: Route53DomainsClient },
  gone: ['InvalidInput'],
} as const;
