import type { SecretSource } from '../../../shared/config/notifications';
import { reader } from '../webhook';

/** A text that is kept secret: it is never logged. */
export interface Stored {
  /**
   * @param options - `fresh` reads it again although it is known.
   * @throws Error in one sentence a person can act on, without the text.
   */
  readonly text: (options?: { readonly fresh: boolean }) => Promise<string>;
  /** The command that stores another. */
  readonly howToStore: string;
}

/** What {@link stored} works with. */
export interface StoredOptions {
  readonly source: SecretSource;
  /** What a person is to store: `user@example.com:api-token`. */
  readonly example: string;
  /** Reads the kept text; `undefined`: there is none. Default: {@link reader}. */
  readonly read?: () => Promise<string | undefined>;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly ttlMs?: number;
}

/** Keeps the text for a few minutes, so that a new one is taken up without a deployment. */
export function stored({
  source,
  example,
  read = reader(source),
  now = Date.now,
  ttlMs = 300_000,
}: StoredOptions): Stored {
  const [name, howToStore] =
    'parameter' in source
      ? [
          `the SSM parameter ${source.parameter}`,
          `aws ssm put-parameter --name ${source.parameter} --type SecureString --value ${example} --overwrite`,
        ]
      : [
          `the secret ${source.secret}`,
          `aws secretsmanager put-secret-value --secret-id ${source.secret} --secret-string ${example}`,
        ];
  let known: { readonly text: string; readonly until: number } | undefined;
  return {
    howToStore,
    async text({ fresh } = { fresh: false }) {
      if (known && !fresh && now() < known.until) return known.text;
      const text = (await readOr(name, read))?.trim();
      if (!text) throw new Error(`${name} is missing or empty: ${howToStore}`);
      known = { text, until: now() + ttlMs };
      return text;
    },
  };
}

async function readOr(name: string, read: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await read();
  } catch (error) {
    const { name: code, message } = error instanceof Error ? error : new Error(String(error));
    if (code === 'ParameterNotFound' || code === 'ResourceNotFoundException') return undefined;
    throw new Error(`${name} cannot be read: ${code}: ${message}`, { cause: error });
  }
}
