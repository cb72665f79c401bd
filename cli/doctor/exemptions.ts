import type { Exemption } from '../../shared/config/exemptions';
import { coversNothing, daysLeft, scopeText } from '../../shared/exemption-ends';
import { type Check, type Patient, green, selfhealCommand, warning } from './check';
import { some } from '../../shared/text';

/** An exemption that ends within so many days is worth a word. */
const SOON_DAYS = 14;

/** What config.ts exempts, as far as somebody should look at it. */
export function exemptionChecks(patient: Patient, now = Date.now()): readonly Check[] {
  const { config, home } = patient;
  const exemptions = config.exemptions ?? [];
  if (exemptions.length === 0) return [];
  const named = (exemption: Exemption, about: string) => `${scopeText(exemption)} (${about})`;
  const expired = exemptions.filter((one) => (daysLeft(one, now) ?? Infinity) <= 0);
  const soon = exemptions.filter((one) => {
    const days = daysLeft(one, now) ?? Infinity;
    return days > 0 && days <= SOON_DAYS;
  });
  const idle = exemptions.flatMap((one) => {
    const why = coversNothing(config, home.account, one);
    return why === undefined ? [] : [named(one, why)];
  });
  const list = (ones: readonly Exemption[]) => some(ones.map((one) => named(one, one.until ?? '')));
  const says = [
    ...(expired.length > 0 ? [`expired: ${list(expired)}`] : []),
    ...(soon.length > 0 ? [`end within ${SOON_DAYS} days: ${list(soon)}`] : []),
    ...(idle.length > 0 ? [`cover nothing: ${some(idle)}`] : []),
  ];
  const look = () =>
    Promise.resolve(
      says.length > 0
        ? warning(says.join('; '), `${selfhealCommand('exemptions', patient)}, and correct config.ts`)
        : green(`${exemptions.length} in config.ts, none of them over or about to end`),
    );
  return [{ id: 'exemptions', needs: [], look }];
}
