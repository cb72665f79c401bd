import type { CatalogueEntry } from '../../shared/catalogue';
import { type Config, settingsOf } from '../../shared/config';
import { CIS, type CisVersion, CONFORMITY, FSBP, type Standard } from '../../tools/standards';
import type { Coverage, Item, State } from './data';
import { keyOf } from './figures';

/** A standard that faults are counted by, and the controls of it that a bot answers. */
interface Listed {
  readonly name: string;
  readonly standard: Standard;
  readonly controlsOf: (bot: CatalogueEntry) => readonly string[];
}

/** The names of the standards that the bot answers a control of. */
export function standardsOf(bot: CatalogueEntry): string[] {
  return LISTED.filter(({ standard, controlsOf }) =>
    controlsOf(bot).some((control) => standard.controls.includes(control)),
  ).map(({ name }) => name);
}

/**
 * Per standard: how many of its controls a bot watches, which of them had faults, and which still have. Newest items
 * first: the newest about a bot and a resource says how it stands there.
 */
export function coverageOf(
  items: readonly Item[],
  { config, catalogue }: { readonly config: Config; readonly catalogue: readonly CatalogueEntry[] },
): Coverage[] {
  const standing = new Map<string, { readonly bot: string; readonly state: State }>();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== undefined && !standing.has(key)) standing.set(key, item);
  }
  const byBot = new Map<string, { fixed: number; left: number }>();
  for (const { bot, state } of standing.values()) {
    // What is exempt is as its owner wants it.
    if (state === 'exempt') continue;
    const counts = byBot.get(bot) ?? { fixed: 0, left: 0 };
    counts[state === 'fixed' ? 'fixed' : 'left'] += 1;
    byBot.set(bot, counts);
  }
  const watching = catalogue.filter(({ id }) => settingsOf(config, id) !== undefined || byBot.has(id));
  return LISTED.map(({ name, standard, controlsOf }) => {
    const lines = standard.controls.flatMap((control) => {
      const bots = watching.filter((bot) => controlsOf(bot).includes(control)).map(({ id }) => id);
      const counts = bots.flatMap((id) => byBot.get(id) ?? []);
      const fixed = counts.reduce((sum, count) => sum + count.fixed, 0);
      const left = counts.reduce((sum, count) => sum + count.left, 0);
      return bots.length > 0 ? [{ control, bots, found: fixed + left, fixed, left }] : [];
    });
    const faulty = lines.filter(({ found }) => found > 0);
    return {
      standard: name,
      title: standard.title,
      date: standard.date,
      controls: standard.controls.length,
      watched: lines.length,
      faulty: faulty.length,
      stillFaulty: faulty.filter(({ left }) => left > 0).length,
      byControl: faulty,
    };
  }).filter(({ watched }) => watched > 0);
}

const LISTED: readonly Listed[] = [
  {
    name: 'FSBP',
    standard: FSBP,
    controlsOf: ({ controls }) => controls.securityHub ?? [],
  },
  ...(Object.entries(CIS) as [CisVersion, Standard][]).map(([version, standard]): Listed => ({
    name: `CIS ${version}`,
    standard,
    controlsOf: ({ controls }) => controls.cis?.[version] ?? [],
  })),
  {
    name: 'Conformity',
    standard: CONFORMITY,
    controlsOf: ({ controls }) => controls.conformity ?? [],
  },
];
