import { type InSecurityHub, securityHubSchema } from '../../shared/worker/message';
import { NOTE_AUTHOR, hubFinding, noteHead } from '../../shared/security-hub';
import type { Reading } from './source';

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
  const { productArn, metadataUid, control, note: written, notedBy } = hubFinding(finding);
  const time = readings.flatMap((reading) =>
    'remediation' in reading ? [reading.remediation.finding.time] : [],
  )[0];
  if (time === undefined) return readings;
  // A comment in OCSF names nobody.
  const note = notedBy === undefined || notedBy === NOTE_AUTHOR ? written : undefined;
  if (!byHand && note?.startsWith(noteHead(time))) {
    return [{ declined: 'selfheal has answered this state of the finding: see its note in Security Hub' }];
  }
  const repairs = readings.filter((reading) => !('declined' in reading)).length;
  const securityHub = securityHubSchema.safeParse({
    ...{ region, repairs, control },
    ...(productArn === undefined ? { metadataUid } : { productArn }),
  }).data;
  return securityHub ? readings.map((reading) => from(reading, securityHub)) : readings;
}

function from(reading: Reading, securityHub: InSecurityHub): Reading {
  if (!('remediation' in reading)) return reading;
  const { remediation } = reading;
  return { ...reading, remediation: { ...remediation, finding: { ...remediation.finding, securityHub } } };
}
