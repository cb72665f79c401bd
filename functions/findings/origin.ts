import * as z from 'zod';
import { type InSecurityHub, securityHubSchema } from '../../shared/worker/message';
import { NOTE_AUTHOR, noteHead } from '../../shared/security-hub';
import type { Reading } from './source';

const text = z.string().optional().catch(undefined);

/** What is read of a finding in ASFF (capitals) or OCSF to know it again in Security Hub. */
const findingSchema = z
  .object({
    ProductArn: text,
    Note: z.object({ Text: text, UpdatedBy: text }).optional().catch(undefined),
    metadata: z.object({ uid: text }).optional().catch(undefined),
    comment: text,
  })
  .catch({});

/** How a finding of Security Hub came in. */
export interface Arrival {
  /** Absent when it came from the hub of another account, which cannot be updated from here. */
  readonly region?: string | undefined;
  /** Chosen by a person, who may ask again for what has been answered. */
  readonly byHand: boolean;
}

/**
 * The readings of one finding, with what is needed to update it. A finding whose note is ours and answers this very
 * state of it is declined: every update makes Security Hub send the finding again.
 */
export function withOrigin(
  readings: readonly Reading[],
  finding: unknown,
  { region, byHand }: Arrival,
): readonly Reading[] {
  const { ProductArn: productArn, Note, metadata, comment } = findingSchema.parse(finding);
  const time = readings.flatMap((reading) =>
    'remediation' in reading ? [reading.remediation.finding.time] : [],
  )[0];
  if (time === undefined) return readings;
  const note = Note?.UpdatedBy === NOTE_AUTHOR ? Note.Text : comment;
  if (!byHand && note?.startsWith(noteHead(time))) {
    return [{ declined: 'selfheal has answered this state of the finding: see its note in Security Hub' }];
  }
  const repairs = readings.filter((reading) => !('declined' in reading)).length;
  const securityHub = securityHubSchema.safeParse({
    ...{ region, repairs },
    ...(productArn === undefined ? { metadataUid: metadata?.uid } : { productArn }),
  }).data;
  return securityHub ? readings.map((reading) => from(reading, securityHub)) : readings;
}

function from(reading: Reading, securityHub: InSecurityHub): Reading {
  if (!('remediation' in reading)) return reading;
  const { remediation } = reading;
  return { ...reading, remediation: { ...remediation, finding: { ...remediation.finding, securityHub } } };
}
