import type { SecretSource } from './config/notifications';

/** A text that is kept secret, in SSM or Secrets Manager: it is never logged. */
export interface KeptSecret {
  /**
   * @param options - `fresh` reads it again although it is known.
   * @throws Error in one sentence a person can act on, without the text.
   */
  readonly text: (options?: { readonly fresh: boolean }) => Promise<string>;
  /** How a person stores it. */
  readonly howToStore: string;
}

/** What {@link keptSecret} works with. */
export interface KeptSecretOptions {
  readonly source: SecretSource;
  /** What a person is to store: `user@example.com:api-token`. */
  readonly example: string;
  /** What it is, where the place's name does not say it: `Slack's webhook URL`. */
  readonly what?: string;
  /** Takes out of what is stored what is asked for; `undefined`: it is not there. Default: all of it. */
  readonly parse?: (stored: string) => string | undefined;
  /** What it should be, where {@link KeptSecretOptions.parse} can miss it: `an https URL`. */
  readonly shape?: string;
  /** Reads the stored text; `undefined`: there is none. Default: {@link reader}. */
  readonly read?: () => Promise<string | undefined>;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** How long the text is taken as known. */
  readonly ttlMs?: number;
  /** How long even where a fresh one is asked for, so that those who can ask cannot make it read each time. */
  readonly freshMs?: number;
}

/** Keeps the text for a few minutes, so that a new one is taken up without a deployment. A failed read is not kept. */
export function keptSecret({
  source,
  example,
  what,
  parse = (stored) => stored,
  shape = 'what is expected',
  read = reader(source),
  now = Date.now,
  ttlMs = 300_000,
  freshMs = 0,
}: KeptSecretOptions): KeptSecret {
  const place =
    'parameter' in source ? `the SSM parameter ${source.parameter}` : `the secret ${source.secret}`;
  const name = what === undefined ? place : `${place} with ${what}`;
  const howToStore = storeCommand(source, example);
  let known: { readonly text: string; readonly at: number } | undefined;
  return {
    howToStore,
    async text({ fresh } = { fresh: false }) {
      if (known && now() - known.at < (fresh ? freshMs : ttlMs)) return known.text;
      const stored = (await readOr(name, read))?.trim();
      if (!stored) throw new Error(`${name} is missing: ${howToStore}`);
      const text = parse(stored);
      if (text === undefined) throw new Error(`${place} does not hold ${shape}: ${howToStore}`);
      known = { text, at: now() };
      return text;
    },
  };
}

/** Reads; `undefined`: nothing is stored there. */
async function readOr(name: string, read: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await read();
  } catch (error) {
    const { name: code, message } = error instanceof Error ? error : new Error(String(error));
    if (code === 'ParameterNotFound' || code === 'ResourceNotFoundException') return undefined;
    throw new Error(`${name} cannot be read: ${code}: ${message}`, { cause: error });
  }
}

function storeCommand(source: SecretSource, example: string): string {
  return 'parameter' in source
    ? `aws ssm put-parameter --name ${source.parameter} --type SecureString --value ${example} --overwrite`
    : `aws secretsmanager create-secret --name ${source.secret} --secret-string ${example}`;
}

/**
 * Reads the parameter, decrypted, or the secret. The client is loaded and made at the first read.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export function reader(source: SecretSource): () => Promise<string | undefined> {
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
