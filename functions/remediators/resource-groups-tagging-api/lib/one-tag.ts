import * as z from 'zod';

/** What bots share that give a resource one tag. */
export const ONE_TAG = {
  severity: 'low',
  risk: 'safe',
  kind: 'response',
  params: z.object({
    key: z
      .string()
      .min(1)
      .max(128)
      .regex(/^(?![aA][wW][sS]:)/, 'must not begin with aws:, which is for AWS alone')
      .optional()
      .describe("the tag's key; held where none is named"),
    value: z.string().max(256).default('').describe("the tag's value"),
  }),
  from: { key: 'config', value: 'finding' },
  words: { order: ['key', 'value'] },
} as const;

/** What is wrong with the tag of a resource, `what`, whose value is `is`; `undefined`: nothing. */
export function tagFault(
  what: string,
  is: string | undefined,
  { key, value }: z.output<typeof ONE_TAG.params>,
): string | undefined {
  if (key === undefined) return `nothing says which tag the ${what} is to have`;
  if (is === value) return undefined;
  return `the tag ${key} is ${is === undefined ? 'missing' : JSON.stringify(is)}, not ${JSON.stringify(value)}`;
}
