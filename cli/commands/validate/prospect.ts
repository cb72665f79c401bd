import { enabledUnder } from '../../../shared/bot/rights';
import type { CatalogueEntry } from '../../../shared/catalogue';
import {
  type Config,
  DEFAULT_WEBHOOK,
  type Mode,
  type RolloutRule,
  modeOf,
  settingsOf,
  topicsOf,
} from '../../../shared/config';
import { LIMITS } from '../../../shared/worker/limits';
import { counted, gravity } from '../../describe';
import { type Paints, type Printable, compact, joined, printable, text } from '../../terminal/print';
import { table, wrapped } from '../../terminal/table';

/** A bot that would be deployed. */
interface EnabledBot {
  readonly bot: string;
  readonly mode: Mode;
  readonly risk: CatalogueEntry['risk'];
  /** Whether AWS Config or a scan may start it; otherwise findings alone do. */
  readonly posture: boolean;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What a config would deploy. */
export interface Prospect {
  readonly autoResponse: boolean;
  readonly bots: readonly EnabledBot[];
  /** How many bots there are. */
  readonly known: number;
  /** Lambda functions of the stack, those of the bots among them. */
  readonly functions: number;
  /** By a word, what else is set, in a line each. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What a config that is right would deploy. */
export function prospectOf(config: Config, catalogue: readonly CatalogueEntry[]): Prospect {
  const bots = enabledUnder(config, catalogue).map((entry): EnabledBot => {
    const settings = settingsOf(config, entry.id) ?? { enabled: true };
    const mode = modeOf(settings, entry.risk);
    return {
      bot: entry.id,
      mode,
      risk: entry.risk,
      posture: entry.kind === 'posture',
      params: settings.params ?? {},
    };
  });
  return {
    autoResponse: config.enable_auto_response,
    bots,
    known: catalogue.length,
    functions: CORE + bots.length + (config.findings?.updateSecurityHub ? 1 : 0),
    settings: settingsText(config),
  };
}

/** coordinator, config-rules, findings and notifier. */
const CORE = 4;

function settingsText(config: Config): Record<string, string> {
  const { accounts, findings, regions, limits, slack, exemptions = [], rollout = [], routes = {} } = config;
  const { events = [], publishers = [] } = findings ?? {};
  const webhook = slack?.webhook ?? DEFAULT_WEBHOOK;
  const most = { ...LIMITS, ...(limits === false ? {} : limits) };
  const sources = [
    "AWS Config's rules",
    'the findings topic',
    ...(events.length > 0 ? [`events of ${events.join(', ')}`] : []),
    ...topicsOf(config).map(({ arn }) => arn),
  ];
  const outside = publishers.length > 0 ? `; on the topic may publish ${publishers.join(', ')}` : '';
  return {
    'findings from': `${sources.join(', ')}${outside}`,
    accounts:
      accounts?.mode === 'multi'
        ? [
            ...(accounts.organization === undefined ? [] : [`organization ${accounts.organization}`]),
            ...(accounts.organizationalUnits === undefined
              ? []
              : [`only under ${accounts.organizationalUnits.join(', ')}`]),
            ...(accounts.accounts === undefined ? [] : [`this one and ${accounts.accounts.join(', ')}`]),
            ...(accounts.deny?.length ? [`never ${accounts.deny.join(', ')}`] : []),
          ].join('; ')
        : 'only the one it is deployed in',
    regions: regions?.join(', ') ?? 'all',
    ...(rollout.length > 0 && { rollout: rollout.map(ruleText).join('; ') }),
    limits:
      limits === false
        ? 'none'
        : `${most.perAccount} changes an hour in an account, ${most.perBot} by one bot, ${most.perDisruptiveResponse} by a disruptive one, ${most.perDestructive} by a destructive one`,
    routes: String(Object.values(routes).reduce((sum, table) => sum + Object.keys(table).length, 0)),
    exemptions: String(exemptions.length),
    Slack: 'parameter' in webhook ? `parameter ${webhook.parameter}` : `secret ${webhook.secret}`,
  };
}

/** What one rule of the rollout keeps bots from: `regions=eu-central-1: ask first`. */
function ruleText({ mode, ...where }: RolloutRule): string {
  return `${Object.keys(where).length > 0 ? compact(where) : 'everywhere'}: ${DO[mode]}`;
}

const COLUMNS = {
  bot: 'name',
  'what it does': 'whole',
  risk: 'whole',
  'started by': 'whole',
  'set in config.ts': 'prose',
} as const;

/** What a bot does on its own, whatever `rollout` keeps it from. */
const DOES: Readonly<Record<Mode, Printable>> = {
  auto: text`repairs`,
  approve: text`asks first`,
  plan: text`only tells`,
  off: text`nothing`,
};

function byMode(bots: readonly EnabledBot[]): string {
  return (['auto', 'approve', 'plan', 'off'] as const)
    .map((mode) => ({ mode, count: bots.filter((bot) => bot.mode === mode).length }))
    .filter(({ mode, count }) => mode === 'auto' || count > 0)
    .map(({ mode, count }) => `${count} ${DO[mode]}`)
    .join(', ');
}

const DO: Readonly<Record<Mode, string>> = {
  auto: 'repair',
  approve: 'ask first',
  plan: 'only tell what they would do',
  off: 'do nothing',
};

/** What a config would deploy, for people. */
export function prospectText(paint: Paints, columns: number, prospect: Prospect): Printable {
  const { autoResponse, bots, known, functions, settings } = prospect;
  const facts = {
    'auto response': autoResponse
      ? `on: what is found is repaired${'rollout' in settings ? ', as far as rollout lets it' : ''}`
      : 'off: findings wait in the queue, and nothing is changed',
    bots: `${bots.length} of ${known}: ${byMode(bots)}`,
    'in AWS': counted(functions, 'function'),
    ...settings,
  };
  const width = Math.max(...Object.keys(facts).map(({ length }) => length)) + 2;
  const lines = Object.entries(facts).flatMap(([name, value]) =>
    wrapped(printable(value), columns - width).map(
      (line, index) => text`${paint.dim(printable((index === 0 ? name : '').padEnd(width)))}${line}`,
    ),
  );
  const rows = bots.map(({ bot, mode, risk, posture, params }) => [
    printable(bot),
    mode === 'auto' ? DOES.auto : { text: DOES[mode], paint: paint.yellow },
    { text: printable(risk), paint: gravity(paint, risk) },
    posture ? text`AWS Config, a scan, findings` : text`findings`,
    Object.keys(params).length > 0 ? compact(params) : text``,
  ]);
  return joined(
    [...(bots.length > 0 ? [table(paint, columns, { ...COLUMNS }, rows), text``] : []), ...lines],
    '\n',
  );
}
