/** A resource as AWS Config records it. */
export interface Recorded {
  id: string;
  name?: string;
  arn: string;
  configuration: Record<string, unknown>;
  supplementary?: Record<string, unknown>;
  tags: Record<string, string>;
}

/** Lists all resources of one type in one account and region. */
export type Lister = () => Promise<Recorded[]>;

/** What a resource does not have, or what went away since it was listed, is no error. */
export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (/^NoSuch|NotFound|UnsupportedOperation|DoesNotExist/.test(name)) return undefined;
    throw error;
  }
}

/** Config writes the fields of the describe calls with a small first letter. */
export function asConfigWrites(value: unknown): Record<string, unknown> {
  return small(value) as Record<string, unknown>;
}

function small(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(small);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key.charAt(0).toLowerCase() + key.slice(1), small(each)]),
  );
}
