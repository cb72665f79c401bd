import { type CatalogueEntry, defaultsOf, findBot, wrongParams } from '../../shared/catalogue';
import type { Config } from '../../shared/config';
import { admit } from '../../shared/worker/admission';
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

/**
 * Either the remediation, its bot under its proper id, or one sentence on why nobody can use it. What is `exempt` the
 * bot's own function answers for, by the name and region that it has made sure of.
 */
export type Route =
  { readonly remediation: Remediation; readonly exempt?: string } | { readonly reason: string };

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
  const entry = findBot(catalogue, remediation.bot, remediation.target.type);
  if (!entry) return { reason: `there is no bot ${quoted(remediation.bot)}: see npx selfheal bots` };
  const admission = admit({
    config,
    home: { accountId, region },
    bot: entry,
    target: remediation.target,
    params: {
      ...{ said: remediation.params, defaults: defaultsOf(entry) },
      wrong: (configured) => wrongParams(entry, remediation.params, configured),
    },
    isLocated: false,
  });
  const reason = ('refused' in admission ? admission.refused : undefined) ?? tooLarge(remediation);
  if (reason !== undefined) return { reason };
  const exempt = 'exempt' in admission && { exempt: admission.exempt };
  return { remediation: { ...remediation, bot: entry.id }, ...exempt };
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 64));
}
