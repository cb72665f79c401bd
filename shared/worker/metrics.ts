import type { CatalogueEntry } from '../catalogue';
import { type Config, FINDING_SOURCES, settingsOf } from '../config';
import type { Environment } from './environment';
import { emit } from './log';
import type { Remediation } from './message';
import { ANSWERS, COUNTS, OUTCOMES, SECONDS_TO_PROOF } from './metric-names';

/** Sources that have no adapter: people, and `npx selfheal scan`. */
const SOURCES: readonly string[] = [...FINDING_SOURCES, 'cli', 'scan'];
/** What is not one of those that config.ts names. */
const OTHER = 'other';
/** So many accounts have metrics of their own. */
const MOST_ACCOUNTS = 50;
/** What CloudWatch asks for one metric of the first 10,000 that has a point in every hour of a month, in dollars. Source: CloudWatch pricing. */
const DOLLARS = 0.3;

/**
 * Measures one answer to a message: how it ended by bot, source and account, and after how many seconds a repair was
 * proven. No resource is ever named, and of accounts only those of config.ts.
 *
 * @param outcome `dead-lettered` for what is given up, else the bot's own.
 */
export function measure(
  { config, environment }: { readonly config: Config; readonly environment: Pick<Environment, 'accountId'> },
  bot: { readonly id: string },
  { target, finding }: Pick<Remediation, 'target' | 'finding'>,
  outcome: (typeof ANSWERS)[number],
): void {
  const source = SOURCES.includes(finding.source) ? finding.source : OTHER;
  const account = accountsOf(config, environment.accountId).includes(target.account) ? target.account : OTHER;
  const seconds = Math.max(0, (Date.now() - Date.parse(finding.time)) / 1000);
  emit({ bot: bot.id, source, account, outcome }, [
    { name: OUTCOMES, value: 1, unit: 'Count' },
    ...(outcome === 'fixed' && Number.isFinite(seconds)
      ? [{ name: SECONDS_TO_PROOF, value: seconds, unit: 'Seconds' } as const]
      : []),
  ]);
}

/** The most metrics that an installation can come to, and what they cost a month if each has a point in every hour. */
export function mostMetrics(
  config: Config,
  catalogue: readonly Pick<CatalogueEntry, 'id'>[],
): { readonly metrics: number; readonly dollars: number } {
  const bots = catalogue.filter(({ id }) => settingsOf(config, id) !== undefined).length;
  const sources = SOURCES.length + 1;
  const accounts = accountsOf(config, 'home').length + 1;
  const metrics = ANSWERS.length * (1 + bots + sources + accounts) + (1 + sources) + COUNTS.length * sources;
  return { metrics, dollars: Math.round(metrics * DOLLARS) };
}

/** Accounts with metrics of their own: the installation's, and the first that config.ts lists. */
function accountsOf({ accounts }: Config, home: string): readonly string[] {
  const members = accounts?.mode === 'multi' ? (accounts.accounts ?? []) : [];
  return [home, ...members].slice(0, MOST_ACCOUNTS);
}
