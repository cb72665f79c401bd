import { prowlerCheckOf, readAsff } from '../asff';
import { readOcsf } from '../ocsf';
import type { Reading, Source } from '../source';

/**
 * Prowler's own output, one finding at a time: OCSF (`-M json-ocsf`) and ASFF (`-M json-asff`). Routes and bots'
 * controls name a finding by its check. What comes through Security Hub is read there.
 */
export const prowler: Source = {
  name: 'prowler',

  accepts: (message) => isOcsf(message) || isAsff(message),

  read: (message, intake): Reading[] =>
    isAsff(message) ? readAsff(message, 'prowler', intake) : readOcsf(message, 'prowler', intake),
};

function isOcsf(message: object): boolean {
  const product = field(field(message, 'metadata'), 'product');
  return 'finding_info' in message && field(product, 'name') === 'Prowler';
}

function isAsff(message: object): boolean {
  const generator = field(message, 'GeneratorId');
  return (
    'AwsAccountId' in message && typeof generator === 'string' && prowlerCheckOf(generator) !== undefined
  );
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
