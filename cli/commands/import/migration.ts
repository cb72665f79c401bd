import { configFaults } from '../../../deploy/check-config';
import type { CatalogueEntry } from '../../../shared/catalogue';
import type { BotId, BotSettings, Config } from '../../../shared/config';
import { clip } from '../../../shared/text';

/** What became of one thing of the old tool. */
export interface Move {
  /** What it is called there: a rule, a finding type, a variable. */
  readonly from: string;
  readonly how: 'moved' | 'differs' | 'left';
  /** The bot or the field of config.ts that it became. */
  readonly to?: string;
  /** What is not as it was, or why there is nothing; whole sentences. */
  readonly says?: string;
}

/** What the settings of an old tool come to. */
export interface Migration {
  readonly config: Config;
  readonly moves: readonly Move[];
  /** By field of config.ts, what stands above it as a comment. */
  readonly notes: Partial<Record<keyof Config, readonly string[]>>;
  /** What a person has to do before it is deployed. */
  readonly next: readonly string[];
}

/** A bot that the old tool ran. */
export interface Wish {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly allowed?: Readonly<Record<string, readonly unknown[]>>;
  /** Why it would do more than the old tool did, without a full stop: it then only plans. */
  readonly wider?: string | undefined;
}

/** The settings of a bot, and what is to be said of them; or why it cannot be enabled. */
export type Enabled =
  | {
      readonly settings: BotSettings<never>;
      /** The parameters in them. */
      readonly params: Readonly<Record<string, unknown>>;
      readonly says: readonly string[];
    }
  | { readonly wrong: string };

/** Enables a bot as far as the old tool went, and no further. */
export function enabled(entry: CatalogueEntry, { params = {}, allowed = {}, wider }: Wish): Enabled {
  const isPlan = wider !== undefined || entry.risk === 'destructive';
  const settings = {
    enabled: true,
    ...(isPlan && { mode: 'plan' as const }),
    ...(Object.keys(params).length > 0 && { params }),
    ...(Object.keys(allowed).length > 0 && { allowed }),
  } as BotSettings<never>;
  const [fault] = configFaults(only(entry, settings), [entry]);
  if (fault) return { wrong: fault.says };
  const says = [
    ...(entry.risk === 'destructive'
      ? ["It cannot be taken back: mode 'plan' only tells, until you change that."]
      : []),
    ...(wider === undefined ? [] : [`${wider}: mode 'plan' only tells, until you drop that.`]),
  ];
  return { settings, params, says };
}

/** A config.ts of one bot. */
export function only({ id }: CatalogueEntry, settings: BotSettings<never>): Config {
  return { enable_auto_response: false, bots: { [id as BotId]: settings } };
}

/** Values as text: `ports=[22,3389]`. */
export function valuesText(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

/** Items by what they have in common, in their order. */
export function grouped<T, K>(items: readonly T[], by: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(by(item));
    if (group) group.push(item);
    else groups.set(by(item), [item]);
  }
  return groups;
}

/** A text of the old tool within a sentence. */
export function quote(text: string): string {
  return `“${clip(text, 200)}”`;
}
