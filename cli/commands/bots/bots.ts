import type * as z from 'zod';
import { type AnyBot, type Controls, typesOf } from '../../../shared/bot/bot';
import type { BotPage } from '../../../shared/bot-page';
import { type CatalogueEntry, type ParamSchema, findBot } from '../../../shared/catalogue';
import { type Config, type BotSettings, modeOf, settingsOf } from '../../../shared/config';
import { counted, gravity } from '../../describe';
import { severitiesIn } from '../../rows/narrow';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import {
  type Paints,
  type Printable,
  indented,
  jsonText,
  joined,
  printable,
  text,
} from '../../terminal/print';
import { type Result, type Session, botNamed, configIfRight } from '../../session';
import { table, wrapped } from '../../terminal/table';

/** Options of `selfheal bots`. */
export interface BotsOptions {
  readonly severity?: readonly string[];
  readonly enabled?: boolean;
}

/** `selfheal bots [bot]`: the catalogue or a part of it, or everything about one bot. */
export async function bots(
  session: Session,
  name: string | undefined,
  options: BotsOptions,
): Promise<Result> {
  const config = await configIfRight(session);
  const all = await session.catalogue();
  const about = name === undefined || findBot(all, name) ? undefined : aboutWord(all, name);
  if (name !== undefined && (about === undefined || about.length === 0)) {
    const entry = await botNamed(session, name);
    const { loadBot } = await import('../../../shared/worker/load');
    const bot = await loadBot(await session.registry(), entry.id);
    if (!bot) throw new Error(`the index lacks ${entry.id}: run npm run generate`);
    const { controls: _, ...docs } = await session.pageOf(entry);
    session.say(page(session, entry, { bot, docs, settings: settingsOf(config, entry.id) }));
    return { exit: EXIT.fine, document: { ...documentOf(config, entry), docs } };
  }
  const severities = severitiesIn(options.severity);
  const catalogue = (about ?? all).filter(
    ({ id, severity }) =>
      (severities?.includes(severity) ?? true) && (!options.enabled || settingsOf(config, id) !== undefined),
  );
  if (catalogue.length === 0)
    throw new Problem('no bot is one of these: npx selfheal bots lists all', EXIT.failed);
  const { paint } = session;
  const rows = catalogue.map((entry) => [
    printable(entry.id),
    printable(entry.title),
    printable(entry.resource.replace('AWS::::', 'AWS ').replace('AWS::', '').replace('::', ' ')),
    { text: printable(entry.severity), paint: gravity(paint, entry.severity) },
    { text: printable(entry.risk), paint: gravity(paint, entry.risk) },
    enabledCell(paint, entry, settingsOf(config, entry.id)),
  ]);
  session.say(table(paint, session.io.columns, COLUMNS, rows));
  const enabled = catalogue.filter(({ id }) => settingsOf(config, id)).length;
  const how = text`${counted(catalogue.length, 'bot')}, ${enabled} enabled in config.ts. npx selfheal bots <bot> shows one in full.`;
  session.say(text`\n${paint.dim(how)}`);
  return { exit: EXIT.fine, document: { bots: catalogue.map((entry) => documentOf(config, entry)) } };
}

/** The bots of a service, or that have the word in their id or title. */
function aboutWord(catalogue: readonly CatalogueEntry[], said: string): CatalogueEntry[] {
  const word = said.toLowerCase();
  const [, service] = TYPE_OF_SERVICE.exec(word) ?? [];
  const ofService = catalogue.filter((entry) =>
    [entry.service, entry.id.split('_')[0], serviceOf(entry)].includes(service ?? word),
  );
  if (ofService.length > 0) return ofService;
  return catalogue.filter(({ id, title }) => `${id} ${title}`.toLowerCase().includes(word));
}

/** `AWS::S3`, as CloudFormation writes it. */
const TYPE_OF_SERVICE = /^aws::(\w+)/;

function serviceOf({ resource }: CatalogueEntry): string {
  return resource.split('::')[1]?.toLowerCase() ?? '';
}

function documentOf(config: Config, entry: CatalogueEntry): object {
  const settings = settingsOf(config, entry.id);
  return {
    ...entry,
    enabled: settings !== undefined,
    ...(settings && { mode: modeOf(settings, entry.risk), configured: settings.params ?? {} }),
  };
}

const COLUMNS = {
  bot: 'whole',
  what: 'prose',
  resource: 'extra',
  severity: 'whole',
  risk: 'whole',
  enabled: 'whole',
} as const;

