import { prowlerCheckOf } from '../functions/findings/asff';
import { isOwnExport, ownExport } from './export/own';

/**
 * A finding as its source would have sent it to selfheal, of one as the AWS CLI prints it: ASFF and OCSF of Security
 * Hub become its events, GuardDuty's names begin with a small letter, and what selfheal handed on asks for the same
 * again. Anything else is left as it is.
 *
 * Only for what a person hands over: in a message that comes in from elsewhere, a finding of Security Hub that lies
 * bare is nobody's word. No account is put into the events, so no update goes to a Security Hub either: which hub a
 * file is from, nobody knows.
 */
export function asItsSourceSpeaks(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  if (isOwnExport(item)) return ownExport(item) ?? hubEvent('Findings Imported V2', item);
  if (isAsff(item)) return hubEvent('Security Hub Findings - Imported', item);
  if (isOcsf(item)) return hubEvent('Findings Imported V2', item);
  return isGuardDuty(item) ? withSmallNames(item) : item;
}

function hubEvent(type: string, finding: object): object {
  return { source: 'aws.securityhub', 'detail-type': type, detail: { findings: [finding] } };
}

/** Prowler's own output is a source of its own. */
function isAsff(item: object): boolean {
  const { GeneratorId: generator } = item as { GeneratorId?: unknown };
  return (
    ['AwsAccountId', 'ProductArn', 'Id', 'Resources'].every((field) => field in item) &&
    (typeof generator !== 'string' || prowlerCheckOf(generator) === undefined)
  );
}

function isOcsf(item: object): boolean {
  const { metadata } = item as { metadata?: { product?: { name?: unknown } | null } | null };
  return (
    'finding_info' in item &&
    'class_uid' in item &&
    typeof metadata === 'object' &&
    metadata?.product?.name !== 'Prowler'
  );
}

/** Source: GuardDuty API, GetFindings, as the AWS CLI names its fields. */
function isGuardDuty(item: object): boolean {
  return ['SchemaVersion', 'AccountId', 'Type', 'Resource', 'Service', 'Severity'].every(
    (field) => field in item,
  );
}

function withSmallNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSmallNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      withSmallNames(field),
    ]),
  );
}
