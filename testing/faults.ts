/** What goes wrong in an account of local AWS from now on. `local/aws/faults.py` does it. */
export interface Faults {
  /** The share of requests that are throttled, 0 to 1; which ones, `seed` decides. */
  readonly throttle?: number;
  readonly seed?: number;
  /** How many readings after a write still show what they showed before it. */
  readonly stale?: number;
  /** How many readings after a write show what is being changed as under way. */
  readonly pending?: number;
  /** By `service:Operation`, the error that it is always answered with. */
  readonly refuse?: Readonly<Record<string, { readonly code: string; readonly message: string }>>;
  /** By `service:Operation`, the output that it gives with HTTP 200 without doing anything. */
  readonly answers?: Readonly<Record<string, object>>;
  /** Whether asynchronous invocations of functions arrive twice. */
  readonly twice?: boolean;
}

/**
 * Makes an account's AWS behave as asked, for everybody who calls it there; without faults it behaves well again.
 *
 * @throws Error when the server is not selfheal's.
 */
export async function setFaults(
  { account }: { readonly account: string },
  faults: Faults = {},
): Promise<void> {
  const answer = await fetch(`${process.env.AWS_ENDPOINT_URL ?? ''}/selfheal/faults`, {
    method: 'POST',
    body: JSON.stringify({ account, ...faults }),
  });
  if (!answer.ok) throw new Error(`local AWS takes no faults: ${answer.status}`);
}
