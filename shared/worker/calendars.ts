import { GetCalendarStateCommand, type SSMClient } from '@aws-sdk/client-ssm';

/** Calendars change seldom, and Systems Manager answers few questions a second. */
const REMEMBERED_MS = 60_000;

/** How a Change Calendar stands. */
export interface CalendarState {
  readonly state: 'open' | 'closed';
  /** When it changes next, in epoch milliseconds, where Systems Manager knows. */
  readonly until?: number;
  /** That it could not be asked, and why: it counts as closed. */
  readonly failed?: string;
}

/** How a Change Calendar stands now, by name or ARN. Never rejects. */
export type Calendars = (name: string) => Promise<CalendarState>;

/**
 * Asks Systems Manager for the state of Change Calendars, each at most once a minute. What cannot be asked is closed: nothing
 * is changed in a time that may be forbidden. Source: Systems Manager API, GetCalendarState.
 *
 * @param home The region of calendars that go by their name alone.
 * @param tell Hears of each that could not be asked.
 */
export function calendarStates(
  clientOf: (region: string) => Pick<SSMClient, 'send'>,
  home: string,
  tell: (name: string, failed: string) => void = () => undefined,
  now = Date.now,
): Calendars {
  const known = new Map<string, { readonly at: number; readonly state: Promise<CalendarState> }>();
  return (name) => {
    const remembered = known.get(name);
    if (remembered && now() - remembered.at < REMEMBERED_MS) return remembered.state;
    const state = ask(clientOf(regionIn(name) ?? home), name).then((answer) => {
      if (answer.failed !== undefined) tell(name, answer.failed);
      return answer;
    });
    known.set(name, { at: now(), state });
    return state;
  };
}

async function ask(client: Pick<SSMClient, 'send'>, name: string): Promise<CalendarState> {
  try {
    const { State, NextTransitionTime } = await client.send(
      new GetCalendarStateCommand({ CalendarNames: [name] }),
    );
    const until = NextTransitionTime === undefined ? NaN : Date.parse(NextTransitionTime);
    return {
      state: State === 'OPEN' ? 'open' : 'closed',
      ...(Number.isFinite(until) && { until }),
    };
  } catch (error) {
    const failed = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { state: 'closed', failed };
  }
}

/** `arn:aws:ssm:eu-west-1:111122223333:document/Freeze` */
function regionIn(name: string): string | undefined {
  return name.startsWith('arn:') ? name.split(':')[3] : undefined;
}
