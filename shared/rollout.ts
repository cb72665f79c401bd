import type { Metadata, Severity } from './bot/bot';
import { type Config, MODES, type Mode, type RolloutRule, modeOf, settingsOf } from './config';
import type { Target } from './resources/target';

/** What rules of the rollout are asked about. */
export interface Case {
  readonly bot: Pick<Metadata, 'id' | 'risk' | 'severity'>;
  readonly target: Pick<Target, 'account' | 'region'>;
  /** The finding's own; absent: the bot's. */
  readonly severity?: Severity | undefined;
  /** The units above the account; `undefined`: not known. */
  readonly units?: readonly string[] | undefined;
  /** The tags of the resource; `undefined`: not known. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** How far a bot may go, and what of config.ts says so: `bots.sg_close_ports.mode`, `rollout[1]`. */
export interface Stage {
  readonly mode: Mode;
  readonly by: string;
}

/**
 * How far a bot may go with a resource: as far as its own mode says, and no further than the first matching rule of the
 * rollout. A rule that hangs on a tag or a unit that nobody knows counts as matching where it holds back, and not where
 * it lets go: what is not known never makes a bot bolder.
 */
export function stageOf(config: Pick<Config, 'bots' | 'rollout'>, of: Case): Stage {
  const { bot } = of;
  const settings: { readonly mode?: Mode } = settingsOf(config as Config, bot.id) ?? {};
  const own: Stage = {
    mode: modeOf(settings, bot.risk),
    by: settings.mode === undefined ? `the risk of ${bot.id}, ${bot.risk}` : `bots.${bot.id}.mode`,
  };
  const rules = config.rollout ?? [];
  const index = rules.findIndex((rule) => matches(rule, of, own.mode));
  const rule = rules[index];
  return rule && rank(rule.mode) < rank(own.mode) ? { mode: rule.mode, by: `rollout[${index}]` } : own;
}

/** Whether a rule of the rollout hangs on what has to be looked up first. */
export function asksFor(config: Pick<Config, 'rollout'>, what: 'tag' | 'organizationalUnits'): boolean {
  return (config.rollout ?? []).some((rule) => rule[what] !== undefined);
}

/** Whether any repair waits for a person by config.ts. */
export function asksPeople({
  bots,
  rollout = [],
  approvals,
}: Pick<Config, 'bots' | 'rollout' | 'approvals'>): boolean {
  return (
    approvals !== undefined ||
    rollout.some(({ mode }) => mode === 'approve') ||
    Object.values(bots).some(({ enabled, mode }) => enabled && mode === 'approve')
  );
}

function matches(rule: RolloutRule, of: Case, own: Mode): boolean {
  const { bot, target, severity = bot.severity, units, tags } = of;
  const holdsBack = rank(rule.mode) < rank(own);
  return (
    isAmong(rule.bots, bot.id) &&
    isAmong(rule.accounts, target.account) &&
    isAmong(rule.regions, target.region) &&
    isAmong(rule.severities, severity) &&
    (rule.organizationalUnits === undefined ||
      (units ? rule.organizationalUnits.some((unit) => units.includes(unit)) : holdsBack)) &&
    (rule.tag === undefined || (tags ? hasTag(tags, rule.tag) : holdsBack))
  );
}

function hasTag(tags: Readonly<Record<string, string>>, { key, value }: NonNullable<RolloutRule['tag']>) {
  return Object.hasOwn(tags, key) && (value === undefined || tags[key] === value);
}

function isAmong(names: readonly string[] | undefined, name: string): boolean {
  return names === undefined || names.includes(name);
}

function rank(mode: Mode): number {
  return MODES.indexOf(mode);
}
