import * as z from 'zod';
import type { SecretSource } from '../../shared/config/notifications';
import { type KeptSecret, type KeptSecretOptions, keptSecret } from '../../shared/kept-secret';

/** The webhook's URL, which is never logged: whoever has it can write to the channel. */
export function webhook(
  source: SecretSource,
  options: Pick<KeptSecretOptions, 'read' | 'now' | 'ttlMs'> = {},
): KeptSecret {
  return keptSecret({
    source,
    what: "Slack's webhook URL",
    example: 'https://hooks.slack.com/…',
    shape: "an https URL, as Slack's webhooks have",
    parse: urlIn,
    ...options,
  });
}

/** Takes the URL itself or, as the console of Secrets Manager stores it, `{"url": "…"}`. */
function urlIn(text: string): string | undefined {
  const url = text.startsWith('{') ? inJson(text) : text;
  return url !== undefined && isPostable(url) ? url : undefined;
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