function enabledCell(paint: Paints, { risk }: CatalogueEntry, settings: BotSettings<unknown> | undefined) {
  return settings
    ? { text: printable(modeOf(settings, risk)), paint: paint.green }
    : { text: text`-`, paint: paint.dim };
}

interface Shown {
  readonly bot: AnyBot;
  readonly docs: Omit<BotPage, 'controls'>;
  readonly settings: BotSettings<Record<string, unknown>> | undefined;
}

function page(
  { paint, io }: Session,
  entry: CatalogueEntry,
  { bot: { params }, docs, settings }: Shown,
): Printable {
  const { permissions, controls } = entry;
  const facts: [string, Printable][] = [
    ['acts on', printable(typesOf(entry).join(', '))],
    ['severity', gravity(paint, entry.severity)(printable(entry.severity))],
    ['risk', gravity(paint, entry.risk)(printable(entry.risk))],
    ['started by', entry.kind === 'posture' ? text`AWS Config or a scan, or a finding` : text`a finding`],
    [
      'enabled',
      settings
        ? text`in config.ts, mode ${printable(modeOf(settings, entry.risk))}`
        : text`no: name it in config.ts`,
    ],
    ...(entry.aliases?.length ? [['also called', list(entry.aliases)] as [string, Printable]] : []),
    ...(entry.passes > 1 ? [['passes', text`up to ${entry.passes}`] as [string, Printable]] : []),
  ];
  const sections: [string, readonly Printable[]][] = [
    ['Why', [printable(docs.why)]],
    ['Effect', docs.effect.map((sentence) => text`- ${printable(sentence)}`)],
    ['Parameters', parameters(entry, (params as z.ZodObject).shape, settings?.params)],
    [
      'IAM',
      (['read', 'write', 'undo'] as const).map(
        (use) => text`${printable(use.padEnd(6))}${list(permissions[use])}`,
      ),
    ],
    ['Controls', controlLines(controls)],
    ['References', docs.references.map(printable)],
  ];
  return joined(
    [
      text`${paint.bold(printable(entry.id))}: ${printable(entry.title)}`,
      joined(
        facts.map(([name, value]) => text`  ${paint.dim(printable(name.padEnd(12)))}${value}`),
        '\n',
      ),
      ...sections
        .filter(([, lines]) => lines.length > 0)
        .map(([title, lines]) => {
          const body = lines.flatMap((line) => wrapped(line, io.columns - 2));
          return text`${paint.bold(printable(title))}\n${indented(joined(body, '\n'))}`;
        }),
    ],
    '\n\n',
  );
}

function parameters(
  { params, words }: CatalogueEntry,
  described: z.ZodObject['shape'],
  configured: Record<string, unknown> | undefined,
): readonly Printable[] {
  const entries = Object.entries(params.properties ?? {});
  if (entries.length === 0) return [text`none`];
  return entries.map(([name, schema]) => {
    const own = configured?.[name];
    const at = words.order?.indexOf(name) ?? -1;
    const notes = [
      typeText(schema),
      schema.default === undefined ? text`no default` : text`default ${jsonText(schema.default)}`,
      ...(own === undefined ? [] : [text`in config.ts ${jsonText(own)}`]),
      ...(at >= 0 ? [text`word ${at + 1}`] : []),
    ];
    return text`${printable(name)} (${joined(notes, ', ')})\n    ${printable((described[name] as z.ZodType | undefined)?.description ?? '')}`;
  });
}

function typeText({ type, enum: values, items, minimum, maximum }: ParamSchema): Printable {
  if (values) return text`one of ${list(values.map(String))}`;
  if (items) return text`list of ${typeText(items)}`;
  const range = typeof minimum === 'number' && typeof maximum === 'number';
  return range ? text`${printable(type ?? 'any')} ${minimum} to ${maximum}` : printable(type ?? 'any');
}

function controlLines({ cis = {}, partly = {}, ...standards }: Controls): Printable[] {
  const names = {
    securityHub: 'Security Hub',
    conformity: 'Conformity',
    config: 'AWS Config',
    prowler: 'Prowler',
  };
  return [
    ...Object.entries(names).map(([key, name]) => [name, standards[key as keyof typeof names]] as const),
    ...Object.entries(cis).map(([version, ids]) => [`CIS ${version}`, ids] as const),
    ['in part', Object.entries(partly).map(([id, what]) => `${id} (not ${what})`)] as const,
  ]
    .filter(([, ids = []]) => ids.length > 0)
    .map(([name, ids = []]) => text`${printable(name)}: ${list(ids)}`);
}

function list(values: readonly string[]): Printable {
  return values.length > 0 ? joined(values.map(printable), ', ') : text`none`;
}
