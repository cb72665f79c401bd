import { STSClient } from '@aws-sdk/client-sts';
import type { Target } from '../resources/target';
import type { Client, ClientClass, ClientClasses, Clients } from '../bot/bot';
import type { Acting, Sessions } from './sessions';

/** Options that every client of the core shares: retries as AWS advises for its SDKs. */
export const CLIENT_DEFAULTS = { maxAttempts: 4, retryMode: 'adaptive' } as const;

/**
 * An SQS client given a queue's real URL goes to that URL's host whatever endpoint is configured; with this it
 * goes where every other client goes.
 */
export const SQS_DEFAULTS = { ...CLIENT_DEFAULTS, useQueueUrlAsEndpoint: false } as const;

/** A finding may name another region than the bucket's own; the other services do not know this option. */
const S3_DEFAULTS = { followRegionRedirects: true } as const;

/** What of a bot decides which clients it gets, and with which rights. */
export type ActingWith<C extends ClientClasses> = Acting & { readonly clients: C };

/** Builds a bot's clients for the target's account and region; `remediation` names the session. */
export type ClientMaker = <C extends ClientClasses>(
  bot: ActingWith<C>,
  target: Target,
  remediation?: string,
) => Clients<C>;

/**
 * Clients with the surrounding credentials, or with those of a session where the target asks for one. Connections are
 * kept per class and region for as long as the process lives, and shared by the sessions.
 */
export function clientMaker(extra: object = {}, sessions?: Pick<Sessions, 'credentialsFor'>): ClientMaker {
  const kept = new Map<string, Client>();
  return <C extends ClientClasses>(bot: ActingWith<C>, target: Target, remediation?: string) => {
    const { region } = target;
    const credentials = sessions?.credentialsFor(bot, target, remediation);
    return Object.fromEntries(
      Object.entries<ClientClass>(bot.clients).map(([name, Class]) => {
        const key = `${name}/${region}`;
        const options = { ...SQS_DEFAULTS, ...S3_DEFAULTS, region, ...extra };
        const base = kept.get(key) ?? overHttp1(Class, options);
        kept.set(key, base);
        if (!credentials) return [name, base];
        return [name, new Class({ ...options, credentials, requestHandler: handlerOf(base) } as never)];
      }),
    ) as Clients<C>;
  };
}

/**
 * The SDK speaks HTTP/2 to Kinesis alone, for streams of events that no bot reads; local AWS does not know it, and every
 * service knows HTTP/1.1.
 */
function overHttp1(Class: ClientClass, options: { readonly region: string }): Client {
  const client = new Class(options as never);
  if (handlerOf(client)?.metadata?.handlerProtocol !== 'h2') return client;
  client.destroy();
  return new Class({ ...options, requestHandler: handlerOf(new STSClient(options)) } as never);
}

interface Handler {
  readonly metadata?: { readonly handlerProtocol?: string };
}

function handlerOf({ config }: Pick<Client, 'config'>): Handler | undefined {
  return (config as { readonly requestHandler?: Handler }).requestHandler;
}

/** Makes a client for each region, once. */
export function byRegion<C>(make: (region: string) => C): (region: string) => C {
  const made = new Map<string, C>();
  return (region) => {
    const client = made.get(region) ?? make(region);
    made.set(region, client);
    return client;
  };
}
