import type { ClientMaker } from '../shared/aws/clients';
import { inventory, resourcesOf } from '../shared/aws/inventory';
import { type AnyBot, typesOf } from '../shared/bot/bot';
import type { Outcome } from '../shared/bot/outcome';
import { looked } from '../shared/bot/run';
import type { CatalogueEntry } from '../shared/catalogue';
import { type Config, settingsOf } from '../shared/config';
import { globalRegionOf } from '../shared/resources/regions';
import { type Target, isGlobal, isSettings, partitionOf, settingsTarget } from '../shared/resources/target';
import { type Refused, admit } from '../shared/worker/admission';
import { concurrently } from './concurrently';
import { botClients } from './installation';
import { botOf, parsedParams } from './order';
import type { Session } from './session';
import { Problem } from './terminal/errors';

/** Looks at once: services allow some tens of reads a second. */
const AT_ONCE = 8;

/** A fault of a live resource, and why bots leave it alone, if they do. */
export interface FaultFound {
  readonly bot: string;
  readonly target: Target;
  readonly outcome: Extract<Outcome, { outcome: 'planned' | 'held' | 'waiting' }>;
  readonly exemption: string | undefined;
}

/** A look, or a list, that failed. */
export interface FailedLook {
  readonly what: string;
  readonly reason: string;
}

/** Where and by whom is looked. */
interface Survey {
  readonly entries: readonly CatalogueEntry[];
  readonly places: readonly Place[];
  readonly home: { readonly accountId: string; readonly region: string; readonly stage?: string };
  /** Leaves resources out before they are looked at. Default: none. */
  readonly wants?: (bot: CatalogueEntry, target: Target) => boolean;
}

/** What was found, of how many looks at how many resources. */
interface Surveyed {
  readonly found: readonly FaultFound[];
  readonly failures: readonly FailedLook[];
  readonly resources: number;
  readonly looks: number;
}

type Place = Pick<Target, 'account' | 'region'>;

/** Has bots look at live resources of their types. Writes nothing. */
export async function faultsNow(
  session: Session,
  { entries, places, home, wants = () => true }: Survey,
): Promise<Surveyed> {
  const config = await session.config();
  const clients = botClients(session);
  const failures: FailedLook[] = [];
  const found: FaultFound[] = [];
  const counts = { resources: 0, looks: 0 };
  await session.during('finding resources', async (tell) => {
    const targets = await targetsOf(clients, entries, places, failures);
    const looks = entries.flatMap((entry) =>
      targets
        .filter((target) => typesOf(entry).includes(target.type) && wants(entry, target))
        .map((target) => ({ entry, target })),
    );
    Object.assign(counts, { resources: targets.length, looks: looks.length });
    let done = 0;
    await concurrently(looks, AT_ONCE, async ({ entry, target }) => {
      const admission = admit({ config, home, bot: entry, target, byHand: true });
      const outcome =
        'refused' in admission
          ? refusedLook(admission)
          : await look(clients, config, await botOf(session, entry.id), target);
      done += 1;
      tell(`looking: ${done} of ${looks.length}, faults so far: ${found.length} (${entry.id})`);
      if (outcome.outcome === 'failed') {
        failures.push({ what: `${entry.id} ${target.id}`, reason: reasonOf(outcome.error) });
      } else if (isFault(outcome)) {
        const exemption = 'exempt' in admission ? admission.exempt : undefined;
        found.push({ bot: entry.id, target, outcome, exemption });
      }
    });
  });
  return { found, failures, ...counts };
}

async function targetsOf(
  clients: ClientMaker,
  entries: readonly CatalogueEntry[],
  places: readonly Place[],
  failures: FailedLook[],
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
  if (!inventory[type]) throw new Problem(`scan cannot list ${type} yet: use npx selfheal plan for one`);
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

function isFault(outcome: Outcome): outcome is FaultFound['outcome'] {
  return ['planned', 'held', 'waiting'].includes(outcome.outcome);
}
