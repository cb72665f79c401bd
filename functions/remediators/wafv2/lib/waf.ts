import { type Scope, WAFV2Client } from '@aws-sdk/client-wafv2';

/** What all bots on web ACLs and rule groups share. */
export const WAF = {
  clients: { wafv2: WAFV2Client },
  gone: ['WAFNonexistentItemException'],
} as const;

/** How the API names what has that ARN: `…:regional/rulegroup/name/id`. */
export function namedBy(arn: string): { readonly Name: string; readonly Scope: Scope; readonly Id: string } {
  const [place = '', , Name = '', Id = ''] = arn.split(':').slice(5).join(':').split('/');
  return { Name, Scope: place === 'global' ? 'CLOUDFRONT' : 'REGIONAL', Id };
}

/** Rules with the bytes in them as texts, which survive JSON. */
export function withTexts<T>(value: T): T {
  return mapped(value, (bytes) => ({ base64: Buffer.from(bytes).toString('base64') })) as T;
}

/** The other way round. */
export function withBytes<T>(value: T): T {
  return mapped(value, (bytes) => bytes, true) as T;
}

function mapped(value: unknown, write: (bytes: Uint8Array) => unknown, isText = false): unknown {
  if (value instanceof Uint8Array) return write(value);
  if (Array.isArray(value)) return value.map((one) => mapped(one, write, isText));
  if (typeof value !== 'object' || value === null) return value;
  if (isText && 'base64' in value) return new Uint8Array(Buffer.from(String(value.base64), 'base64'));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapped(one, write, isText)]));
}
