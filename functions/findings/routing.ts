import { type FindingStandard, typesOf } from '../../shared/bot/bot';
import { type CatalogueEntry, findBot } from '../../shared/catalogue';
import type { RoutedSource } from '../../shared/config';
import { canonical } from '../../shared/resources/canonical';
import { isNowhere } from '../../shared/resources/regions';
import { ACCOUNT, REGION, isGlobal, isSettings, partitionOf } from '../../shared/resources/target';
import { clip } from '../../shared/text';
import type { Finding } from '../../shared/worker/message';
import { LIMITS } from './limits';
import type { Intake, Reading } from './source';
import { readWords, splitWords } from './words';

/** A resource that a finding names. */
export interface Named {
  /** CloudFormation type. */
  readonly type: string;
  /** The id that the service's own API takes. */
  readonly id: string;
  /** Where it lies, where its identifier or the finding says so of the resource itself. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** One sentence on what contradicts itself about it. */
  readonly wrong?: string | undefined;
}

/** What a finding is about, whoever says it. */
export interface Subject {
  readonly source: string;
  /** The finding's own id and time at its source. */
  readonly id: string;
  readonly time: string;
  readonly title?: string;
  /** Absent where the finding names no account of AWS. */
  readonly account: string | undefined;
  /** Absent, empty or `global` for what lies in no region. */
  readonly region?: string | undefined;
  readonly resources: readonly Named[];
}

/** A finding that says what is wrong, and leaves it to config.ts and the bots' controls what to do about it. */
export interface Said extends Subject {
  readonly source: RoutedSource;
  /** What routes in config.ts may name it by: a finding type, a control's id, a rule's id. */
  readonly keys: readonly string[];
  /** 0 to 10, as the source has it. */
  readonly severity?: number;
  /** The ids by which bots say what they answer. */
  readonly controls?: { readonly standard: FindingStandard; readonly ids: readonly string[] };
}

/** The texts of several orders: `AUTO: stop | AUTO: tag owner`. The word `AUTO:` may be left out. */
export function ordersIn(text: string): string[] {
  return text
    .split('|')
    .map((part) => part.replace(/^\s*AUTO:/, '').trim())
    .filter((part) => part !== '');
}

/** The texts of orders among the tags of a rule of CloudGuard: of those parts alone that begin with `AUTO:`. */
export function taggedOrders(tags: string): string[] {
  return tags
    .split('|')
    .map((tag) => /^AUTO:(.*)$/s.exec(tag.trim())?.[1]?.trim() ?? '')
    .filter((order) => order !== '');
}

/** What a finding comes to by the routes of config.ts or, where they do not name it, by the bots' controls. */
export function routed(said: Said, intake: Intake): Reading[] {
  const wrong = unwieldy(said);
  if (wrong !== undefined) return [{ unusable: wrong }];
  const { severity } = said;
  if (severity === undefined) return answersTo(said, intake);
  return answersTo(said, intake).map((reading) => {
    if ('survey' in reading) return { ...reading, severity };
    if (!('remediation' in reading)) return reading;
    const { remediation } = reading;
    const finding = { ...remediation.finding, severity: severityLabel(severity) };
    return { remediation: { ...remediation, finding }, severity };
  });
}

/** The name of a severity of 0 to 10, in the ranges of CVSS. Source: FIRST, CVSS v3.1, qualitative severity rating scale. */
function severityLabel(severity: number): NonNullable<Finding['severity']> {
  if (severity >= 9) return 'critical';
  if (severity >= 7) return 'high';
  return severity >= 4 ? 'medium' : 'low';
}

/** Why a finding's names are too many or too long to be looked up for each of its resources; `undefined`: they are not. */
export function unwieldy({ keys, account, region }: Omit<Said, 'resources'>): string | undefined {
  if (keys.length > LIMITS.keys) return `the finding has ${keys.length} names: at most ${LIMITS.keys}`;
  const length = [...keys, account ?? '', region ?? ''].find((name) => name.length > LIMITS.name)?.length;
  return length === undefined
    ? undefined
    : `the finding has a name of ${length} characters: at most ${LIMITS.name}`;
}

