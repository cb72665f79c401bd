import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { CLIENT_DEFAULTS, byRegion } from '../../shared/aws/clients';
import { type SelfhealEvent, eventSchema } from '../../shared/worker/event';
import { log as writeLog } from '../../shared/worker/log';
import { answerTo } from './note';
import { isAbout } from '../../shared/security-hub';
import { nameOf, readHub } from '../../shared/worker/hub';
import { type Update, batchesOf, send } from './update';

/** A call that is begun with less time than this might be cut off, and be made again for nothing. */
const ENOUGH_MS = 10_000;

/** Codes of findings for which trying again cannot help. Source: Security Hub API, both UnprocessedFinding types. */
const HOPELESS: readonly string[] = [
  'DuplicatedFindingIdentifier',
  'FindingNotFound',
  'FindingSizeExceeded',
  'InvalidInput',
  'ResourceNotFoundException',
  'ValidationException',
];

/** What {@link updater} works with. */
export interface UpdaterOptions {
  /** A client for a region. */
  readonly clientOf: (region: string) => SecurityHubClient;
  readonly log?: typeof writeLog;
}

/** The part of Lambda's context that is used. */
export type RemainingTime = Pick<Context, 'getRemainingTimeInMillis'>;

/**
 * Writes to the findings of Security Hub what became of them, and answers with the records that SQS is to bring back.
 * What cannot be read, and findings that Security Hub does not know, are logged and let go.
 */
export function updater({ clientOf, log = writeLog }: UpdaterOptions) {
  return async ({ Records }: SQSEvent, lambda: RemainingTime): Promise<SQSBatchResponse> => {
    const updates = newestOf(Records);
    const untold: Update[] = [];
    for (const batch of batchesOf(updates)) {
      if (lambda.getRemainingTimeInMillis() < ENOUGH_MS) untold.push(...batch);
      else untold.push(...(await attempt(batch)));
    }
    log('info', 'findings updated', {
      received: Records.length,
      updates: updates.length,
      failed: untold.length,
    });
    return { batchItemFailures: untold.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };

  /** What of the batch is to come back. */
  async function attempt(batch: readonly Update[]): Promise<readonly Update[]> {
    const region = batch[0]?.securityHub.region ?? '';
    try {
      const client = clientOf(region);
      const refusals = await send(client, await fitting(client, batch));
      return refusals.flatMap(({ update, code, message }) => {
        const isHopeless = HOPELESS.includes(code);
        log(isHopeless ? 'warn' : 'error', 'Security Hub did not update a finding', {
          ...{ finding: update.id, region, code, message, comesBack: !isHopeless },
        });
        return isHopeless ? [] : [update];
      });
    } catch (error) {
      log('error', 'Security Hub refused an update, the records go back to the queue', {
        findings: batch.slice(0, 10).map(({ id }) => id),
        region,
        reason: String(error),
      });
      return batch;
    }
  }

  /**
   * What of the batch may be written. Before a finding is resolved it is read: an event that names one finding and has
   * repaired another's resource must not close it. What yields takes the place of no note.
   */
  async function fitting(client: SecurityHubClient, batch: readonly Update[]): Promise<readonly Update[]> {
    const [first] = batch;
    if (first?.status !== 'RESOLVED' && !first?.yields) return batch;
    const found = await readHub(client, batch);
    return batch.filter((update) => {
      const finding = found.get(update);
      // Security Hub says itself that it does not know it.
      if (!finding) return true;
      if (update.yields) return finding.note === undefined && finding.settled === undefined;
      // Its owner has said that it stays as it is.
      if (finding.settled === 'SUPPRESSED') return false;
      const { target, securityHub } = update;
      const isSame =
        target !== undefined &&
        isAbout(finding, target) &&
        (securityHub.control === undefined || securityHub.control === finding.control);
      if (!isSame) {
        log('error', 'a finding is about something else than what was repaired, and is not resolved', {
          ...{
            finding: update.id,
            region: securityHub.region,
            target,
            resources: finding.resources.slice(0, 10),
          },
          ...{ control: finding.control, said: securityHub.control },
        });
      }
      return isSame;
    });
  }

  /** Of several events of one finding the last counts; they come in any order. */
  function newestOf(records: readonly SQSRecord[]): Update[] {
    const newest = new Map<string, { readonly time: string; readonly update: Update }>();
    for (const { body, messageId } of records) {
      const event = eventIn(body);
      if (!event) log('warn', 'a record that is no event of selfheal was let go', { messageId });
      const answer = event && answerTo(event);
      if (!answer || !event.finding?.securityHub) continue;
      const { id, securityHub } = event.finding;
      const key = JSON.stringify([id, securityHub.region, nameOf(securityHub)]);
      const known = newest.get(key);
      if (known && known.time > event.time) continue;
      newest.set(key, {
        time: event.time,
        update: { messageId, id, securityHub, target: event.target, ...answer },
      });
    }
    return [...newest.values()].map(({ update }) => update);
  }
}

/** The function that Lambda calls. Clients are made once a region. */
export const handler = updater({
  clientOf: byRegion((region) => new SecurityHubClient({ ...CLIENT_DEFAULTS, region })),
});

function eventIn(body: string): SelfhealEvent | undefined {
  try {
    return eventSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
