import {
  BatchUpdateFindingsCommand,
  BatchUpdateFindingsV2Command,
  type SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import type { Target } from '../../shared/resources/target';
import type { InSecurityHub } from '../../shared/worker/message';
import { NOTE_AUTHOR } from '../../shared/security-hub';
import { nameOf } from '../../shared/worker/hub';
import type { Answer } from './note';

/** Most findings of one call. Source: Security Hub API, BatchUpdateFindings. */
const FINDINGS = 100;

/** What is to be written to one finding. */
export interface Update extends Answer {
  readonly messageId: string;
  /** The finding's own id. */
  readonly id: string;
  readonly securityHub: InSecurityHub;
  /** What the bot acted on. */
  readonly target: Target | undefined;
}

/** A finding that Security Hub did not update. */
export interface Refusal {
  readonly update: Update;
  readonly code: string;
  readonly message: string;
}

/** `status_id` of OCSF, which has no NOTIFIED. Source: schema.ocsf.io, Finding. */
const STATUS_IDS = { NEW: 1, NOTIFIED: undefined, RESOLVED: 4 } as const;

/** Updates that one call can make: a call writes the same to all findings that it names. */
export function batchesOf(updates: readonly Update[]): Update[][] {
  const alike = new Map<string, Update[]>();
  for (const update of updates) {
    const { securityHub, note, status } = update;
    const key = JSON.stringify([
      securityHub.region,
      'productArn' in securityHub,
      note,
      status,
      update.yields,
    ]);
    const batch = alike.get(key) ?? [];
    batch.push(update);
    alike.set(key, batch);
  }
  return [...alike.values()].flatMap((batch) =>
    Array.from({ length: Math.ceil(batch.length / FINDINGS) }, (_, index) =>
      batch.slice(index * FINDINGS, (index + 1) * FINDINGS),
    ),
  );
}

/**
 * Makes the updates of one batch.
 *
 * @returns the findings that were not updated.
 * @throws what the SDK throws when the call as a whole is refused.
 */
export async function send(client: SecurityHubClient, batch: readonly Update[]): Promise<Refusal[]> {
  const [first] = batch;
  if (!first) return [];
  const { note, status } = first;
  if ('productArn' in first.securityHub) {
    const { UnprocessedFindings = [] } = await client.send(
      new BatchUpdateFindingsCommand({
        FindingIdentifiers: batch.map(({ id: Id, securityHub }) => ({ Id, ProductArn: nameOf(securityHub) })),
        Note: { Text: note, UpdatedBy: NOTE_AUTHOR },
        ...(status && { Workflow: { Status: status } }),
      }),
    );
    return UnprocessedFindings.flatMap(({ FindingIdentifier, ErrorCode, ErrorMessage }) =>
      batch
        .filter(({ id, securityHub }) => {
          const isProduct = nameOf(securityHub) === FindingIdentifier?.ProductArn;
          return isProduct && id === FindingIdentifier.Id;
        })
        .map((update) => refusal(update, ErrorCode, ErrorMessage)),
    );
  }
  const StatusId = status && STATUS_IDS[status];
  const { UnprocessedFindings = [] } = await client.send(
    new BatchUpdateFindingsV2Command({
      MetadataUids: batch.map(({ securityHub }) => nameOf(securityHub)),
      Comment: note,
      ...(StatusId !== undefined && { StatusId }),
    }),
  );
  return UnprocessedFindings.flatMap(({ MetadataUid, ErrorCode, ErrorMessage }) =>
    batch
      .filter(({ securityHub }) => nameOf(securityHub) === MetadataUid)
      .map((update) => refusal(update, ErrorCode, ErrorMessage)),
  );
}

function refusal(update: Update, code = 'unknown', message = ''): Refusal {
  return { update, code, message };
}
