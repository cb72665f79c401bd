import { type CatalogueEntry, defaultsOf, findBot } from '../../shared/catalogue';
import { type Config, settingsOf } from '../../shared/config';
import { admit } from '../../shared/worker/admission';
import { resourceKey, settingsTarget, REGION } from '../../shared/resources/target';
import { type Finding, type Remediation, remediationSchema, tooLarge } from '../../shared/worker/message';
import { faultIn } from '../../shared/text';
import { LIMITS } from './limits';
import type { Received } from './records';
import type { Sender } from './senders';
import type { Reading } from './source';
import { sources } from './sources';

/** What findings are judged by. */
export interface Rules {
  readonly config: Config;
  readonly catalogue: readonly CatalogueEntry[];
  readonly accountId: string;
  readonly region: string;
  /** Absent for people at the command line. */
  readonly stage?: string;
}

/** What a message comes to, and who spoke. */
export interface Read {
  /** Absent when nobody speaks like this. */
  readonly source?: string;
  readonly readings: readonly Reading[];
}

/** Every message is answered for, one that holds no finding too. */
const NOTHING: Reading = { declined: 'the message holds no finding' };

/** Whoever stands at the machine: the CLI reads findings for an operator. */
const OPERATOR: Sender = { refuses: () => undefined, forbids: () => undefined };

/** Understands one message, and judges what it asks for by config.ts. Pure: the same offline as in the function. */
export function readFinding(rules: Rules, received: Received, sender: Sender = OPERATOR): Read {
  const { text, sentAt, messageId, topic } = received;
  const json = parsed(text);
  const found = typeof json === 'object' && json !== null && !Array.isArray(json) ? json : undefined;
  const source = found && sources.find((candidate) => candidate.accepts(found));
  const refused = sender.refuses(found, source);
  if (refused !== undefined) return { readings: [{ unusable: refused }] };
  if (!found) {
    const unusable = json === undefined ? 'the finding is not JSON' : 'the finding is not a JSON object';
    return { readings: [{ unusable }] };
  }
  if (!source) {
    const known = sources.map(({ name }) => name).join(', ');
    return { readings: [{ unusable: `no source speaks like this: known are ${known}` }] };
  }
  const { config, catalogue, accountId, region, stage } = rules;
  const readings = source.read(found, {
    ...{ catalogue, accountId, region, sentAt, messageId },
    ...(stage !== undefined && { stage }),
    ...(config.routes && { routes: config.routes }),
    ...(config.conformity && { conformityAccounts: config.conformity.accounts }),
    isEnabled: (bot) => settingsOf(config, bot) !== undefined,
    configured: (bot) => settingsOf(config, bot)?.params ?? {},
  });
  const publisher = topic === undefined ? undefined : { topic, messageId };
  const judge = (reading: Reading) => judged(rules, sender, publisher, reading);
  return {
    source: source.name,
    readings: readings.length > 0 ? bounded(readings).map(judge) : [NOTHING],
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * As many as one message may ask for, and each thing once: to one resource a bot does the same for two findings. What
 * Security Hub is to be told of stays apart.
 */
function bounded(readings: readonly Reading[]): Reading[] {
  const kept = new Map<string, Reading>();
  const lines = new Map<string, number>();
  let asked = 0;
  let over = 0;
  for (const [index, reading] of readings.entries()) {
    if (!('remediation' in reading)) {
      kept.set(String(index), reading);
      continue;
    }
    const { bot, target, params, finding } = reading.remediation;
    const resource = resourceKey(target);
    const key = JSON.stringify([bot, resource, params, finding.securityHub && finding.id]);
    if (kept.has(key)) continue;
    const inLine = lines.get(resource) ?? 0;
    if (asked >= LIMITS.remediations || inLine >= LIMITS.perResource) {
      over += 1;
      continue;
    }
    lines.set(resource, inLine + 1);
    asked += 1;
    kept.set(key, reading);
  }
  if (over === 0) return [...kept.values()];
  const unusable = `the message asks for ${asked + over} repairs: at most ${LIMITS.remediations} are taken in, ${LIMITS.perResource} for one resource; ${over} were not`;
  return [...kept.values(), { unusable }];
}

function judged(
  { config, catalogue, accountId, region }: Rules,
  sender: Sender,
  publisher: Finding['publisher'],
  reading: Reading,
): Reading {
  const home = { accountId, region };
  if ('survey' in reading) {
    const { account, region: there } = reading.survey;
    const bot = findBot(catalogue, reading.survey.bot);
    if (!bot) return { unusable: noBot(reading.survey.bot) };
    const admission = admit({ config, home, bot, target: { account, region: there } });
    const refused = 'refused' in admission ? admission.refused : undefined;
    const target = settingsTarget(REGION, account, there);
    const unusable = sender.forbids({ bot: bot.id, target }, reading.severity) ?? refused;
    return unusable === undefined ? reading : { unusable };
  }
  if (!('remediation' in reading)) return reading;
  const { finding } = reading.remediation;
  const parsed = remediationSchema.safeParse({
    ...reading.remediation,
    finding: { ...finding, ...(publisher && { publisher }) },
  });
  if (!parsed.success) {
    return { unusable: faultIn(parsed.error) };
  }
  const remediation: Remediation = parsed.data;
  const { target, params } = remediation;
  const bot = findBot(catalogue, remediation.bot, target.type);
  if (!bot) return { unusable: noBot(remediation.bot) };
  const asked = { said: params, defaults: defaultsOf(bot) };
  const admission = admit({ config, home, bot, target, params: asked, isLocated: false });
  // What is exempt is answered for by the bot's own function, which has made sure of its name and region.
  const refused = 'refused' in admission ? admission.refused : undefined;
  const unusable = sender.forbids(remediation, reading.severity) ?? refused ?? tooLarge(remediation);
  return unusable === undefined ? { remediation } : { unusable };
}

function noBot(name: string): string {
  return `there is no bot ${name}: see npx selfheal bots`;
}
