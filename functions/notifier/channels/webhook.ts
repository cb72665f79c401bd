import { createHmac } from 'node:crypto';
import { PLACEHOLDER, type TemplateField, type WebhookChannel } from '../../../shared/config/notifications';
import type { Place } from '../place';
import { line as oneLine } from '../escape';
import type { Messages } from './channel';
import { type Line, call, persist } from './line';
import type { News } from './news';

/**
 * JSON of the operator's own form, signed. The header is `x-selfheal-signature: t=<epoch seconds>,v1=<hex>`, the
 * HMAC-SHA256 of `<epoch seconds>.<body>` under the kept key: a receiver that checks both knows who sent it, and when.
 * `x-selfheal-delivery` names the news, the same each time it comes.
 */
export function webhookChannel(
  { url, headers = {}, body: template = '{{event}}' }: Pick<WebhookChannel, 'url' | 'headers' | 'body'>,
  place: Place,
  way: Line,
): Messages {
  return {
    keeps: 'nothing',
    async send(news, until) {
      for (const one of news) {
        const body = JSON.stringify(filled(template, valuesOf(one, place)));
        const ask = (key: string) => ({
          method: 'POST' as const,
          url,
          headers: {
            ...headers,
            'content-type': 'application/json',
            'x-selfheal-delivery': one.id,
            'x-selfheal-signature': signature(key, body, way.now()),
          },
          body,
        });
        await persist(way, () => call(way, ask, until), until);
      }
    },
  };
}

function signature(key: string, body: string, now: number): string {
  const time = Math.floor(now / 1000);
  return `t=${time},v1=${createHmac('sha256', key).update(`${time}.${body}`).digest('hex')}`;
}

/** Fills in texts, once: what is filled in is text of a value, and never template or JSON itself. */
function filled(template: unknown, values: Readonly<Record<TemplateField, unknown>>): unknown {
  if (typeof template === 'string') {
    const [whole, name = ''] = new RegExp(PLACEHOLDER.source).exec(template) ?? [];
    if (whole === template.trim()) return valueOf(name, values) ?? null;
    return template.replace(PLACEHOLDER, (_all, field: string) => {
      const value = valueOf(field, values);
      return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
    });
  }
  if (Array.isArray(template)) return template.map((one) => filled(one, values));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, one]) => [key, filled(one, values)]));
}

function valueOf(name: string, values: Readonly<Record<TemplateField, unknown>>): unknown {
  return Object.hasOwn(values, name) ? values[name as TemplateField] : undefined;
}

function valuesOf(news: News, { names }: Place): Readonly<Record<TemplateField, unknown>> {
  const { event, story, account, state, time, id, fault } = news;
  const { bot, target, finding, outcome, reason, title, violation, journalId } = event ?? {};
  const seen = (text: string | undefined) => text && oneLine(text, 4000);
  return {
    account,
    accountName: account !== undefined && names && Object.hasOwn(names, account) ? names[account] : account,
    bot,
    command: story.commands[0]?.command,
    console: story.links.find(({ label }) => label.includes('console'))?.url,
    delivery: id,
    event: event ?? { kind: 'alarm', name: story.what, time, account, notes: story.notes },
    fault,
    finding: finding?.id,
    journalId,
    outcome: outcome ?? 'alarm',
    reason: seen(reason ?? (event ? undefined : story.notes.join(' '))),
    region: target?.region,
    resource: seen(target?.id),
    severity: story.severity,
    source: finding?.source,
    state,
    time,
    title: seen(title ?? story.what),
    type: target?.type,
    violation: seen(violation),
  };
}
