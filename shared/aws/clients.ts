import type { Target } from '../target';
import type { Client, ClientClass, ClientClasses, Clients } from '../bot/bot';

/** Options that every client of the core shares: retries as AWS advises for its SDKs. */
export const CLIENT_DEFAULTS = { maxAttempts: 4, retryMode: 'standard' } as const;

/**
 * An SQS client given a queue's real URL goes to that URL's host whatever endpoint is configured; with this it
 * goes where every other client goes.
 */
export const SQS_DEFAULTS = { ...CLIENT_DEFAULTS, useQueueUrlAsEndpoint: false } as const;

/** A finding may name another region than the bucket's own; the other services do not know this option. */
const S3_DEFAULTS = { followRegionRedirects: true } as const;

/** Builds a bot's clients for the target's region. */
export type ClientMaker = <C extends ClientClasses>(classes: C, target: Target) => Clients<C>;

/** Clients with the surrounding credentials, kept per class and region for as long as the process lives. */
export function clientMaker(extra: object = {}): ClientMaker {
  const kept = new Map<string, Client>();
  return <C extends ClientClasses>(classes: C, { region }: Target) =>
    Object.fromEntries(
      Object.entries<ClientClass>(classes).map(([name, Class]) => {
        const key = `${name}/${region}`;
        const client =
          kept.get(key) ?? new Class({ ...CLIENT_DEFAULTS, ...S3_DEFAULTS, region, ...extra } as never);
        kept.set(key, client);
        return [name, client];
      }),
    ) as Clients<C>;
}
