import * as z from 'zod';
import { cronOf, millisOpen } from '../shared/worker/windows';

/** The longest that a window stays open: what is longer is better said as no window, or as a freeze of the rest. */
const MOST_MS = 7 * 24 * 3_600_000;

const moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'a date, or a time with an offset: 2026-12-18, or 2026-12-18T18:00:00+01:00',
});
const severity = z.enum(['low', 'medium', 'high', 'critical']);

/**
 * The schema of windows, freezes and calendars in config.ts. A misspelt field would let through what was to wait, or keep
 * what was not.
 */
export function hoursSchema(ids: readonly string[]) {
  const scope = {
    accounts: z
      .array(z.string().regex(/^\d{12}$/, 'an account id of 12 digits'))
      .min(1)
      .optional(),
    bots: z.array(z.enum(ids)).min(1).optional(),
    severities: z.array(severity).min(1).optional(),
    minSeverity: severity.optional(),
    criticalPasses: z.boolean().optional(),
  };
  const window = z
    .strictObject({
      ...scope,
      cron: z.string(),
      timeZone: z.string(),
      hours: z.number().positive().optional(),
      minutes: z.number().positive().optional(),
    })
    .superRefine((value, context) => {
      const wrong = wrongWindow(value);
      if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong });
    });
  const freeze = z
    .strictObject({ ...scope, from: moment, until: moment, reason: z.string().min(1) })
    .refine(({ from, until }) => Date.parse(from) < Date.parse(until), {
      error: 'a freeze ends after it begins: until must be later than from',
    });
  const calendar = z.union(
    [
      z.strictObject({
        ...scope,
        // Source: Systems Manager API, CreateDocument, Name.
        name: z.string().regex(/^[\w.-]{3,128}$/, 'the name of a Change Calendar'),
      }),
      z.strictObject({
        ...scope,
        arn: z
          .string()
          .regex(
            /^arn:[\w-]+:ssm:[a-z0-9-]+:\d{12}:document\/[\w.-]{3,128}$/,
            'the ARN of a Change Calendar: arn:aws:ssm:eu-west-1:111122223333:document/Closings',
          ),
      }),
    ],
    { error: 'the name of a Change Calendar of this account and region, or the arn of one' },
  );
  return {
    windows: z.array(window).optional(),
    freezes: z.array(freeze).optional(),
    calendars: z.array(calendar).optional(),
  };
}

function wrongWindow(window: {
  readonly cron: string;
  readonly timeZone: string;
  readonly hours?: number | undefined;
  readonly minutes?: number | undefined;
}): string | undefined {
  const { cron, timeZone, hours = 0, minutes = 0 } = window;
  if (!isTimeZone(timeZone)) return `${timeZone} is no time zone: name one as Europe/Berlin, or UTC`;
  const open = millisOpen({ hours, minutes });
  if (open === 0) return 'how long the window stays open is missing: hours, or minutes';
  if (open < 60_000 || open > MOST_MS) return 'a window stays open for a minute at least and a week at most';
  try {
    return cronOf({ cron, timeZone }).nextRun() === null ? `${cron} names a day that never comes` : undefined;
  } catch (error) {
    return `${cron} is no cron expression of five fields, as 0 22 * * 1-5: ${String(error)}`;
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
