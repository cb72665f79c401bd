/** The four switches of block public access, which bucket and account have alike. */
const FLAGS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const;

type Flag = (typeof FLAGS)[number];

/** See {@link blockOf}. Source: S3 API Reference, PublicAccessBlockConfiguration. */
export interface PublicAccessBlock {
  /** Somebody has set the switches, be it all to off. */
  readonly configured: boolean;
  readonly flags: Readonly<Record<Flag, boolean>>;
}

interface Reply {
  readonly PublicAccessBlockConfiguration?: Partial<Record<Flag, boolean | undefined>> | undefined;
}

/** All four on. */
export const ALL_BLOCKED = flags(() => true);

/** What GetPublicAccessBlock replied, of bucket or account; `undefined`: nothing is configured. */
export function blockOf(reply: Reply | undefined): PublicAccessBlock {
  return {
    configured: reply !== undefined,
    flags: flags((name) => reply?.PublicAccessBlockConfiguration?.[name] ?? false),
  };
}

/** One sentence on what is not blocked. */
export function whatIsOpen({ flags: state }: PublicAccessBlock): string | undefined {
  const off = FLAGS.filter((name) => !state[name]);
  return off.length > 0 ? `public access is not blocked: turn on ${off.join(', ')}` : undefined;
}

function flags(value: (name: Flag) => boolean): Record<Flag, boolean> {
  return Object.fromEntries(FLAGS.map((name) => [name, value(name)])) as Record<Flag, boolean>;
}
