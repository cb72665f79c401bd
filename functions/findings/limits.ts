/**
 * The most that one message may ask for. Whoever may publish is not trusted with the function's time, with a resource's
 * place in line or with the size of the dead-letter queue. What is over is not done, and stands in the message's one
 * dead letter with its count.
 */
export const LIMITS = {
  /** Findings of one event. Security Hub sends one, and up to 20 that people chose by hand. */
  findings: 100,
  /** Resources of one finding. ASFF has at most 32. */
  resources: 500,
  /** Remediations of one message. */
  remediations: 500,
  /** Remediations of one message for one resource, which are done one after the other. */
  perResource: 32,
  /** `AUTO:` orders of one finding. */
  orders: 32,
  /** Words of one order. */
  words: 200,
  /** Names that routes may know one finding by. */
  keys: 100,
  /** Characters of such a name, of an account and of a region. */
  name: 512,
  /** Different reasons that one dead letter spells out. */
  reasons: 5,
  /** Bytes of a dead letter's body; what is longer is cut. */
  letterBytes: 64 * 1024,
} as const;

/** The first of a list, and what to say of the others. */
export function atMost<T>(
  limit: number,
  items: readonly T[],
  what: string,
): { readonly kept: readonly T[]; readonly over: readonly { readonly unusable: string }[] } {
  if (items.length <= limit) return { kept: items, over: [] };
  const unusable = `${items.length} ${what} in one message: at most ${limit} are taken in, the last ${items.length - limit} were not`;
  return { kept: items.slice(0, limit), over: [{ unusable }] };
}
