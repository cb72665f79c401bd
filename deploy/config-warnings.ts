/** What in config.ts can be deployed and is hardly meant. */
import type { CatalogueEntry } from '../shared/catalogue';
import { type Config, modeOf, settingsOf } from '../shared/config';
import { type ConfigFault, placeText } from './config-words';

/** An exemption that ends within this time is told, so that somebody can decide before bots do. */
const SOON_DAYS = 14;
const DAY_MS = 86_400_000;

/** Warnings about a config.ts that is right. */
export function configWarnings(
  config: Config,
  catalogue: readonly CatalogueEntry[],
  now = Date.now(),
): ConfigFault[] {
  return [...exemptionWarnings(config, now), ...botWarnings(config, catalogue)];
}

function exemptionWarnings(config: Config, now: number): ConfigFault[] {
  const today = new Date(now).toISOString().slice(0, 10);
  return (config.exemptions ?? []).flatMap(({ bot, until }, index): ConfigFault[] => {
    const at = placeText(['exemptions', index]);
    const days = until === undefined ? Infinity : Math.ceil((Date.parse(until) - now) / DAY_MS);
    if (until !== undefined && until <= today) {
      return [{ at: `${at}.until`, says: `the exemption ended on ${until}, and exempts nothing any more` }];
    }
    return [
      ...(days <= SOON_DAYS
        ? [
            {
              at: `${at}.until`,
              says: `the exemption ends on ${until ?? ''}, in ${days} day${days === 1 ? '' : 's'}`,
            },
          ]
        : []),
      ...(bot !== undefined && !settingsOf(config, bot)
        ? [{ at: `${at}.bot`, says: `${bot} is not enabled, so there is nothing to exempt from` }]
        : []),
    ];
  });
}

function botWarnings(config: Config, catalogue: readonly CatalogueEntry[]): ConfigFault[] {
  const enabled = catalogue.filter(({ id }) => settingsOf(config, id));
  if (enabled.length === 0)
    return [{ at: 'bots', says: 'no bot is enabled: nothing would be found or repaired' }];
  const isIdle = enabled.every((entry) => modeOf(settingsOf(config, entry.id) ?? {}, entry.risk) === 'plan');
  return config.enable_auto_response && isIdle
    ? [
        {
          at: 'enable_auto_response',
          says: 'auto response is on, and all bots are in mode plan: nothing would be repaired',
        },
      ]
    : [];
}
