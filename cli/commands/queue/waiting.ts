import type { Message } from '@aws-sdk/client-sqs';
import { type Rules, route } from '../../../functions/coordinator/route';
import type { ClientMaker } from '../../../shared/aws/clients';
import { loadBot } from '../../../shared/worker/load';
import type { Change } from '../../../shared/bot/changes/change';
import type { Call } from '../../../shared/bot/outcome';
import { looked } from '../../../shared/bot/run';
import { settingsOf } from '../../../shared/config';
import { stageOf } from '../../../shared/rollout';
import type { Severity } from '../../../shared/bot/bot';
import { type Journal, journalId } from '../../../shared/worker/journal';
import { type Remediation, remediationSchema } from '../../../shared/worker/message';
import { originOf } from '../../../shared/worker/queue';
import { wantedBy } from '../../../shared/worker/windows';
import { concurrently } from '../../concurrently';
import { botClients } from '../../installation';
import { explainFailure, parsedParams, placeOf } from '../../order';
import { type Facts, severityOf } from '../../rows/narrow';
import { type Session, warn } from '../../session';
import { openGate } from '../../windows';

/** What a message would do, were auto response on. */
export interface Prospect {
  /** `live`: by a look just now; `message`: by the plan that the message carries, as its finder saw it. */
  readonly from?: 'message' | 'live';
  /** `ask`: once a person has approved it; `tell`: a person is told, and nothing is done. */
  readonly does: 'fix' | 'ask' | 'tell' | 'nothing' | 'unknown';
  /** What of config.ts says how far the bot may go. */
  readonly by?: string;
  readonly calls?: readonly Call[];
  /** What they change, in words. */
  readonly changes?: readonly Change[];
  /** Why nothing would be done, why it is not known, or why the resource could not be looked at now. */
  readonly reason?: string;
  /** Why it would not be done now: a window, a freeze or a Change Calendar. */
  readonly waits?: string;
}

/** A message that a bot can be asked by. */
export interface Understood {
  /** Of the change that it would make, in the journal. */
  readonly id: string;
  readonly messageId: string;
  readonly sentAt: number;
  readonly receives: number;
  readonly severity: Severity;
  readonly remediation: Remediation;
  readonly violation?: string;
  readonly prospect: Prospect;
}

/** A message that nobody can use. */
export interface Unusable extends Pick<Understood, 'id' | 'messageId' | 'sentAt' | 'receives'> {
  readonly unusable: string;
  readonly body: string;
}

/** A message of the remediation queue. */
export type Waiting = Understood | Unusable;

/** How messages are understood. */
export interface Understanding {
  /** Takes the messages' own plans, and looks at nothing. */
  readonly asEnqueued: boolean;
  readonly journal: Journal | undefined;
  /** Those that do not pass are not looked at, and left out. */
  readonly passes?: ((row: Facts) => boolean) | undefined;
  /** Told how many have been looked at. */
  readonly tell: (progress: string) => void;
}

/** Looks at once: enough to be quick, few enough not to be throttled. */
const LOOKS_AT_ONCE = 8;

/** Understands messages, and says what each would do: by a look at the resource now, unless their own plans are wanted. */
export async function understoodAll(
  session: Session,
  messages: readonly Message[],
  rules: Rules,
  { passes, tell, ...how }: Understanding,
): Promise<Waiting[]> {
  const ask = remembering(session, rules, how);
  const gate = await openGate(session);
  const understood = messages
    .map((message) => understoodOne(message, rules))
    .filter((one) => !passes || (!('unusable' in one) && passes(factsOf(one))));
  let done = 0;
  return concurrently(understood, LOOKS_AT_ONCE, async (one): Promise<Waiting> => {
    if ('unusable' in one) return one;
    const { exempt, preview, ...common } = one;
    const remediation = { ...common.remediation, ...(preview && { preview }) };
    const closed = await gate(wantedBy(remediation, rules.catalogue));
    const { violation, ...answer } = await ask(remediation, exempt);
    const prospect = { ...answer, ...(closed && answer.does !== 'nothing' && { waits: closed.reason }) };
    done += 1;
    tell(`looking at the resources: ${done} of ${understood.length}`);
    const wrong = violation ?? preview?.violation ?? remediation.finding.title;
    return { ...common, remediation, prospect, ...(wrong !== undefined && { violation: wrong }) };
  });
}

/** What a message is narrowed, sorted and counted by. */
export function factsOf({
  remediation: { bot, target, finding },
  severity,
  sentAt,
}: Pick<Understood, 'remediation' | 'severity' | 'sentAt'>): Facts {
  return { bot, severity, source: finding.source, target, atMs: sentAt };
}

interface Routed extends Omit<Understood, 'violation' | 'prospect'> {
  readonly exempt: string | undefined;
  readonly preview: Remediation['preview'];
}

