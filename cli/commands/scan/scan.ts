import type { ClientMaker } from '../../../shared/aws/clients';
import { type AnyBot, typesOf } from '../../../shared/bot/bot';
import type { Outcome } from '../../../shared/bot/outcome';
import { looked } from '../../../shared/bot/run';
import type { CatalogueEntry } from '../../../shared/catalogue';
import { type Config, settingsOf } from '../../../shared/config';
import { type Refused, admit } from '../../../shared/worker/admission';
import type { Remediation } from '../../../shared/worker/message';
import { enqueue } from '../../../shared/worker/queue';
import { globalRegionOf, knownRegions } from '../../../shared/resources/regions';
import {
  type Target,
  isGlobal,
  isSettings,
  partitionOf,
  settingsTarget,
} from '../../../shared/resources/target';
import { concurrently } from '../../concurrently';
import { callsBrief, counted, targetBrief } from '../../describe';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { botClients, callerOf, openQueue } from '../../installation';
import { inventory, resourcesOf } from '../../../shared/aws/inventory';
import { botOf, parsedParams } from '../../order';
import { type Printable, joined, printable, text } from '../../terminal/print';
import { type Result, type Session, botNamed, confirm } from '../../session';
import { table } from '../../terminal/table';

/** Options of `selfheal scan`. */
export interface ScanOptions {
  readonly bot?: readonly string[];
  readonly account?: string;
  readonly resourceRegion?: readonly string[];
  readonly enqueue?: boolean;
  readonly yes?: boolean;
}

/** Looks at once: services allow some tens of reads a second. */
const AT_ONCE = 8;
const COLUMNS = { bot: 'name', resource: 'name', wrong: 'prose', 'would be done': 'prose' } as const;

interface Finding {
  readonly bot: string;
  readonly target: Target;
  readonly outcome: Extract<Outcome, { outcome: 'planned' | 'held' | 'waiting' }>;
  readonly exemption: string | undefined;
}

interface Failure {
  readonly what: string;
  readonly reason: string;
}

/** `selfheal scan`: the checks of all enabled posture bots over the live resources of an account. Writes nothing. */
export async function scan(session: Session, options: ScanOptions): Promise<Result> {
  const config = await session.config();
  const entries = await botsToScan(session, config, options.bot ?? []);
  const caller = await callerOf(session);
  const account = options.account ?? caller.account;
  const regions = regionsOf(options.resourceRegion, caller.region);
  const places = regions.map((region) => ({ account, region }));
  const home = { accountId: caller.account, region: caller.region };
  const admitted = (bot: CatalogueEntry, target: Target | Place) =>
    admit({ config, home, bot, target, byHand: true });
  for (const admission of places.flatMap((place) => entries.map((entry) => admitted(entry, place)))) {
    if ('refused' in admission) throw new Problem(admission.refused, EXIT.refused);
  }
  const clients = botClients(session);
  const failures: Failure[] = [];
  const found: Finding[] = [];
  const counts = { resources: 0, looks: 0 };
  await session.during('finding resources', async (tell) => {
    const targets = await targetsOf(clients, entries, places, failures);
    const looks = entries.flatMap((entry) =>
      targets.filter(({ type }) => typesOf(entry).includes(type)).map((target) => ({ entry, target })),
    );
    Object.assign(counts, { resources: targets.length, looks: looks.length });
    let done = 0;
    await concurrently(looks, AT_ONCE, async ({ entry, target }) => {
      const admission = admitted(entry, target);
      const outcome =
        'refused' in admission
          ? refusedLook(admission)
          : await look(clients, config, await botOf(session, entry.id), target);
      done += 1;
      tell(`${entry.id}: ${done} of ${looks.length}`);
      if (outcome.outcome === 'failed') {
        failures.push({ what: `${entry.id} ${target.id}`, reason: reasonOf(outcome.error) });
      } else if (isFault(outcome)) {
        const exemption = 'exempt' in admission ? admission.exempt : undefined;
        found.push({ bot: entry.id, target, outcome, exemption });
      }
    });
  });
  report(session, caller.region, counts, found, failures);
  const exit = failures.length > 0 ? EXIT.failed : EXIT.fine;
  const wanted = found.filter(({ exemption }) => exemption === undefined);
  const document = { account, regions, ...counts, found, failures };
  if (!options.enqueue || wanted.length === 0) return { exit, document };
  await confirm(session, `Put ${wanted.length} on the remediation queue?`, options.yes);
  const { sqs, url } = await openQueue(session, 'remediationQueue');
  const time = new Date().toISOString();
  await session.during(
    'enqueuing',
    enqueue(
      sqs,
      url,
      wanted.map((finding) => remediationOf(finding, time)),
    ),
  );
  session.say(text`Enqueued ${counted(wanted.length, 'remediation')}: see selfheal queue.`);
  return { exit, document: { ...document, enqueued: wanted.length } };
}

/** The enabled posture bots, or those that are named, whether or not they are enabled. */
async function botsToScan(
  session: Session,
  config: Config,
  names: readonly string[],
): Promise<CatalogueEntry[]> {
  if (names.length > 0) return Promise.all(names.map((name) => botNamed(session, name)));
  const entries = (await session.catalogue()).filter(
    ({ id, kind }) => kind === 'posture' && settingsOf(config, id),
  );
  if (entries.length > 0) return entries;
  throw new Problem('no posture bot is enabled in config.ts: enable one, or name one with --bot');
}

