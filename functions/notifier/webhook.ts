import * as z from 'zod';

/** Where the URL is kept, see `slack.webhook` of config.ts. */
export type WebhookSource = { readonly parameter: string } | { readonly secret: string };

/** The webhook's URL, which is never logged: whoever has it can write to the channel. */
export interface Webhook {
  /**
   * @param options - `fresh` reads it again although it is known.
   * @throws Error in one sentence a person can act on, without the URL.
   */
  readonly url: (options?: { readonly fresh: boolean }) => Promise<string>;
  /** How a person stores the URL. */
  readonly howToStore: string;
}

/** What {@link webhook} works with. */
export interface WebhookOptions {
  readonly source: WebhookSource;
  /** Reads the stored text; `undefined`: there is none. Default: {@link reader}. */
  readonly read?: () => Promise<string | undefined>;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** How long the URL is taken as known. */
  readonly ttlMs?: number;
}

/** Keeps the URL for a few minutes, so that a new one is taken up without a deployment. */
export function webhook({
  source,
  read = reader(source),
  now = Date.now,
  ttlMs = 300_000,
}: WebhookOptions): Webhook {
  const howToStore = storeCommand(source);
  let known: { readonly url: string; readonly until: number } | undefined;
  return {
    howToStore,
    async url({ fresh } = { fresh: false }) {
      if (known && !fresh && now() < known.until) return known.url;
      const url = parseUrl(await stored(source, read), source);
      known = { url, until: now() + ttlMs };
      return url;
    },
  };
}

/**
 * Reads the parameter, decrypted, or the secret. The client is loaded and made at the first read.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export function reader(source: WebhookSource): () => Promise<string | undefined> {
  return 'parameter' in source ? parameterReader(source.parameter) : secretReader(source.secret);
}

/** A network without a way to the service must end in a sentence, not in the function's timeout. */
const CLIENT = {
  requestHandler: { connectionTimeout: 2000, requestTimeout: 3000, throwOnRequestTimeout: true },
  maxAttempts: 2,
};

function parameterReader(Name: string) {
  let connected: Promise<() => Promise<string | undefined>> | undefined;
  const connect = async () => {
    const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
    const client = new SSMClient(CLIENT);
    return async () =>
      (await client.send(new GetParameterCommand({ Name, WithDecryption: true }))).Parameter?.Value;
  };
  return async () => (await (connected ??= connect()))();
}

function secretReader(SecretId: string) {
  let connected: Promise<() => Promise<string | undefined>> | undefined;
  const connect = async () => {
    const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    const client = new SecretsManagerClient(CLIENT);
    return async () => (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  };
  return async () => (await (connected ??= connect()))();
}

async function stored(source: WebhookSource, read: () => Promise<string | undefined>): Promise<string> {
  let text: string | undefined;
  try {
    text = await read();
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    if (name !== 'ParameterNotFound' && name !== 'ResourceNotFoundException') {
      throw new Error(`${nameOf(source)} with Slack's webhook URL cannot be read: ${name}: ${message}`, {
        cause: error,
      });
    }
  }
  if (!text?.trim()) {
    throw new Error(`${nameOf(source)} with Slack's webhook URL is missing: ${storeCommand(source)}`);
  }
  return text.trim();
}

/** Takes the URL itself or, as the console of Secrets Manager stores it, `{"url": "…"}`. */
function parseUrl(text: string, source: WebhookSource): string {
  const url = text.startsWith('{') ? inJson(text) : text;
  if (url !== undefined && isPostable(url)) return url;
  throw new Error(
    `${nameOf(source)} does not hold an https URL, as Slack's webhooks have: ${storeCommand(source)}`,
  );
}

function inJson(text: string): string | undefined {
  try {
    return z.object({ url: z.string().trim() }).safeParse(JSON.parse(text)).data?.url;
  } catch {
    return undefined;
  }
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** https; in the clear only to this machine itself, where a stand-in may listen. */
export function isPostable(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
}

function nameOf(source: WebhookSource): string {
  return 'parameter' in source ? `the SSM parameter ${source.parameter}` : `the secret ${source.secret}`;
}

function storeCommand(source: WebhookSource): string {
  return 'parameter' in source
    ? `aws ssm put-parameter --name ${source.parameter} --type SecureString --value https://hooks.slack.com/… --overwrite`
    : `aws secretsmanager create-secret --name ${source.secret} --secret-string https://hooks.slack.com/…`;
}
