import { type WebhookSource, reader } from '../notifier/webhook';

/** How long the secret is taken as known. */
const KNOWN_MS = 300_000;
/** Forged requests must not make it read for each of them. */
const FRESH_MS = 10_000;

/**
 * Reads the signing secret of the Slack app, and keeps it for a few minutes.
 *
 * @throws Error naming what is missing, without the secret.
 */
export function signingSecretOf(source: WebhookSource | undefined, read = source && reader(source)) {
  let known: { readonly secret: string; readonly at: number } | undefined;
  return async ({ fresh } = { fresh: false }): Promise<string> => {
    if (!source || !read) throw new Error('approvals.slack is not set up in config.ts: deploy again');
    if (known && Date.now() - known.at < (fresh ? FRESH_MS : KNOWN_MS)) return known.secret;
    const secret = (await read())?.trim();
    if (!secret) {
      const where =
        'parameter' in source ? `the SSM parameter ${source.parameter}` : `the secret ${source.secret}`;
      throw new Error(`${where} with the signing secret of the Slack app is missing: store it there`);
    }
    known = { secret, at: Date.now() };
    return secret;
  };
}
