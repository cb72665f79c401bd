import {
  GetFindingsCommand,
  GetFindingsV2Command,
  type SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { type HubFinding, hubFinding } from '../security-hub';
import type { InSecurityHub } from './message';

/** Most values of one filter. Source: Security Hub API, AwsSecurityFindingFilters and OcsfFindingFilters. */
const VALUES = 20;

/** A finding by what Security Hub names it by, beside its region. */
export interface InHub {
  readonly id: string;
  readonly securityHub: InSecurityHub;
}

/**
 * How findings stand in Security Hub now, in as few calls as it takes. All lie in the client's region.
 *
 * Source: Security Hub API, GetFindings and GetFindingsV2.
 *
 * @returns for each what Security Hub says of it; `undefined`: it has no such finding.
 * @throws what the SDK throws: nothing is known then.
 */
export async function readHub<T extends InHub>(
  client: SecurityHubClient,
  findings: readonly T[],
): Promise<Map<T, HubFinding | undefined>> {
  const asff = findings.filter(({ securityHub }) => 'productArn' in securityHub);
  const ocsf = findings.filter(({ securityHub }) => 'metadataUid' in securityHub);
  const found: HubFinding[] = [];
  for (const ids of chunks(asff.map(({ id }) => id))) {
    const Id = ids.map((Value) => ({ Value, Comparison: 'EQUALS' as const }));
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new GetFindingsCommand({ Filters: { Id }, MaxResults: 100, ...(NextToken && { NextToken }) }),
      );
      found.push(...(page.Findings ?? []).map(hubFinding));
      NextToken = page.NextToken;
    } while (NextToken);
  }
  for (const uids of chunks(ocsf.map(({ securityHub }) => nameOf(securityHub)))) {
    const StringFilters = uids.map((Value) => ({
      FieldName: 'metadata.uid' as const,
      Filter: { Value, Comparison: 'EQUALS' as const },
    }));
    const Filters = { CompositeFilters: [{ StringFilters, Operator: 'OR' as const }] };
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new GetFindingsV2Command({ Filters, MaxResults: 100, ...(NextToken && { NextToken }) }),
      );
      found.push(...(page.Findings ?? []).map(hubFinding));
      NextToken = page.NextToken;
    } while (NextToken);
  }
  return new Map(findings.map((finding) => [finding, found.find((each) => isSame(each, finding))]));
}

/** What a call names the finding by; in ASFF beside its id. */
export function nameOf(securityHub: InSecurityHub): string {
  return 'productArn' in securityHub ? securityHub.productArn : securityHub.metadataUid;
}

function isSame(found: HubFinding, { id, securityHub }: InHub): boolean {
  return 'productArn' in securityHub
    ? found.productArn === securityHub.productArn && found.id === id
    : found.metadataUid === securityHub.metadataUid;
}

function chunks(values: readonly string[]): string[][] {
  const distinct = [...new Set(values)];
  return Array.from({ length: Math.ceil(distinct.length / VALUES) }, (_, index) =>
    distinct.slice(index * VALUES, (index + 1) * VALUES),
  );
}
