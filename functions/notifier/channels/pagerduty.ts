import type { PagerDutyChannel } from '../../../shared/config/notifications';
import { line as oneLine, lines } from '../escape';
import type { Severity } from '../summary';
import type { Tickets } from './channel';
import { type Line, call, persist } from './line';
import type { News } from './news';
import { titleOf } from './text';

const SEVERITIES: Readonly<Record<Severity, 'critical' | 'error' | 'warning' | 'info'>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  info: 'info',
};

/**
 * Alerts of PagerDuty: triggered while a fault is open, acknowledged while a bot is at it, resolved when it is settled.
 * The fault is their `dedup_key`, so that nothing needs to be looked for.
 *
 * @see https://developer.pagerduty.com/docs/send-alert-event
 */
export function pagerDuty(
  { url = 'https://events.pagerduty.com' }: Pick<PagerDutyChannel, 'url'>,
  way: Line,
): Tickets {
  return {
    keeps: 'tickets',
    async open(news, _again, until) {
      await enqueue('trigger', news, until);
      return keyOf(news);
    },
    async write(_key, news, until) {
      await enqueue(news.state === 'going on' ? 'acknowledge' : 'trigger', news, until);
      return 'written';
    },
    async close(_key, news, until) {
      await enqueue('resolve', news, until);
      return 'written';
    },
  };

  async function enqueue(
    event_action: 'trigger' | 'acknowledge' | 'resolve',
    news: News,
    until: number,
  ): Promise<void> {
    const event = {
      event_action,
      dedup_key: keyOf(news),
      ...(event_action === 'trigger' && {
        client: 'selfheal',
        payload: payloadOf(news),
        links: news.story.links.map(({ label, url: href }) => ({ href, text: label })),
      }),
    };
    const ask = (routing_key: string) => ({
      method: 'POST' as const,
      url: `${url}/v2/enqueue`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ routing_key, ...event }),
    });
    await persist(way, () => call(way, ask, until), until);
  }
}

function keyOf({ fault }: News): string {
  return `selfheal-${fault}`;
}

/** PagerDuty takes 1024 characters of summary, and 512 KB in all. Its texts are no markup. */
function payloadOf(news: News): object {
  const { story, time, event } = news;
  const { target, bot } = event ?? {};
  return {
    summary: oneLine([titleOf(news, 400), story.violation].filter(Boolean).join(': '), 1000),
    source: oneLine(target?.id ?? 'selfheal', 500),
    severity: SEVERITIES[story.severity],
    timestamp: time,
    ...(bot !== undefined && { component: oneLine(bot, 100) }),
    ...(target && { group: target.account, class: target.type }),
    custom_details: {
      ...Object.fromEntries(story.facts.map(([label, value]) => [label, oneLine(value, 500)])),
      ...(story.notes.length > 0 && { notes: story.notes.map((note) => oneLine(note, 2000)) }),
      ...(story.calls && { [story.calls.heading]: lines(story.calls.text, 8000) }),
      ...Object.fromEntries(story.commands.map(({ to, command }) => [to, command])),
    },
  };
}