function understoodOne(message: Message, rules: Rules): Routed | Unusable {
  const { messageId, sentAt } = originOf(message);
  const common = {
    messageId: message.MessageId ?? '',
    sentAt: Number.isFinite(sentAt) ? sentAt : Date.now(),
    receives: Number(message.Attributes?.ApproximateReceiveCount ?? 0),
  };
  const body = message.Body ?? '';
  const routed = route(body, rules);
  if ('reason' in routed) {
    return { ...common, id: journalId('unusable', common.sentAt, messageId), unusable: routed.reason, body };
  }
  const { remediation } = routed;
  const entry = rules.catalogue.find(({ id }) => id === remediation.bot);
  return {
    ...common,
    id: journalId(remediation.bot, common.sentAt, messageId),
    severity: severityOf(remediation.finding, entry),
    remediation,
    exempt: routed.exempt,
    preview: previewOf(body),
  };
}

type Answer = Prospect & { readonly violation?: string };

/** The same question is asked once: forty findings on one resource are one look. */
function remembering(
  session: Session,
  rules: Rules,
  { asEnqueued, journal }: Pick<Understanding, 'asEnqueued' | 'journal'>,
) {
  const clients = botClients(session);
  const looks = new Map<string, Promise<Answer>>();
  const holds = new Map<string, Promise<string | undefined>>();
  const failing = { told: false };
  const once = <T>(kept: Map<string, Promise<T>>, key: string, look: () => Promise<T>) => {
    const known = kept.get(key) ?? look();
    kept.set(key, known);
    return known;
  };
  const held = ({ bot, target }: Remediation) =>
    once(holds, JSON.stringify([bot, target]), async () => {
      try {
        return await journal?.heldBecause(bot, target);
      } catch (error) {
        if (!failing.told) warn(session, `the journal cannot be asked for holds: ${String(error)}`);
        failing.told = true;
        return undefined;
      }
    });

  return async (remediation: Remediation, exempt: string | undefined): Promise<Answer> => {
    const { bot, target, params, preview } = remediation;
    if (exempt !== undefined) return { does: 'nothing', reason: `exempt in config.ts: ${exempt}` };
    const stage = stageFor(rules, remediation);
    if (stage.does === 'nothing') return { ...stage, reason: `its mode is off, by ${stage.by ?? ''}` };
    const carried =
      preview &&
      ({ from: 'message', ...stage, calls: preview.calls, changes: preview.changes ?? [] } as const);
    if (asEnqueued) return carried ?? { does: 'unknown', reason: 'the message carries no plan' };
    const hold = await held(remediation);
    if (hold !== undefined) return { does: 'nothing', reason: `held: ${hold}` };
    const seen = await once(looks, JSON.stringify([bot, target, params]), () =>
      lookAt(session, clients, rules, remediation, stage),
    );
    return seen.does === 'unknown' && carried && seen.reason !== undefined
      ? { ...carried, reason: seen.reason }
      : seen;
  };
}

async function lookAt(
  session: Session,
  clients: ClientMaker,
  { config }: Rules,
  { bot: id, target, params }: Remediation,
  stage: Pick<Prospect, 'does' | 'by'>,
): Promise<Answer> {
  const bot = await loadBot(await session.registry(), id);
  if (!bot) return { does: 'unknown', reason: `${id} stands in no index: run npm run generate` };
  const parsed = parsedParams(bot, { ...settingsOf(config, id)?.params, ...params });
  if ('wrong' in parsed) return { does: 'unknown', reason: `wrong parameters: ${parsed.wrong}` };
  const outcome = await looked(bot, (place) => clients(bot, place), { target, params: parsed.params });
  const from = 'live';
  switch (outcome.outcome) {
    case 'planned':
      return {
        ...{ from, ...stage, violation: outcome.violation },
        ...{ calls: outcome.calls, changes: outcome.changes },
      };
    case 'held':
    case 'waiting': {
      const { violation, reason } = outcome;
      const word = outcome.outcome === 'held' ? 'held' : 'waits';
      return {
        from,
        does: 'nothing',
        reason: `${word}: ${reason}`,
        ...(violation !== undefined && { violation }),
      };
    }
    case 'gone':
      return { from, does: 'nothing', reason: 'the resource is gone' };
    case 'compliant':
      return { from, does: 'nothing', reason: 'already right' };
    case 'failed': {
      const { sentence } = explainFailure(outcome.error, placeOf(session));
      return { from, does: 'unknown', reason: `could not look now: ${sentence}` };
    }
    default:
      return { from, does: 'unknown', reason: outcome.outcome };
  }
}

const DOES = { auto: 'fix', approve: 'ask', plan: 'tell', off: 'nothing' } as const;

/** How far config.ts lets the bot go with this resource. */
function stageFor(
  { config, catalogue }: Rules,
  { bot: id, target, finding }: Remediation,
): Pick<Prospect, 'does' | 'by'> {
  const bot = catalogue.find((entry) => entry.id === id);
  const stage = bot && stageOf(config, { bot, target, severity: finding.severity });
  return stage ? { does: DOES[stage.mode], by: stage.by } : { does: 'unknown' };
}

function previewOf(body: string): Remediation['preview'] {
  const parsed = remediationSchema.safeParse(JSON.parse(body));
  return parsed.success ? parsed.data.preview : undefined;
}
