import type { CatalogueEntry } from '../../shared/catalogue';
import { type Config, settingsOf } from '../../shared/config';
import { refusal } from '../../shared/worker/admission';
import { type Remediation, remediationSchema, tooLarge } from '../../shared/worker/message';
import { faultIn } from '../../shared/text';
import type { Received } from './records';
import type { Reading } from './source';
import { sources } from './sources';

/** What findings are judged by. */
export interface Rules {
  readonly config: Config;
  readonly catalogue: readonly CatalogueEntry[];
  readonly accountId: string;
  readonly region: string;
}

/** What a message comes to, and who spoke. */
export interface Read {
  /** Absent when nobody speaks like this. */
  readonly source?: string;
  readonly readings: readonly Reading[];
}

/** Every message is answered for, one that holds no finding too. */
const NOTHING: Reading = { declined: 'the message holds no finding' };

/** Understands one message, and judges what it asks for by config.ts. Pure: the same offline as in the function. */
export function readFinding(rules: Rules, { text, sentAt, messageId }: Received): Read {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { readings: [{ unusable: 'the finding is not JSON' }] };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return { readings: [{ unusable: 'the finding is not a JSON object' }] };
  }
  const found = json;
  const source = sources.find((candidate) => candidate.accepts(found));
  if (!source) {
    const known = sources.map(({ name }) => name).join(', ');
    return { readings: [{ unusable: `no source speaks like this: known are ${known}` }] };
  }
  const { config, catalogue, accountId, region } = rules;
  const readings = source.read(found, {
    ...{ catalogue, accountId, region, sentAt, messageId },
    ...(config.routes && { routes: config.routes }),
    isEnabled: (bot) => settingsOf(config, bot) !== undefined,
    configured: (bot) => settingsOf(config, bot)?.params ?? {},
  });
  return {
    source: source.name,
    readings: readings.length > 0 ? readings.map((reading) => judged(rules, reading)) : [NOTHING],
  };
}

function judged({ config, accountId, region }: Rules, reading: Reading): Reading {
  if (!('remediation' in reading)) return reading;
  const parsed = remediationSchema.safeParse(reading.remediation);
  if (!parsed.success) {
    return { unusable: faultIn(parsed.error) };
  }
  const remediation: Remediation = parsed.data;
  const unusable =
    refusal(config, { accountId, region }, remediation.target) ??
    (settingsOf(config, remediation.bot)
      ? tooLarge(remediation)
      : `${remediation.bot} is not enabled: enable it in config.ts and deploy`);
  return unusable === undefined ? { remediation } : { unusable };
}
