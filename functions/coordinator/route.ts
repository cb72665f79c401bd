import { beyondAuthority } from '../../shared/authority';
import { type CatalogueEntry, defaultsOf, findBot, wrongParams } from '../../shared/catalogue';
import { type Config, settingsOf } from '../../shared/config';
import { refusal } from '../../shared/worker/admission';
import { type Remediation, remediationSchema, tooLarge } from '../../shared/worker/message';
import { faultIn } from '../../shared/text';

/** What the coordinator judges a message by. */
export interface Rules {
  readonly config: Config;
  readonly accountId: string;
  /** The installation's own. */
  readonly region: string;
  readonly catalogue: readonly CatalogueEntry[];
}

/** Either the remediation, its bot under its proper id, or one sentence on why nobody can use it. */
export type Route = { readonly remediation: Remediation } | { readonly reason: string };

/** Judges one message of the queue. Bots are chosen from the catalogue, never by the message's own word. */
export function route(body: string, { config, accountId, region, catalogue }: Rules): Route {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { reason: 'the message is not JSON: send {"bot","target","params"} to the findings topic' };
  }
  const parsed = remediationSchema.safeParse(json);
  if (!parsed.success) {
    return { reason: `not a remediation message: ${faultIn(parsed.error, 'the message')}` };
  }
  const { preview: _, ...remediation } = parsed.data;
  const entry = findBot(catalogue, remediation.bot);
  if (!entry) return { reason: `there is no bot ${quoted(remediation.bot)}: see npx selfheal bots` };
  const settings = settingsOf(config, entry.id);
  if (!settings) {
    return { reason: `${entry.id} is not enabled: enable it in config.ts and deploy` };
  }
  const reason =
    refusal(config, { accountId, region }, remediation.target) ??
    (entry.resource === remediation.target.type
      ? (wrongParams(entry, remediation.params, settings.params) ??
        beyondAuthority(entry, remediation.params, settings, defaultsOf(entry)) ??
        tooLarge(remediation))
      : `${entry.id} acts on ${entry.resource}, the message names a ${remediation.target.type}`);
  return reason === undefined ? { remediation: { ...remediation, bot: entry.id } } : { reason };
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 64));
}
