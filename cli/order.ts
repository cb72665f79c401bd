import type * as z from 'zod';
import { readWords } from '../functions/findings/words';
import type { AnyBot } from '../shared/bot/bot';
import { loadBot } from '../shared/worker/load';
import type { Failure, Outcome } from '../shared/bot/outcome';
import { find, remediate } from '../shared/bot/run';
import type { CatalogueEntry } from '../shared/catalogue';
import { settingsOf } from '../shared/config';
import { homeOf } from '../shared/worker/own';
import { admit } from '../shared/worker/admission';
import type { Target } from '../shared/resources/target';
import { faultsIn } from '../shared/text';
import { callsText, changesText, targetText } from './describe';
import { type Explained, type Place, Problem, explain } from './terminal/errors';
import { EXIT, type ExitCode } from './terminal/exit-codes';
import { type Caller, botClients, callerOf } from './installation';
import { regionOf } from './place';
import { type Printable, joined, outline, printable, text } from './terminal/print';
import { isAccountBot, namesAccount, targetOf } from './resource';
import { type Session, botNamed } from './session';

/** What a person types behind `plan` and `fix`. */
export interface RepairRequest {
  readonly bot: string;
  readonly resource: string | undefined;
  readonly words: readonly string[];
  readonly resourceRegion?: string | undefined;
}

/** A request resolved: this bot, on this resource, with these parameters. */
export interface Order {
  readonly entry: CatalogueEntry;
  readonly bot: AnyBot;
  readonly caller: Caller;
  readonly target: Target;
  /** The words over config.ts over the bot's defaults. */
  readonly params: Record<string, unknown>;
  /** Why config.ts wants bots to leave the resource alone. */
  readonly exemption: string | undefined;
}

/**
 * Resolves a request to a bot, a resource and parameters.
 *
 * @throws Problem when it names no bot, no resource, wrong parameters, or what this installation must not touch.
 */
export async function resolveRequest(session: Session, request: RepairRequest): Promise<Order> {
  const entry = await botNamed(session, request.bot);
  const { resource, words } = withoutAccount(entry, request);
  const config = await session.config();
  const params = await paramsOf(session, entry, words);
  const region = await regionOf(session);
  // Bad input is told before AWS is asked anything.
  const account = '000000000000';
  targetOf(resource, entry, { account, region, resourceRegion: request.resourceRegion });
  const caller = await callerOf(session);
  const said = targetOf(resource, entry, { ...caller, resourceRegion: request.resourceRegion });
  const bot = await botOf(session, entry.id);
  const home = { accountId: caller.account, region: caller.region, stage: session.options.stage };
  const asked = admit({ config, home, bot: entry, target: said, byHand: true, isLocated: false });
  if ('refused' in asked) throw new Problem(asked.refused, EXIT.refused);
  const target = await whereItIs(session, bot, said);
  const admission = admit({ config, home, bot: entry, target, byHand: true });
  if ('refused' in admission) throw new Problem(admission.refused, EXIT.refused);
  const exemption = 'exempt' in admission ? admission.exempt : undefined;
  return { entry, bot, caller, target, params, exemption };
}

/** The resource by its own name and in its own region. One that is not there is told by the bot itself. */
async function whereItIs(session: Session, bot: AnyBot, target: Target): Promise<Target> {
  const found = await session.during(
    `looking for ${target.id}`,
    find(bot, botClients(session)(bot, target), target),
  );
  if ('target' in found) return found.target;
  if (found.outcome.outcome !== 'failed') return target;
  const { sentence, exit } = explainFailure(found.outcome.error, placeOf(session));
  throw new Problem(sentence, exit);
}

/** Looks at the live resource; writes nothing. */
export async function lookedAt(session: Session, order: Order): Promise<Outcome> {
  const { bot, target, params } = order;
  const aws = botClients(session)(bot, target);
  const job = { aws, target, params, ...homeIn(session, order), mode: 'plan' } as const;
  return session.during(`looking at ${target.id}`, remediate(bot, job));
}

/** Where selfheal's own roles are: whoever runs the command could change them. */
export function homeIn(session: Session, { caller }: Pick<Order, 'caller'>) {
  const home = homeOf({ accountId: caller.account, region: caller.region, stage: session.options.stage });
  return home && { home };
}

/** Loads a bot that stands in the catalogue. */
export async function botOf(session: Session, id: string): Promise<AnyBot> {
  const bot = await loadBot(await session.registry(), id);
  if (!bot)
    throw new Problem(
      `${id} stands in the catalogue and not in the index: run npm run generate`,
      EXIT.failed,
    );
  return bot;
}

