import type { Message } from '@aws-sdk/client-sqs';
import { type Rules, route } from '../../../functions/coordinator/route';
import { loadBot } from '../../../shared/worker/load';
import type { Call } from '../../../shared/bot/outcome';
import { looked } from '../../../shared/bot/run';
import { settingsOf } from '../../../shared/config';
import { type Journal } from '../../../shared/worker/journal';
import { type Remediation, remediationSchema } from '../../../shared/worker/message';
import { wantedBy } from '../../../shared/worker/windows';
import { concurrently } from '../../concurrently';
import { botClients } from '../../installation';
import { explainFailure, parsedParams, placeOf } from '../../order';
import { type Session, warn } from '../../session';
import { openGate } from '../../windows';

/** What a message would do, were auto response on. */
export interface Prospect {
  /** `message`: the plan that the message carries, as its finder saw it; `live`: a dry run just now. */
  readonly from?: 'message' | 'live';
  readonly does: 'fix' | 'tell' | 'nothing' | 'unknown';
  readonly calls?: readonly Call[];
  /** Why nothing would be done, or why it is not known. */
  readonly reason?: string;
  /** Why it would not be done now: a window, a freeze or a Change Calendar. */
  readonly waits?: string;
}

/** A message of the remediation queue, resolveRequest or not. */
export type Waiting = { readonly messageId: string; readonly sentAt: number; readonly receives: number } & (
  | {
      readonly remediation: Remediation;
      readonly violation?: string;
      readonly prospect: Prospect;
    }
  | { readonly unusable: string; readonly body: string }
);

/** Dry runs at once: enough to be quick, few enough not to be throttled. */
const LOOKS_AT_ONCE = 6;

/** Understands messages, and says what each would do. With `live`, dry runs answer where messages carry no plan. */
export async function understoodAll(
  session: Session,
  messages: readonly Message[],
  rules: Rules,
  { live, journal }: { readonly live: boolean; readonly journal: Journal | undefined },
): Promise<Waiting[]> {
  const ask = remembering(session, rules, live, journal);
  const gate = await openGate(session);
  return concurrently(messages, LOOKS_AT_ONCE, async (message): Promise<Waiting> => {
    const common = {
      messageId: message.MessageId ?? '',
      sentAt: Number(message.Attributes?.SentTimestamp ?? Date.now()),
      receives: Number(message.Attributes?.ApproximateReceiveCount ?? 0),
    };
    const body = message.Body ?? '';
    const routed = route(body, rules);
    if ('reason' in routed) return { ...common, unusable: routed.reason, body };
    const preview = previewOf(body);
    const remediation = { ...routed.remediation, ...(preview && { preview }) };
    const closed = await gate(wantedBy(remediation, rules.catalogue));
    const { violation, ...answer } = await ask(remediation, routed.exempt);
    const prospect = { ...answer, ...(closed && answer.does !== 'nothing' && { waits: closed.reason }) };
    const wrong = violation ?? preview?.violation ?? remediation.finding.title;
    return { ...common, remediation, prospect, ...(wrong !== undefined && { violation: wrong }) };
  });
}

type Answer = Prospect & { readonly violation?: string };

/** The same question is asked once: forty findings on one resource are one dry run. */
function remembering(session: Session, rules: Rules, live: boolean, journal: Journal | undefined) {
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
    const hold = await held(remediation);
    if (hold !== undefined) return { does: 'nothing', reason: `held: ${hold}` };
    const does = doesOf(rules, bot);
    if (preview) return { from: 'message', does, calls: preview.calls };
    if (!live) return { does: 'unknown', reason: 'the message carries no plan' };
    return once(looks, JSON.stringify([bot, target, params]), () =>
      lookAt(session, rules, remediation, does),
    );
  };
}

async function lookAt(
  session: Session,
  { config }: Rules,
  { bot: id, target, params }: Remediation,
  does: Prospect['does'],
): Promise<Answer> {
  const bot = await loadBot(await session.registry(), id);
  if (!bot) return { does: 'unknown', reason: `${id} stands in no index: run npm run generate` };
  const parsed = parsedParams(bot, { ...settingsOf(config, id)?.params, ...params });
  if ('wrong' in parsed) return { does: 'unknown', reason: `wrong parameters: ${parsed.wrong}` };
  const clients = botClients(session);
  const outcome = await looked(bot, (place) => clients(bot, place), { target, params: parsed.params });
  const from = 'live';
  switch (outcome.outcome) {
    case 'planned':
      return { from, does, calls: outcome.calls, violation: outcome.violation };
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
      return { from, does: 'nothing', reason: 'it is as wanted now' };
    case 'failed': {
      const { sentence } = explainFailure(outcome.error, placeOf(session));
      return { from, does: 'unknown', reason: `could not look: ${sentence}` };
    }
    default:
      return { from, does: 'unknown', reason: outcome.outcome };
  }
}

/** A bot in mode `plan` only tells; a destructive one does unless config.ts makes it automatic. */
function doesOf({ config, catalogue }: Rules, id: string): 'fix' | 'tell' {
  const risk = catalogue.find((entry) => entry.id === id)?.risk;
  const mode = settingsOf(config, id)?.mode ?? (risk === 'destructive' ? 'plan' : 'auto');
  return mode === 'auto' ? 'fix' : 'tell';
}

function previewOf(body: string): Remediation['preview'] {
  const parsed = remediationSchema.safeParse(JSON.parse(body));
  return parsed.success ? parsed.data.preview : undefined;
}
