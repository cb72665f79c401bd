/** The four switches of block public access, which bucket and account have alike. */
const FLAGS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const;

type Flag = (typeof FLAGS)[number];

/** `null`: nobody has set the switches, which are then off. Source: S3 API Reference, PublicAccessBlockConfiguration. */
export type PublicAccessBlock = Readonly<Record<Flag, boolean>> | null;

interface Reply {
  readonly PublicAccessBlockConfiguration?: Partial<Record<Flag, boolean | undefined>> | undefined;
}

/** All four on. */
export const ALL_BLOCKED = flags(() => true);

/** What GetPublicAccessBlock replied, of bucket or account; `undefined`: nothing is configured. */
export function blockOf(reply: Reply | undefined): PublicAccessBlock {
  const { PublicAccessBlockConfiguration: set } = reply ?? {};
  return set ? flags((name) => set[name] ?? false) : null;
}

/** One sentence on what is not blocked. */
export function whatIsOpen({ is: block }: { readonly is: PublicAccessBlock }): string {
  const off = FLAGS.filter((name) => !block?.[name]);
  return `public access is not blocked: turn on ${off.join(', ')}`;
}

function flags(value: (name: Flag) => boolean): Record<Flag, boolean> {
  return Object.fromEntries(FLAGS.map((name) => [name, value(name)])) as Record<Flag, boolean>;
}
