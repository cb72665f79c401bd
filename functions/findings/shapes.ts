import * as z from 'zod';
import { faultIn } from '../../shared/text';
import type { Reading } from './source';

/** Text; what is absent comes as null or as nothing too. */
export const text = z
  .string()
  .nullish()
  .transform((value) => (value === '' ? undefined : (value ?? undefined)));

/** A list; absent is empty. */
export function list<T extends z.ZodType>(of: T) {
  return z
    .array(of)
    .nullish()
    .transform((items) => items ?? []);
}

/** The first of these that is a time, ISO; sources write times in more than one way. */
export function timeOf(...texts: (string | undefined)[]): string | undefined {
  const times = texts.map((each) => new Date(each ?? ''));
  return times.find((time) => !Number.isNaN(time.getTime()))?.toISOString();
}

/** What stands last in an ARN (`instance/i-1`, `bucket`), or the id that is none. */
export function lastOf(arn: string | undefined): string | undefined {
  return arn?.split(/[/:]/).at(-1);
}

/** A message that speaks like the source but is not built like it. */
export function misshapen(name: string, error: z.ZodError): Reading[] {
  return [{ unusable: `not ${name}: ${faultIn(error)}` }];
}
