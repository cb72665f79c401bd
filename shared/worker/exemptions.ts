import type { Config, Exemption } from '../config';
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

function covers({ until, ...wanted }: Exemption, bot: string, target: Target, today: string): boolean {
  return (
    (until === undefined || today < until) &&
    (wanted.bot === undefined || wanted.bot === bot) &&
    like(wanted.account, target.account) &&
    like(wanted.region, target.region) &&
    like(wanted.resource, target.id)
  );
}

/** Whether a pattern stands for a text, `*` being any run of characters. Takes a time that is linear in both. */
function like(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  let from = first.length;
  // The first place at which a segment fits leaves most room to those behind it.
  for (const segment of rest) {
    const at = text.indexOf(segment, from);
    if (at < 0) return false;
    from = at + segment.length;
  }
  return from <= text.length - last.length;
}