/** What is wrong with the resource and what would be done: for people. */
export function planText({ paint }: Session, order: Order, outcome: Outcome): Printable {
  const { entry, target, params, exemption } = order;
  const head = [
    text`${paint.bold(printable(entry.id))} on ${targetText(target)}`,
    ...(exemption === undefined ? [] : [paint.yellow(text`  exempt in config.ts: ${printable(exemption)}`)]),
  ];
  switch (outcome.outcome) {
    case 'planned':
      return joined(
        [
          ...head,
          text`  ${paint.red(text`wrong`)}   ${printable(outcome.violation)}`,
          text`  risk    ${printable(entry.risk)}`,
          text`  undo    ${wayBackText(order, outcome.before)}`,
          ...(Object.keys(params).length > 0 ? [text`  with    ${oneLine(params)}`] : []),
          ...(outcome.changes.length > 0
            ? [text``, text`What changes:`, changesText(paint, outcome.changes)]
            : []),
          text``,
          entry.passes > 1
            ? text`Would be done (the first of up to ${entry.passes} passes; the next follow from what AWS then shows):`
            : text`Would be done:`,
          callsText(paint, outcome.calls),
        ],
        '\n',
      );
    case 'compliant':
      return joined([...head, paint.green(text`  as wanted: nothing to do`)], '\n');
    case 'gone':
      return joined([...head, paint.red(text`  there is no such resource`)], '\n');
    case 'held':
    case 'waiting':
      return joined(
        [
          ...head,
          text`  ${paint.red(text`wrong`)}   ${printable(outcome.violation ?? 'not known')}`,
          outcome.outcome === 'held'
            ? text`  ${paint.yellow(text`held`)}    ${printable(outcome.reason)}`
            : text`  ${paint.yellow(text`waits`)}   ${printable(outcome.reason)}`,
        ],
        '\n',
      );
    default:
      return joined(head, '\n');
  }
}

/** How a look ended, as an exit code; a failed one is thrown as the sentence that explains it. */
export function exitOfLook(session: Session, outcome: Outcome): ExitCode {
  switch (outcome.outcome) {
    case 'gone':
      return EXIT.failed;
    case 'held':
    case 'waiting':
    case 'exempt':
      return EXIT.refused;
    case 'failed': {
      const { sentence, exit } = explainFailure(outcome.error, placeOf(session));
      throw new Problem(sentence, exit);
    }
    default:
      return EXIT.fine;
  }
}

/** A failure of a bot's own calls in one sentence. A missing resource is the bot's, never the installation. */
export function explainFailure({ code, message, call }: Failure, place: Place): Explained {
  const where = call === undefined ? '' : `${call}: `;
  if (/^(ResourceNotFound|QueueDoesNotExist)/.test(code)) {
    return { sentence: `${where}${code}: ${message}`, exit: EXIT.failed };
  }
  const { sentence, exit } = explain(Object.assign(new Error(message), { name: code }), place);
  return { sentence: `${where}${sentence}`, exit };
}

/** Where selfheal is looked for, for sentences about errors. */
export function placeOf({ options }: Session): Place {
  return { stage: options.stage, region: options.region };
}

function withoutAccount(
  entry: CatalogueEntry,
  { resource, words }: RepairRequest,
): Pick<RepairRequest, 'resource' | 'words'> {
  if (!isAccountBot(entry) || resource === undefined || namesAccount(resource)) return { resource, words };
  return { resource: undefined, words: [resource, ...words] };
}

async function paramsOf(session: Session, entry: CatalogueEntry, words: readonly string[]) {
  const config = await session.config();
  const configured = settingsOf(config, entry.id)?.params;
  const read = readWords(entry, words, configured);
  if ('wrong' in read) throw new Problem(read.wrong);
  const bot = await botOf(session, entry.id);
  const parsed = parsedParams(bot, { ...configured, ...read.params });
  if ('params' in parsed) return parsed.params;
  throw new Problem(`the parameters of ${entry.id} are wrong: ${parsed.wrong}`);
}

/** Parameters with the bot's defaults, or what is wrong with them. */
export function parsedParams(
  bot: AnyBot,
  given: object,
): { readonly params: Record<string, unknown> } | { readonly wrong: string } {
  const parsed = (bot.params as z.ZodObject).safeParse(given);
  return parsed.success ? { params: parsed.data } : { wrong: faultsIn(parsed.error, 'params') };
}

/** Whether there is a way back, as far as the bot knows that beforehand. */
export function wayBack(
  { bot, target, params }: Order,
  before: unknown,
): { readonly possible: true } | { readonly possible: false; readonly reason: string } {
  const steps = bot.undo(before, { target, params, now: before });
  return 'irreversible' in steps ? { possible: false, reason: steps.irreversible } : { possible: true };
}

function wayBackText(order: Order, before: unknown): Printable {
  const way = wayBack(order, before);
  return way.possible ? text`yes` : text`no: ${printable(way.reason)}`;
}

function oneLine(params: Record<string, unknown>): Printable {
  return joined(outline(params).split('\n').length > 12 ? [text`…`] : pairs(params), ' ');
}

function pairs(params: Record<string, unknown>): Printable[] {
  return Object.entries(params).map(([name, value]) => {
    const shown = Array.isArray(value) ? value.map(String).join(',') : JSON.stringify(value);
    return text`${printable(name)}=${printable(shown)}`;
  });
}
