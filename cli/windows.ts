import { byRegion } from '../shared/aws/clients';
import type { Calendar, Scope } from '../shared/config/windows';
import { type Calendars, calendarStates } from '../shared/worker/calendars';
import { type Gate, gateOf, nameOf } from '../shared/worker/windows';
import { clientOptions, regionOf } from './place';
import type { Session } from './session';

/** Whether bots may act now, as the coordinator of the installation would be told. */
export async function openGate(session: Session): Promise<Gate> {
  return gateOf(await session.config(), await openCalendars(session));
}

/** The windows, freezes and calendars of config.ts that are closed now: what each is about, and until when. */
export async function closedNow(session: Session): Promise<string[]> {
  const { windows = [], freezes = [], calendars = [] } = await session.config();
  const states = await openCalendars(session);
  const lines = [
    ...windows.map((window) => [window, { windows: [openTo(window)] }, `window ${window.cron}`] as const),
    ...freezes.map((freeze) => [freeze, { freezes: [openTo(freeze)] }, 'freeze'] as const),
    ...calendars.map(
      (calendar) => [calendar, { calendars: [named(calendar)] }, `calendar ${nameOf(calendar)}`] as const,
    ),
  ].map(async ([scope, hours, what]) => {
    const closed = await gateOf(hours, states)({ account: '', bot: '', severity: 'low' });
    return closed && `${what}${aboutText(scope)}: ${closed.reason}`;
  });
  return (await Promise.all(lines)).filter((line) => line !== undefined);
}

async function openCalendars(session: Session): Promise<Calendars> {
  const { calendars = [] } = await session.config();
  if (calendars.length === 0) return () => Promise.reject(new Error('config.ts names no calendar'));
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  const clientOf = byRegion((region) => new SSMClient(clientOptions(session.options, region)));
  return calendarStates(clientOf, await regionOf(session));
}

/** The same for everything: what it is about is told beside it. */
function openTo<T extends Scope>(closing: T): Omit<T, keyof Scope> {
  const { accounts: _, bots: _bots, severities: _severities, minSeverity: _least, ...rest } = closing;
  return rest;
}

function named(calendar: Calendar): Calendar {
  return 'arn' in calendar ? { arn: calendar.arn } : { name: calendar.name };
}

function aboutText({ accounts, bots, severities, minSeverity }: Scope): string {
  const words = [
    ...(accounts ?? []),
    ...(bots ?? []),
    ...(severities ?? []),
    ...(minSeverity === undefined ? [] : [`${minSeverity} and above`]),
  ];
  return words.length > 0 ? ` (${words.join(', ')})` : '';
}
