import type { CatalogueEntry } from '../../../shared/catalogue';
import { type BotSettings, DEFAULT_WEBHOOK } from '../../../shared/config';
import { nearest } from '../../../shared/nearest';
import { Problem } from '../../terminal/errors';
import { DIFFERENCES } from './conformity-rules';
import type { Settings } from './file';
import { literalIn } from './literals';
import { type Migration, type Move, enabled } from './migration';

/** A rule that is on, with the settings that stand beside `enabled`. */
interface Rule {
  readonly id: string;
  readonly given: Readonly<Record<string, unknown>>;
}

const PREFIX = 'AutoRemediate';
/** What the bot does anyway. */
const ALWAYS: Readonly<Record<string, unknown>> = {
  IncludeGlobalServiceEvents: true,
  IsMultiRegionTrail: true,
};

/**
 * What the config.js, or config.json, of Conformity's auto-remediation comes to: each rule that is on enables the bots
 * that answer it, with what the rule asks.
 *
 * @throws Problem when the file says anything but an object of literals.
 */
export function fromConformity(settings: Settings, catalogue: readonly CatalogueEntry[]): Migration {
  const table = literalIn(settings);
  if (typeof table !== 'object' || table === null || Array.isArray(table)) {
    throw new Problem(`${settings.file} is no config of auto-remediation: it is an object of rules`);
  }
  const known = new Set(catalogue.flatMap(({ controls }) => controls.conformity ?? []));
  const moves: Move[] = [];
  const on: Rule[] = [];
  let off = 0;
  for (const [key, value] of Object.entries(table)) {
    const id = key.startsWith(PREFIX) ? key.slice(PREFIX.length) : key;
    const state = stateOf(value);
    if ('wrong' in state) moves.push({ from: key, how: 'left', says: state.wrong });
    else if (!state.isOn) off += 1;
    else if (known.has(id)) on.push({ id, given: state.given });
    else moves.push({ from: key, how: 'left', says: unknownText(id, [...known]) });
  }
  const bots: Record<string, BotSettings<never>> = {};
  for (const entry of catalogue) {
    const rules = on.filter(({ id }) => entry.controls.conformity?.includes(id));
    if (rules.length === 0) continue;
    const result = enabled(entry, wishOf(entry, rules));
    if ('settings' in result) bots[entry.id] = result.settings;
    moves.push(...rules.flatMap((rule) => movesOf(entry.id, rule, result)));
  }
  return {
    config: {
      enable_auto_response: false,
      bots: bots,
      findings: { own: { sources: ['conformity'] } },
      accounts: { mode: 'single' },
      slack: { webhook: DEFAULT_WEBHOOK },
    },
    moves,
    ...about(off),
  };
}

function stateOf(
  value: unknown,
):
  { readonly isOn: boolean; readonly given: Readonly<Record<string, unknown>> } | { readonly wrong: string } {
  // As the first versions had it.
  if (typeof value === 'boolean') return { isOn: value, given: {} };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { wrong: 'It holds neither true or false nor an object.' };
  }
  const { enabled: isOn = false, ...given } = value as Record<string, unknown>;
  if (typeof isOn !== 'boolean')
    return { wrong: '`enabled` is neither true nor false: only true switches on.' };
  return { isOn, given };
}

function unknownText(id: string, known: readonly string[]): string {
  const meant = nearest(id, known, 1);
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  return `No bot answers a rule of that name${hint}.`;
}

/** What the rules that are on ask of their bot together. */
function wishOf(entry: CatalogueEntry, rules: readonly Rule[]) {
  const params = rules.map((rule) => ({ ...askedBy(entry, rule.id), ...renamed(rule) })).reduce(together, {});
  const isOn = (id: string) => rules.some((rule) => rule.id === id);
  const others = (entry.controls.conformity ?? []).filter(
    (id) => !isOn(id) && covers(params, askedBy(entry, id)),
  );
  const wider = [
    ...new Set(rules.flatMap(({ id }) => DIFFERENCES[id]?.wider ?? [])),
    ...(others.length > 0
      ? [`It would answer ${others.join(', ')} too, which ${others.length === 1 ? 'is' : 'are'} off`]
      : []),
  ].join('. ');
  return { params, wider: wider === '' ? undefined : wider };
}

