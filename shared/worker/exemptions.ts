import type { Config } from '../config';
import type { Exemption } from '../config/exemptions';
import { like } from '../resources/like';
import type { Target } from '../resources/target';

/** The reason of the first exemption that covers the target, or `undefined`. Asked by admit() alone. */
export function exemptionFor(
  config: Config,
  bot: string,
  target: Target,
  today = new Date().toISOString().slice(0, 10),
): string | undefined {
  return config.exemptions?.find((exemption) => covers(exemption, bot, target, today))?.reason;
}

/** Whether an exemption covers a resource, on that day. For lists: what may be done is asked of admit(). */
export function covers({ until, ...wanted }: Exemption, bot: string, target: Target, today: string): boolean {
  return (
    (until === undefined || today < until) &&
    (wanted.bot === undefined || wanted.bot === bot) &&
    like(wanted.account, target.account) &&
    like(wanted.region, target.region) &&
    like(wanted.resource, target.id)
  );
}
