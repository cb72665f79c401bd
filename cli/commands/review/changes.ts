import type { CatalogueEntry } from '../../../shared/catalogue';
import { type Config, modeOf, settingsOf } from '../../../shared/config';

/** One thing that a config.ts says otherwise than another. */
export interface Change {
  readonly kind: 'added' | 'removed' | 'changed';
  /** `bot sg_close_ports`, or the place in config.ts: `limits.perBot`. */
  readonly what: string;
  /** What is said, as text; `undefined` where nothing is. */
  readonly before?: string;
  readonly after?: string;
  /** Why somebody should look twice: it does more, or leaves more to itself. */
  readonly beware?: string;
}

/** What these say of no other use than to who knows them. */
const HIDDEN = /(^|\.)externalId$/;

/** What changes between two configs: the bots first, then everything else in the order of its names. */
export function changesBetween(
  before: Config,
  after: Config,
  catalogue: readonly CatalogueEntry[],
): readonly Change[] {
  return [...botChanges(before, after, catalogue), ...otherChanges(before, after)];
}

function botChanges(before: Config, after: Config, catalogue: readonly CatalogueEntry[]): Change[] {
  return catalogue.flatMap((entry): Change[] => {
    const was = botFacts(before, entry);
    const is = botFacts(after, entry);
    const what = `bot ${entry.id}`;
    if (!was && !is) return [];
    if (!was) return [{ kind: 'added', what, after: textOf(is), ...bewareOf(entry, undefined, is) }];
    if (!is) return [{ kind: 'removed', what, before: textOf(was) }];
    const [old, now] = [textOf(was), textOf(is)];
    return old === now
      ? []
      : [{ kind: 'changed', what, before: old, after: now, ...bewareOf(entry, was, is) }];
  });
}

/** How an enabled bot works; a posture bot has a rule of AWS Config beside. */
function botFacts(config: Config, { id, risk, kind }: CatalogueEntry): Record<string, unknown> | undefined {
  const settings = settingsOf(config, id);
  if (!settings) return undefined;
  const { enabled: _, mode: __, ...rest } = settings;
  return { mode: modeOf(settings, risk), ...(kind === 'posture' && { rule: 'of its own' }), ...rest };
}

function bewareOf(
  { risk }: CatalogueEntry,
  was: Record<string, unknown> | undefined,
  is: Record<string, unknown> | undefined,
): Pick<Change, 'beware'> {
  if (is?.mode !== 'auto' || was?.mode === 'auto') return {};
  return { beware: risk === 'safe' ? 'repairs by itself' : `repairs by itself, and is ${risk}` };
}

function otherChanges(before: Config, after: Config): Change[] {
  const [was, is] = [leaves(without(before)), leaves(without(after))];
  const names = [...new Set([...was.keys(), ...is.keys()])].sort();
  return names.flatMap((what): Change[] => {
    const [old, now] = [was.get(what), is.get(what)];
    if (old === now) return [];
    const said = HIDDEN.test(what)
      ? { ...(old !== undefined && { before: 'hidden' }), ...(now !== undefined && { after: 'hidden' }) }
      : { ...(old !== undefined && { before: old }), ...(now !== undefined && { after: now }) };
    const kind = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
    const beware =
      what === 'enable_auto_response' && now === 'true'
        ? 'what waits in the queue is done'
        : what.startsWith('exemptions') && now === undefined
          ? 'bots may act there again'
          : undefined;
    return [{ kind, what, ...said, ...(beware !== undefined && { beware }) }];
  });
}

function without({ bots: _, ...rest }: Config): object {
  return rest;
}

/**
 * By its place, each value of a config. Items of lists have no place but what they say: one that moves has not changed.
 */
function leaves(value: unknown, place = ''): Map<string, string> {
  if (Array.isArray(value)) {
    return new Map(value.map((item) => [`${place}: ${json(item)}`, json(item)]));
  }
  if (typeof value !== 'object' || value === null) {
    return value === undefined ? new Map<string, string>() : new Map([[place, json(value)]]);
  }
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [
      ...leaves(inner, place === '' ? name : `${place}.${name}`),
    ]),
  );
}

function textOf(facts: Record<string, unknown> | undefined): string {
  return Object.entries(facts ?? {})
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : json(value)}`)
    .join(', ');
}

/** JSON with its names in order, so that two ways to write the same are the same. */
function json(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