function askedBy({ byControl = {} }: CatalogueEntry, id: string): Record<string, unknown> {
  return { ...byControl[id], ...DIFFERENCES[id]?.params };
}

/** The bot's parameters that the rule's settings give; an empty text gives none. */
function renamed({ id, given }: Rule): Record<string, unknown> {
  const names = Object.entries(DIFFERENCES[id]?.names ?? {});
  return Object.fromEntries(
    names.filter(([name]) => isGiven(given, name)).map(([name, param]) => [param, given[name]]),
  );
}

function isGiven(given: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.hasOwn(given, name) && given[name] !== '' && given[name] !== null;
}

/** Of lists all items; of numbers, which are days, the fewest: what any of the rules would have acted on. */
function together(one: Record<string, unknown>, other: Record<string, unknown>): Record<string, unknown> {
  const all = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const before = all[name];
    if (Array.isArray(before) && Array.isArray(value))
      all[name] = [...new Set([...(before as unknown[]), ...(value as unknown[])])];
    else
      all[name] = typeof before === 'number' && typeof value === 'number' ? Math.min(before, value) : value;
  }
  return all;
}

/** Whether all that a rule asks is in lists that are there anyway. */
function covers(
  params: Readonly<Record<string, unknown>>,
  asked: Readonly<Record<string, unknown>>,
): boolean {
  const lists = Object.entries(asked).filter(([, value]) => Array.isArray(value));
  return (
    lists.length > 0 &&
    lists.every(([name, value]) => {
      const there = params[name];
      return Array.isArray(there) && (value as unknown[]).every((item) => there.includes(item));
    })
  );
}

function movesOf(bot: string, { id, given }: Rule, result: ReturnType<typeof enabled>): Move[] {
  if ('wrong' in result)
    return [{ from: id, how: 'left', says: `${bot} cannot be enabled: ${result.wrong}` }];
  const { says, names = {} } = DIFFERENCES[id] ?? {};
  const sentences = [...(says === undefined ? [] : [says]), ...result.says];
  const lost = Object.keys(given).filter(
    (name) => isGiven(given, name) && !Object.hasOwn(names, name) && ALWAYS[name] !== given[name],
  );
  return [
    sentences.length === 0
      ? { from: id, how: 'moved', to: bot }
      : { from: id, how: 'differs', to: bot, says: sentences.join(' ') },
    ...lost.map((name): Move => ({
      from: `${id} ${name}`,
      how: 'left',
      says: `${bot} has no such parameter.`,
    })),
  ];
}

/** What config.js does not say, and selfheal has to be told. */
function about(off: number): Pick<Migration, 'notes' | 'next'> {
  const publishers = 'the account that Conformity publishes from under findings.publishers';
  const accounts =
    "Conformity's ids of your accounts, and which of AWS's they are, under conformity.accounts";
  return {
    notes: {
      bots: [
        ...(off === 0
          ? []
          : [
              `${off} ${off === 1 ? 'rule' : 'rules'} of config.js ${off === 1 ? 'is' : 'are'} off, and ${off === 1 ? 'stays' : 'stay'} so.`,
            ]),
        'Posture bots also find faults by a rule of AWS Config, which knows no exception that you keep in Conformity.',
      ],
      findings: [
        'Yet to be filled in, or no check of Conformity arrives:',
        "publishers: ['arn:aws:iam::<account that Conformity publishes from>:root'],",
      ],
      accounts: [
        'Yet to be filled in beside it, or checks go to the dead-letter queue:',
        "conformity: { accounts: { '<id in Conformity>': '<account of AWS>' } },",
      ],
    },
    next: [
      `Name ${publishers}, and ${accounts}.`,
      'Write what Conformity excepts (profiles, tags, suppressed checks) as exemptions: AWS Config does not know them.',
      'Give Conformity a second SNS channel, to the findings topic, beside the one of auto-remediation.',
    ],
  };
}
