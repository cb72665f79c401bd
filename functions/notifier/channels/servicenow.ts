import * as z from 'zod';
import type { ServiceNowChannel } from '../../../shared/config/notifications';
import type { Severity } from '../summary';
import type { Tickets, Written } from './channel';
import { type Line, NotTold, type Reply, callJson, jsonIn, persist } from './line';
import type { News } from './news';
import { textOf, titleOf } from './text';

const record = z.object({ sys_id: z.string().regex(/^[\w-]+$/) });
const recordSchema = z.object({ result: record });
const recordsSchema = z.object({ result: z.array(record) });

/** ServiceNow reckons the priority from these. Source: Incident Management, priority look-up rules. */
const URGENCIES: Readonly<Record<Severity, Readonly<Record<'urgency' | 'impact', string>>>> = {
  critical: { urgency: '1', impact: '1' },
  high: { urgency: '1', impact: '2' },
  medium: { urgency: '2', impact: '2' },
  low: { urgency: '3', impact: '3' },
  info: { urgency: '3', impact: '3' },
};

/** Resolved; with the code that instances have had since 2019. */
const CLOSED = { state: '6', close_code: 'Solution provided' };

/**
 * Records of a table of ServiceNow, incidents say. What names the fault is its `correlation_id`: an active record that
 * has it already is taken.
 *
 * @see https://www.servicenow.com/docs/bundle/xanadu-api-reference/page/integrate/inbound-rest/concept/c_TableAPI.html
 */
export function serviceNow(
  { url, table = 'incident', fields = {}, closeWith = CLOSED }: ServiceNowChannel,
  way: Line,
): Tickets {
  return {
    keeps: 'tickets',
    open: (news, _before, until) =>
      persist(way, async () => (await find(news, until)) ?? create(news, until), until),
    write: (key, news, until) => persist(way, () => patch(key, workNotes(news), until), until),
    close: (key, news, until) =>
      persist(
        way,
        () => patch(key, { ...workNotes(news), close_notes: inert(titleOf(news, 900)), ...closeWith }, until),
        until,
      ),
  };

  async function find({ fault }: News, until: number): Promise<string | undefined> {
    const query = new URLSearchParams({
      sysparm_query: `correlation_id=${correlation(fault)}^active=true`,
      sysparm_fields: 'sys_id',
      sysparm_limit: '1',
    });
    const { result } = read(recordsSchema, await ask('GET', `?${query.toString()}`, until));
    return result[0]?.sys_id;
  }

  async function create(news: News, until: number): Promise<string> {
    const fresh = {
      ...URGENCIES[news.story.severity],
      ...fields,
      short_description: titleOf(news, 160),
      description: textOf(news, 3900),
      correlation_id: correlation(news.fault),
      correlation_display: 'selfheal',
    };
    return read(recordSchema, await ask('POST', '', until, fresh)).result.sys_id;
  }

  async function patch(key: string, changes: object, until: number): Promise<Written> {
    const { status } = await ask('PATCH', `/${key}`, until, changes, [404]);
    return status === 404 ? 'gone' : 'written';
  }

  function ask(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    until: number,
    body?: object,
    expects?: readonly number[],
  ): Promise<Reply> {
    return callJson(way, { method, url: `${url}/api/now/table/${table}${path}`, body }, until, expects);
  }

  /** An instance that sleeps answers 200 with a page. */
  function read<T>(schema: z.ZodType<T>, { text }: Reply): T {
    const { data } = schema.safeParse(jsonIn(text));
    if (data !== undefined) return data;
    const why = `${way.name} answered with what is none of its records: does the instance sleep?`;
    throw new NotTold(why, { stop: true, passes: true, isUnsure: true });
  }
}

function correlation(fault: string): string {
  return `selfheal-${fault}`;
}

function workNotes(news: News): { readonly work_notes: string } {
  return { work_notes: inert(`${titleOf(news, 250)}\n\n${textOf(news, 3500)}`) };
}

/** In journal fields, what stands in `[code]` is shown as HTML. */
function inert(text: string): string {
  return text.replace(/\[(\/?)(code)\]/gi, '[$1 $2]');
}
