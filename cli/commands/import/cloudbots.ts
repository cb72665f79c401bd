import { configFaults } from '../../../deploy/check-config';
import { taggedOrders } from '../../../functions/findings/routing';
import { readWords, splitWords } from '../../../functions/findings/words';
import type { CatalogueEntry } from '../../../shared/catalogue';
import { type BotSettings, type Config, DEFAULT_WEBHOOK } from '../../../shared/config';
import { Problem } from '../../terminal/errors';
import { type CloudBotsSettings, type Tagged, cloudBotsSettings } from './cloudbots-input';
import { OTHERWISE, RENAMED, RETIRED, botOfCloudBots } from './cloudbots-names';
import type { Settings } from './file';
import { type Migration, type Move, type Wish, enabled, grouped, only, quote, valuesText } from './migration';

/** What a rule or a finding type orders a bot to do. */
interface Order {
  readonly by: string;
  readonly isOfGuardDuty: boolean;
  /** The text behind `AUTO:`. */
  readonly text: string;
  readonly entry: CatalogueEntry;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * What a ruleset of CloudGuard, or GD_ACTIONS, comes to: each bot that is ordered is enabled with what is ordered of it, and
 * finding types of GuardDuty become routes.
 *
 * @throws Problem when the file is neither, or orders nothing.
 */
export function fromCloudBots(settings: Settings, catalogue: readonly CatalogueEntry[]): Migration {
  const given = cloudBotsSettings(settings);
  const { rules = [], findings = [] } = given;
  const read = [
    ...rules.map((rule) => ordersOf(rule, false, catalogue)),
    ...findings.map((each) => ordersOf(each, true, catalogue)),
  ].flat();
  if (read.length === 0 && given.left.length === 0) {
    throw new Problem(
      `${settings.file} orders nothing: none of its ${rules.length + findings.length} entries has AUTO: words`,
    );
  }
  const moves: Move[] = [...given.left, ...read.filter(isMove)];
  const bots: Record<string, BotSettings<never>> = {};
  const orders = grouped(
    read.filter((each): each is Order => !isMove(each)),
    ({ entry }) => entry,
  );
  const routed: Order[] = [];
  for (const [entry, ofBot] of orders) {
    const { taken, result, refused } = settingsFor(entry, ofBot);
    moves.push(...refused);
    if (taken.length === 0 || 'wrong' in result) continue;
    bots[entry.id] = result.settings;
    moves.push(...taken.map((order) => moveOf(order, result.params, result.says)));
    routed.push(...taken.filter(({ isOfGuardDuty }) => isOfGuardDuty));
  }
  return migration(given, bots, routed, moves);
}

function isMove(each: Order | Move): each is Move {
  return 'how' in each;
}

/** The orders of one rule, and what of its tags is none. */
function ordersOf(
  { name, tags }: Tagged,
  isOfGuardDuty: boolean,
  catalogue: readonly CatalogueEntry[],
): (Order | Move)[] {
  const left = (says: string): Move => ({ from: name, how: 'left', says });
  const strays = partsOf(tags).flatMap((tag) => {
    if (isUnspaced(tag)) {
      return [left(`${quote(tag)} has no space behind AUTO:, so CloudBots ran another bot or none.`)];
    }
    const isMeant = /\bauto\s*:/i.test(tag) && !tag.startsWith('AUTO:');
    return isMeant ? [left(`${quote(tag)} does not begin with AUTO:, so CloudBots passed it over.`)] : [];
  });
  const type = wrongType(name, isOfGuardDuty);
  const orders = textsOf(tags).map((text): Order | Move => {
    if (type !== undefined) return left(`${quote(`AUTO: ${text}`)}: ${type}`);
    const [word = '', ...words] = splitWords(text);
    const found = botOfCloudBots(catalogue, word);
    if ('wrong' in found) return left(`${quote(`AUTO: ${text}`)}: ${found.wrong}`);
    const said = readWords(found.entry, words);
    return 'wrong' in said
      ? left(`${quote(`AUTO: ${text}`)}: ${said.wrong}.`)
      : { by: name, isOfGuardDuty, text, entry: found.entry, params: said.params };
  });
  return [...strays, ...orders];
}

function partsOf(tags: string): string[] {
  return tags.split('|').map((tag) => tag.trim());
}

/** CloudBots takes the second word, parted by a space, for the bot. */
function isUnspaced(tag: string): boolean {
  return /^AUTO:\S/.test(tag);
}

/** The texts of orders that CloudBots understands. */
function textsOf(tags: string): string[] {
  return taggedOrders(
    partsOf(tags)
      .filter((tag) => !isUnspaced(tag))
      .join('|'),
  );
}

/** A route would take a `*` at the end for any, and CloudBots took it for itself. */
function wrongType(name: string, isOfGuardDuty: boolean): string | undefined {
  if (!isOfGuardDuty) return undefined;
  if (name.includes('*')) return 'CloudBots knows no wildcard, so it never matched.';
  return /^[A-Za-z]+:[A-Za-z0-9]+\/[\w.!&-]+$/.test(name) ? undefined : 'It is no finding type of GuardDuty.';
}

/** The settings that all orders of a bot can live with, and those that are refused all the same. */
function settingsFor(entry: CatalogueEntry, orders: readonly Order[]) {
  const result = enabled(entry, wishOf(entry, orders));
  const refused: Move[] = [];
  const taken = orders.filter((order) => {
    const says = 'wrong' in result ? result.wrong : wrongOrder(order, result.settings);
    if (says !== undefined)
      refused.push({ from: order.by, how: 'left', says: `${quote(`AUTO: ${order.text}`)}: ${says}.` });
    return says === undefined;
  });
  return { taken, result, refused };
}

/**
 * What all orders agree on is config.ts' to say. Where they do not, words stay with their orders, and those that no finding
 * may choose freely are listed for it.
 */
function wishOf(entry: CatalogueEntry, orders: readonly Order[]): Wish {
  const names = [...new Set(orders.flatMap(({ params }) => Object.keys(params)))];
  const valuesOf = (name: string) => {
    const values = orders.map(({ params }) => (Object.hasOwn(params, name) ? params[name] : undefined));
    return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
  };
  const isAgreed = (name: string) => valuesOf(name).length === 1;
  const isFree = (name: string) => entry.from[name] === 'finding';
  const areAgreed = names.filter(isFree).every(isAgreed);
  const kept = names.filter((name) => isAgreed(name) && (areAgreed || !isFree(name)));
  const listed = names.filter((name) => !isAgreed(name) && !isFree(name));
  const items = (name: string) =>
    valuesOf(name)
      .flat()
      .filter((value) => value !== undefined);
  return {
    params: Object.fromEntries(kept.map((name) => [name, valuesOf(name)[0]])),
    allowed: Object.fromEntries(listed.map((name) => [name, [...new Set<unknown>(items(name))]])),
    ...(entry.kind === 'posture' && {
      wider: `Its own rule of AWS Config judges every ${entry.resource}, and CloudBots acted on findings alone`,
    }),
  };
}

/** As a route would be judged: by its words, and by what findings may say. */
function wrongOrder({ entry, text }: Order, settings: BotSettings<never>): string | undefined {
  const route = { guardduty: { finding: `AUTO: ${text}` } };
  return configFaults({ ...only(entry, settings), routes: route }, [entry])[0]?.says;
}

function moveOf(
  { by, text, entry, params, isOfGuardDuty }: Order,
  configured: Readonly<Record<string, unknown>>,
  also: readonly string[],
): Move {
  const own = Object.fromEntries(Object.entries(params).filter(([name]) => !Object.hasOwn(configured, name)));
  const { order = [] } = entry.words;
  const unknown = Object.entries(entry.params.properties ?? {}).filter(
    ([name, schema]) => !order.includes(name) && schema.default !== undefined && !Object.hasOwn(params, name),
  );
  const defaults = Object.fromEntries(unknown.map(([name, schema]) => [name, schema.default]));
  const [word = ''] = splitWords(text);
  const says = [
    ...(word === entry.id ? [] : [`CloudBots calls it ${word}.`]),
    ...(Object.keys(own).length === 0
      ? []
      : [`Others ask it for something else, so this stays in the words of its own: ${valuesText(own)}.`]),
    ...otherwise(entry, params),
    ...(Object.keys(defaults).length === 0
      ? []
      : [`At its default is what CloudBots has no parameter for: ${valuesText(defaults)}.`]),
    ...also,
    ...(isOfGuardDuty ? typeSays(by) : []),
  ];
  return says.length === 0
    ? { from: by, how: 'moved', to: entry.id }
    : { from: by, how: 'differs', to: entry.id, says: says.join(' ') };
}

function otherwise({ id }: CatalogueEntry, params: object): string[] {
  const { says, unless = '' } = OTHERWISE[id] ?? {};
  return says === undefined || Object.hasOwn(params, unless) ? [] : [says];
}

function typeSays(type: string): string[] {
  if (RETIRED.has(type))
    return ['GuardDuty no longer makes findings of this type, so the route waits in vain.'];
  const now = RENAMED.get(type);
  return now === undefined ? [] : [`GuardDuty calls these ${now} now, which this route does not match.`];
}

function migration(
  { rules, findings, isMulti }: CloudBotsSettings,
  bots: Config['bots'],
  routed: readonly Order[],
  moves: readonly Move[],
): Migration {
  const types = grouped(routed, ({ by }) => by);
  const routes = Object.fromEntries(
    [...types].map(([type, orders]) => [type, orders.map(({ text }) => `AUTO: ${text}`).join(' | ')]),
  );
  const isOfGuardDuty = types.size > 0;
  const isOfCloudGuard = rules !== undefined;
  const untagged = [...(rules ?? []), ...(findings ?? [])].filter(
    ({ tags }) => !/\bauto\s*:/i.test(tags),
  ).length;
  return {
    config: {
      enable_auto_response: false,
      bots,
      findings: {
        ...(isOfCloudGuard && { own: { sources: ['cloudguard'] } }),
        ...(isOfGuardDuty && { events: ['guardduty'] }),
      },
      ...(isOfGuardDuty && { routes: { guardduty: routes } }),
      accounts: { mode: 'single' },
      slack: { webhook: DEFAULT_WEBHOOK },
    },
    moves,
    notes: {
      ...(untagged > 0 && {
        bots: [
          `${untagged} ${rules ? (untagged === 1 ? 'rule has' : 'rules have') : untagged === 1 ? 'finding type has' : 'finding types have'} no AUTO: words, and ${untagged === 1 ? 'asks' : 'ask'} for nothing here either.`,
        ],
      }),
      ...(isOfCloudGuard && {
        findings: [
          'Yet to be filled in, or no finding of CloudGuard arrives:',
          "publishers: ['arn:aws:iam::<account of your CloudGuard data centre>:root'],",
        ],
      }),
      ...(isMulti !== false && {
        accounts: [
          `CloudBots acted in ${isMulti ? 'several accounts' : 'the accounts that it had a role in'}. For others than the one that selfheal is deployed in:`,
          "{ mode: 'multi', externalId: '<a text of your own>', accounts: ['<account>'] }",
        ],
      }),
    },
    next: [
      ...(isOfCloudGuard
        ? [
            'Name the account of your CloudGuard data centre under findings.publishers. The rules keep their AUTO: words.',
            'Point a notification of CloudGuard at the findings topic, beside the topic of CloudBots.',
          ]
        : []),
      ...(isOfGuardDuty
        ? ['GuardDuty is heard over EventBridge (findings.events): its topic for CloudBots is not needed.']
        : []),
      ...(isMulti === false ? [] : ['Say in which accounts bots may act, under accounts: docs/members.md.']),
    ],
  };
}
