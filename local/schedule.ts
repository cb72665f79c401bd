/** When a rule fires next, after `after`; `undefined`: never again. */
export type Schedule = (after: Date) => Date | undefined;

const UNIT_MS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads an EventBridge schedule expression: `rate(5 minutes)` or `cron(0 12 * * ? *)`, in UTC.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 *
 * @param scale Shortens rates: 0.1 fires a rate of one minute every six seconds. Calendars stay as they are.
 */
export function parseSchedule(expression: string, scale = 1): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) {
    const period = Number(rate[1]) * (UNIT_MS[rate[2] ?? ''] ?? 0) * scale;
    return (after) => new Date(after.getTime() + period);
  }
  const cron = /^cron\((.+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  if (cron?.length !== 6) throw new Error(`Not a schedule expression: ${expression}`);
  return (after) => nextOfCron(cron, after);
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const A_YEAR_OF_MINUTES = 366 * 24 * 60;

function nextOfCron(fields: string[], after: Date): Date | undefined {
  const at = new Date(after);
  at.setUTCSeconds(0, 0);
  for (let minutes = 0; minutes < A_YEAR_OF_MINUTES; minutes += 1) {
    at.setUTCMinutes(at.getUTCMinutes() + 1);
    if (matchesCron(fields, at)) return at;
  }
  return undefined;
}

function matchesCron([minute, hour, day, month, weekday, year]: string[], at: Date): boolean {
  return (
    matches(minute, at.getUTCMinutes(), 0) &&
    matches(hour, at.getUTCHours(), 0) &&
    matches(day, at.getUTCDate(), 1) &&
    matches(named(month, MONTHS), at.getUTCMonth() + 1, 1) &&
    matches(named(weekday, DAYS), at.getUTCDay() + 1, 1) &&
    matches(year, at.getUTCFullYear(), 1970)
  );
}

function named(field: string | undefined, names: string[]): string | undefined {
  return field?.replace(/[A-Z]{3}/gi, (name) => String(names.indexOf(name.toUpperCase()) + 1));
}

function matches(field: string | undefined, value: number, lowest: number): boolean {
  if (field === undefined || field === '*' || field === '?') return true;
  return field.split(',').some((part) => {
    const [range = '', step] = part.split('/');
    const [from, to] = range === '*' ? [lowest, Infinity] : range.split('-').map(Number);
    const first = from ?? lowest;
    const last = to ?? (step === undefined ? first : Infinity);
    return value >= first && value <= last && (value - first) % Number(step ?? 1) === 0;
  });
}
