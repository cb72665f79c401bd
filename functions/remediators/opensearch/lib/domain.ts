import { DescribeDomainCommand, type DomainStatus, OpenSearchClient } from '@aws-sdk/client-opensearch';

/** What all bots on domains share, those of Elasticsearch too: one API reaches both. */
export const DOMAIN = {
  resource: 'AWS::OpenSearchService::Domain',
  clients: { es: OpenSearchClient },
  gone: ['ResourceNotFoundException'],
} as const;

/** One domain; `undefined`: there is none, or it is being deleted. Reads `es:DescribeDomain`. */
export async function domainNamed(
  es: OpenSearchClient,
  DomainName: string,
): Promise<DomainStatus | undefined> {
  const { DomainStatus: status } = await es.send(new DescribeDomainCommand({ DomainName }));
  return status?.Deleted ? undefined : status;
}

/** Why a domain takes no change now; `undefined`: it does. */
export function busy({ isBusy }: { readonly isBusy: boolean }) {
  return isBusy ? { waiting: 'the domain is being made or changed' } : undefined;
}

/** Whether {@link busy} has to wait for it. */
export function isBusy({ Created, Processing, UpgradeProcessing }: DomainStatus): boolean {
  return Created === false || Processing === true || UpgradeProcessing === true;
}
