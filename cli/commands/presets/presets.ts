import type { CatalogueEntry } from '../../../shared/catalogue';
import { type BotId, type Config, type Mode, modeOf, settingsOf } from '../../../shared/config';
import { nearest } from '../../../shared/nearest';
import { ABOUT, COSTS, NEEDS } from '../../../shared/presets/about';
import { type PresetName, presets as PRESETS } from '../../../shared/presets/presets';
import { counted, gravity } from '../../describe';
import { type Result, type Session, configIfRight } from '../../session';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { joined, printable, text } from '../../terminal/print';
import { table, wrapped } from '../../terminal/table';

/** `selfheal presets [name]`: the lists of bots in one word, or what one of them enables, costs and lacks. */
export async function presets(session: Session, name: string | undefined): Promise<Result> {
  const config = await configIfRight(session);
  const catalogue = await session.catalogue();
  return name === undefined
    ? all(session, config, catalogue)
    : one(session, pageOf(nameOf(name), config, catalogue));
}

/** One bot of a preset. */
interface Row {
  readonly bot: string;
  readonly title: string;
  readonly risk: CatalogueEntry['risk'];
  readonly mode: Mode;
  readonly enabled: boolean;
  readonly paidFor?: string;
  /** Parameters that config.ts does not give yet, and without which the bot holds. */
  readonly needs: readonly string[];
}

interface Page {
  readonly preset: PresetName;
  readonly title: string;
  readonly bots: readonly Row[];
  readonly lacks: readonly string[];
}

function all(session: Session, config: Config, catalogue: readonly CatalogueEntry[]): Result {
  const { paint, io } = session;
  const pages = (Object.keys(PRESETS) as PresetName[]).map((name) => pageOf(name, config, catalogue));
  const rows = pages.map(({ preset, title, bots, lacks }) => [
    printable(preset),
    printable(title),
    text`${bots.length}`,
    text`${bots.filter(({ paidFor }) => paidFor !== undefined).length}`,
    text`${bots.filter(({ needs }) => needs.length > 0).length}`,
    text`${lacks.length}`,
  ]);
  session.say(table(paint, io.columns, { ...COLUMNS }, rows));
  const how = text`Spread one into bots of config.ts: ...presets.baseline. npx selfheal presets <name> shows one in full.`;
  session.say(text`\n${paint.dim(how)}`);
  return { exit: EXIT.fine, document: { presets: pages } };
}

const COLUMNS = {
  preset: 'whole',
  what: 'prose',
  bots: 'whole',
  'paid for': 'whole',
  'wait for config.ts': 'whole',
  'not answered': 'whole',
} as const;

function one(session: Session, page: Page): Result {
  const { paint, io } = session;
  const { preset, title, bots, lacks } = page;
  session.say(text`${paint.bold(printable(preset))}: ${printable(title)}\n`);
  const rows = bots.map(({ bot, title: what, risk, mode, enabled, paidFor, needs }) => [
    printable(bot),
    printable(what),
    { text: printable(risk), paint: gravity(paint, risk) },
    printable(mode),
    printable(paidFor ?? '-'),
    printable(needs.join(', ') || '-'),
    printable(enabled ? 'yes' : 'no'),
  ]);
  session.say(table(paint, io.columns, { ...BOT_COLUMNS }, rows));
  const left = lacks.length > 0 ? `No bot yet for ${lacks.join(', ')}.` : 'Nothing of it lacks a bot.';
  const end = wrapped(printable(`${counted(bots.length, 'bot')}. ${left}`), io.columns);
  session.say(text`\n${paint.dim(joined(end, '\n'))}`);
  return { exit: EXIT.fine, document: page };
}

const BOT_COLUMNS = {
  bot: 'whole',
  what: 'prose',
  risk: 'whole',
  mode: 'whole',
  'paid for': 'name',
  needs: 'name',
  enabled: 'whole',
} as const;

function pageOf(preset: PresetName, config: Config, catalogue: readonly CatalogueEntry[]): Page {
  const { title, lacks } = ABOUT[preset];
  const settings: Config['bots'] = PRESETS[preset];
  const named = catalogue.filter(({ id }) => Object.hasOwn(settings, id));
  const bots = named.map((entry): Row => {
    const id = entry.id as BotId;
    const paidFor = COSTS[id];
    const given = { ...settings[id]?.params, ...settingsOf(config, id)?.params };
    return {
      ...{ bot: id, title: entry.title, risk: entry.risk, mode: modeOf(settings[id] ?? {}, entry.risk) },
      enabled: settingsOf(config, id) !== undefined,
      ...(paidFor !== undefined && { paidFor }),
      needs: (NEEDS[id] ?? [])
        .filter((names) => !names.some((name) => Object.hasOwn(given, name)))
        .map((names) => names.join(' or ')),
    };
  });
  const known = new Set(catalogue.map(({ id }) => id));
  const unknown = Object.keys(settings).filter((id) => !known.has(id));
  return { preset, title, bots, lacks: [...unknown, ...lacks.filter((id) => !known.has(id))] };
}

function nameOf(given: string): PresetName {
  const names = Object.keys(PRESETS) as PresetName[];
  const found = names.find((name) => name === given);
  if (found) return found;
  const near = nearest(given, names);
  throw new Problem(
    `there is no preset "${given}": ${near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`}`,
  );
}
