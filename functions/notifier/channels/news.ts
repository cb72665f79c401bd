import { createHash } from 'node:crypto';
import { type SelfhealEvent, eventSchema } from '../../../shared/worker/event';
import { resourceKey } from '../../../shared/resources/target';
import { faultIn } from '../../../shared/text';
import type { Place } from '../place';
import { accountText } from '../place';
import { type Story, storyOf } from '../story';
import { mrkdwn } from '../escape';
import type { Telling } from '../summary';
import { isNews, tellEvent } from '../tell-event';
import { alarmSchema, isRinging, severityOfAlarm, tellAlarm, type Alarm } from '../tell-alarm';
import { jsonIn } from './line';

/** What became of a finding, or an alarm that rings, for channels beside Slack's. */
export interface News {
  /** Names this news: the same however often it is delivered. */
  readonly id: string;
  /** Names the fault: the bot and the resource. */
  readonly fault: string;
  /** What that makes of the fault: it stands, a bot is at it, it is settled. */
  readonly state: 'open' | 'going on' | 'closed';
  /** As Slack is told. Absent: it is no news by itself, and only ends a ticket. */
  readonly telling?: Telling;
  readonly time: string;
  readonly account?: string | undefined;
  readonly story: Story;
  /** Absent: it is an alarm. */
  readonly event?: SelfhealEvent;
}

/** What a message of the events topic is. */
export type Read = { readonly news: News } | { readonly unknown: string } | 'no news';

const STATES: Readonly<Record<SelfhealEvent['outcome'], News['state']>> = {
  failed: 'open',
  held: 'open',
  unverified: 'open',
  planned: 'open',
  'dead-lettered': 'open',
  expired: 'open',
  waiting: 'going on',
  approved: 'going on',
  snoozed: 'going on',
  fixed: 'closed',
  compliant: 'closed',
  gone: 'closed',
  exempt: 'closed',
  declined: 'closed',
  undone: 'closed',
  rejected: 'closed',
  // Of no resource: messages tell it, and no ticket is about it.
  'exemption-ending': 'closed',
  'exemption-ended': 'closed',
};

/** Reads a message of the events topic, whatever is in it. */
export function readNews(body: string, place: Place): Read {
  const value = jsonIn(body);
  if (value === undefined || value === null || typeof value !== 'object')
    return { unknown: 'it is not JSON' };
  if ('AlarmName' in value) {
    const { data, error } = alarmSchema.safeParse(value);
    if (error) return { unknown: `its ${faultIn(error, 'message')}` };
    return isRinging(data) ? { news: newsOfAlarm(data, place) } : 'no news';
  }
  const { data, error } = eventSchema.safeParse(value);
  return error ? { unknown: `its ${faultIn(error, 'message')}` } : { news: newsOf(data, place) };
}

/** What an event is to channels. */
export function newsOf(event: SelfhealEvent, place: Place): News {
  const { bot, target, finding, time, outcome, attempt, journalId, reason } = event;
  const id = digest(
    'news',
    time,
    outcome,
    bot,
    target && resourceKey(target),
    finding?.id,
    attempt,
    journalId,
    reason,
    event.plan?.id,
  );
  return {
    id,
    fault: target
      ? digest('fault', bot, resourceKey(target))
      : finding
        ? digest('finding', finding.source, finding.id)
        : id,
    state: STATES[outcome],
    ...(isNews(event) && { telling: tellEvent(event, place) }),
    time,
    account: target?.account,
    story: storyOf(event, place),
    event,
  };
}

function newsOfAlarm(alarm: Alarm, place: Place): News {
  const { AlarmName: name, AWSAccountId: account, Region: region, StateChangeTime: time } = alarm;
  return {
    id: digest('alarm', account, name, time),
    fault: digest('alarm', account, name),
    state: 'open',
    telling: tellAlarm(alarm, place),
    time: timeOf(time),
    account: account ?? undefined,
    story: {
      emoji: mrkdwn`🚨`,
      word: 'Alarm',
      what: name,
      severity: severityOfAlarm(name),
      facts: [
        ...(account ? [['Account', accountText(place, account)] as const] : []),
        ...(region ? [['Region', region] as const] : []),
        ['Severity', severityOfAlarm(name)],
      ],
      notes: [alarm.AlarmDescription, alarm.NewStateReason].filter((note): note is string => Boolean(note)),
      commands: [],
      links: [],
    },
  };
}

/** CloudWatch writes `+0000`. */
function timeOf(text: string | null | undefined): string {
  const time = Date.parse(text ?? '');
  return new Date(Number.isNaN(time) ? 0 : time).toISOString();
}

function digest(...parts: readonly (string | number | null | undefined)[]): string {
  return createHash('sha256')
    .update(JSON.stringify(parts.map((part) => part ?? null)))
    .digest('hex')
    .slice(0, 32);
}