function answersTo(said: Said, intake: Intake): Reading[] {
  const routes = Object.entries(intake.routes?.[said.source] ?? {})
    .filter(([pattern]) => said.keys.some((key) => matches(pattern, key)))
    .map(([pattern, route]) => ({ pattern, ...(typeof route === 'string' ? { auto: route } : route) }));
  const loud = routes.filter(({ minSeverity }) => (said.severity ?? 10) >= (minSeverity ?? 0));
  const [quiet] = routes;
  if (quiet && loud.length === 0) {
    return [
      {
        declined: `severity ${said.severity ?? 10} is under the ${quiet.minSeverity ?? 0} of the route ${quiet.pattern}`,
      },
    ];
  }
  if (loud.length > 0) {
    const orders = new Set(loud.flatMap(({ auto }) => ordersIn(auto)));
    return [...orders].map((order) => readAutoWords(order, said, intake));
  }
  const answering = botsFor(said, intake);
  const named = answering.filter((entry) => namedFor(entry, said) !== undefined);
  if (named.length > 0) return named.map((entry) => asked(entry, askedBy(said, entry), said, intake));
  // A control that judges an account names the account alone, whatever it found there.
  const isOfAccount = said.resources.length > 0 && said.resources.every(({ type }) => type === ACCOUNT);
  if (answering.length > 0 && isOfAccount) return answering.map((entry) => surveyed(entry, said, intake));
  if (answering.length > 0) {
    const types = [...new Set(answering.flatMap(typesOf))].join(' or ');
    return [
      {
        unusable: `${answering.map(({ id }) => id).join(', ')} is enabled for this, and the finding names no ${types}`,
        isOfResource: true,
      },
    ];
  }
  return [
    {
      declined: `no route for ${clip(said.keys.join(', '), LIMITS.name) || 'this'} of ${said.source}, and no enabled bot answers it`,
      withoutRoute: true,
    },
  ];
}

/** Carries out one order, the text behind `AUTO:`, on what the finding names. */
export function readAutoWords(order: string, subject: Subject, intake: Intake): Reading {
  const [name = '', ...words] = splitWords(order);
  const entry = findBot(intake.catalogue, name, ...subject.resources.map(({ type }) => type));
  if (!entry)
    return { unusable: `there is no bot ${JSON.stringify(name.slice(0, 64))}: see npx selfheal bots` };
  if (words.length > LIMITS.words) {
    return {
      unusable: `the order to ${entry.id} has ${words.length} words: at most ${LIMITS.words}`,
    };
  }
  const read = readWords(entry, words, intake.configured?.(entry.id));
  return 'wrong' in read ? { unusable: read.wrong } : asked(entry, read.params, subject, intake);
}

function asked(
  entry: CatalogueEntry,
  params: Record<string, unknown>,
  subject: Subject,
  intake: Intake,
): Reading {
  const resource = namedFor(entry, subject);
  if (resource === undefined) {
    return { unusable: `the finding names no ${typesOf(entry).join(' or ')}, which ${entry.id} acts on` };
  }
  if (resource.wrong !== undefined) return { unusable: resource.wrong, isOfResource: true };
  const { type, id, account = subject.account } = resource;
  const region = isNowhere(resource.region) ? subject.region : resource.region;
  if (type === REGION && isNowhere(region)) {
    return {
      unusable: `the finding names no region, and ${entry.id} acts on the settings of one: name it by its id`,
    };
  }
  const named = canonical({ type, id, around: { account, region } }, partitionOf(intake.region));
  if ('wrong' in named) return { unusable: named.wrong, ...(!isSettings(type) && { isOfResource: true }) };
  const { source, time, title } = subject;
  return {
    remediation: {
      version: 1,
      bot: entry.id,
      target: named.target,
      params,
      finding: {
        source,
        id: subject.id.slice(0, 1024),
        time: new Date(time).toISOString(),
        ...(title && { title: title.slice(0, 1024) }),
      },
    },
  };
}

function surveyed(entry: CatalogueEntry, said: Said, intake: Intake): Reading {
  const place = canonical(
    {
      type: isGlobal(entry.resource) ? ACCOUNT : REGION,
      id: undefined,
      around: { account: said.resources[0]?.account ?? said.account, region: said.region },
    },
    partitionOf(intake.region),
  );
  if ('wrong' in place) return { unusable: place.wrong };
  const { account, region } = place.target;
  return { survey: { bot: entry.id, account, region, seenAt: new Date(said.time).toISOString() } };
}

const KEY = 'AWS::IAM::AccessKey';

function namedFor(
  entry: CatalogueEntry,
  { resources }: Subject,
): (Omit<Named, 'id'> & { id?: string }) | undefined {
  // Settings always exist, and need no name.
  if (isSettings(entry.resource)) return { type: entry.resource };
  // A key itself tells more than the user whose it is.
  const types = typesOf(entry);
  return [...types.filter((type) => type === KEY), ...types]
    .map((type) => resources.find((resource) => resource.type === type))
    .find((resource) => resource !== undefined);
}

/** The parameters of the control that the finding is of, where it asks for something of its own. */
function askedBy({ controls }: Said, { byControl = {} }: CatalogueEntry): Record<string, unknown> {
  const own = Object.entries(byControl).find(([id]) => controls?.ids.some((given) => same(given, id)));
  return { ...own?.[1] };
}

function botsFor({ controls }: Said, { catalogue, isEnabled }: Intake): CatalogueEntry[] {
  if (!controls) return [];
  return catalogue.filter(
    (entry) =>
      (isEnabled?.(entry.id) ?? true) &&
      entry.controls[controls.standard]?.some((id) => controls.ids.some((given) => same(given, id))),
  );
}

/** Whether a route's name stands for what a source calls the fault; a `*` at the end stands for the rest. */
export function matches(pattern: string, key: string): boolean {
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : same(pattern, key);
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
