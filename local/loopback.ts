import dns from 'node:dns';
import os from 'node:os';
import path from 'node:path';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Throws unless the URL stays on this machine: nothing under `local/` or `test/` may ever reach real AWS. */
export function assertLoopback(url: string): void {
  const { hostname } = new URL(url);
  if (LOOPBACK.has(hostname) || hostname.endsWith('.localhost')) return;
  throw new Error(`${url} is not on this machine; local AWS is only ever used on the loopback address.`);
}

/**
 * The environment in which every AWS client, of any language, talks to local AWS and to nothing else.
 * It replaces the keys, profiles and metadata service of the person at the machine.
 *
 * @param base What else the process is to see; names that could lead elsewhere are taken out of it.
 */
export function localEnvironment(
  endpoint: string,
  region: string,
  base: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  assertLoopback(endpoint);
  const nowhere = path.join(os.tmpdir(), 'selfheal-no-such-file');
  return {
    ...withoutAws(base),
    AWS_ENDPOINT_URL: endpoint,
    // The account id goes before the host name, which an IP address does not allow.
    AWS_ENDPOINT_URL_S3_CONTROL: `http://localhost:${new URL(endpoint).port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    // The SDK warns about the end of Node 20 on every start.
    NODE_NO_WARNINGS: '1',
  };
}

/** Makes this process's SDK clients use local AWS; see {@link localEnvironment}. */
export function enterLocalEnvironment(endpoint: string, region: string): void {
  const wanted = localEnvironment(endpoint, region);
  for (const name of Object.keys(process.env))
    if (!(name in wanted)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, wanted);
  resolveLocalhost();
}

const RESOLVES = Symbol.for('selfheal.resolvesLocalhost');

/** Lets `<account>.localhost` resolve: browsers know that it is the loopback address, Node asks the system. */
export function resolveLocalhost(): void {
  const stock = dns.lookup;
  if (RESOLVES in stock) return;
  const lookup = (host: string, ...rest: unknown[]) =>
    Reflect.apply(stock, dns, [host.endsWith('.localhost') ? '127.0.0.1' : host, ...rest]) as unknown;
  Object.assign(dns, { lookup: Object.assign(lookup, stock, { [RESOLVES]: true }) });
}

function withoutAws(environment: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith('AWS_'));
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