function regionsOf(named: readonly string[] | undefined, home: string): readonly string[] {
  if (!named) return [home];
  if (!named.includes('all')) return named;
  return knownRegions.filter((region) => partitionOf(region) === partitionOf(home));
}

type Place = Pick<Target, 'account' | 'region'>;

async function targetsOf(
  clients: ClientMaker,
  entries: readonly CatalogueEntry[],
  places: readonly Place[],
  failures: Failure[],
): Promise<Target[]> {
  const types = [...new Set(entries.flatMap(typesOf))];
  const searches = types.flatMap((type) => placesFor(type, places).map((place) => ({ type, place })));
  const found = await concurrently(searches, AT_ONCE, async ({ type, place }) => {
    try {
      return await listed(clients, type, place);
    } catch (error) {
      const { name, message } = error as Error;
      failures.push({
        what: `${type} in ${place.region}`,
        reason: reasonOf({ code: name, message }),
      });
      return [];
    }
  });
  return found.flat();
}

/** What lies in no region is looked for once. */
function placesFor(type: string, places: readonly Place[]): readonly Place[] {
  const [first] = places;
  if (!isGlobal(type) || !first) return places;
  return [{ account: first.account, region: globalRegionOf(partitionOf(first.region)) }];
}

async function listed(clients: ClientMaker, type: string, place: Place): Promise<Target[]> {
  if (isSettings(type)) return [settingsTarget(type, place.account, place.region)];
  if (!inventory[type]) throw new Problem(`scan cannot list ${type} yet: use selfheal plan for one`);
  const targets: Target[] = [];
  for await (const target of resourcesOf(clients, 'scan', type, place)) targets.push(target);
  return targets;
}

async function look(clients: ClientMaker, config: Config, bot: AnyBot, target: Target): Promise<Outcome> {
  const parsed = parsedParams(bot, { ...settingsOf(config, bot.id)?.params });
  if ('wrong' in parsed) return refusedLook({ code: 'BadParameters', refused: parsed.wrong });
  const { params } = parsed;
  return looked(bot, (place) => clients(bot, place), { target, params });
}

function refusedLook({ code, refused }: Refused): Outcome {
  return { outcome: 'failed', error: { code, message: refused }, calls: [] };
}

function reasonOf({ code, message }: { readonly code: string; readonly message: string }): string {
  return message.startsWith(code) || code === 'Error' ? message : `${code}: ${message}`;
}

function report(
  { say, note, paint, io }: Session,
  home: string,
  { resources, looks }: { readonly resources: number; readonly looks: number },
  found: readonly Finding[],
  failures: readonly Failure[],
): void {
  const rows = [...found]
    .sort((one, other) => one.bot.localeCompare(other.bot) || one.target.id.localeCompare(other.target.id))
    .map(({ bot, target, outcome, exemption }) => [
      printable(bot),
      targetBrief(target, home),
      printable(violationOf(outcome)),
      whatFollows(outcome, exemption, target.id),
    ]);
  if (rows.length > 0) say(table(paint, io.columns, COLUMNS, rows));
  const exempt = found.filter(({ exemption }) => exemption !== undefined).length;
  say(
    text`\n${counted(looks, 'look')} at ${counted(resources, 'resource')}: ${counted(found.length, 'fault')}, ${exempt} of them exempt; ${counted(failures.length, 'look')} failed.`,
  );
  for (const [line, count] of tallied(failures)) {
    note(text`${paint.red(text`failed`)} ${count > 1 ? text`${count} × ` : text``}${printable(line)}`);
  }
}

function whatFollows(outcome: Finding['outcome'], exemption: string | undefined, id: string): Printable {
  if (exemption !== undefined) return text`exempt: ${printable(exemption)}`;
  if (outcome.outcome === 'planned') return joined([callsBrief(outcome.calls, id)], '\n');
  const word = outcome.outcome === 'held' ? text`held` : text`waits`;
  return text`${word}: ${printable(outcome.reason)}`;
}

function isFault(outcome: Outcome): outcome is Finding['outcome'] {
  return ['planned', 'held', 'waiting'].includes(outcome.outcome);
}

function violationOf({ violation = 'not known' }: Finding['outcome']): string {
  return violation;
}

/** A right that is missing fails every look of its bot: it is said once. */
function tallied(failures: readonly Failure[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { what, reason } of failures) {
    const line = `${what.split(' ')[0] ?? ''}: ${reason}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return counts;
}

function remediationOf({ bot, target, outcome }: Finding, time: string): Remediation {
  const violation = violationOf(outcome);
  const calls = outcome.outcome === 'planned' ? outcome.calls : [];
  return {
    version: 1,
    bot,
    target,
    params: {},
    finding: {
      source: 'scan',
      id: `${bot}/${target.id}`.slice(0, 1024),
      time,
      title: violation.slice(0, 1024),
    },
    preview: { violation, calls: calls.map(({ action, input }) => ({ action, input: { ...input } })) },
  };
}
