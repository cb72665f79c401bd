import * as z from 'zod';
import type { JiraChannel } from '../../../shared/config/notifications';
import { line as oneLine, lines } from '../escape';
import type { Tickets } from './channel';
import { type Line, NotTold, type Reply, callJson, jsonIn, persist } from './line';
import type { News } from './news';
import { titleOf, utc } from './text';

const searchSchema = z.object({ issues: z.array(z.object({ key: z.string() })) });
const createdSchema = z.object({ key: z.string() });
const statusSchema = z.object({
  fields: z.object({ status: z.object({ statusCategory: z.object({ key: z.string() }) }) }),
});
const transitionsSchema = z.object({
  transitions: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      to: z.object({ statusCategory: z.object({ key: z.string() }) }),
    }),
  ),
});

/**
 * Issues of Jira Cloud. What names the fault is a label, by which an issue is found again whose key was not kept.
 *
 * @see https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/
 * @see https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */
export function jira({ url, project, issueType, fields = {}, closeWith }: JiraChannel, way: Line): Tickets {
  return {
    keeps: 'tickets',
    open: (news, before, until) =>
      persist(
        way,
        async (again) => {
          const found = before || again ? await find(news, until) : undefined;
          return found ?? create(news, until);
        },
        until,
      ),
    write: (key, news, until) => persist(way, () => comment(key, news, until), until),
    close: (key, news, until) =>
      persist(
        way,
        async () => {
          // What was done by a try before this one is not done again.
          const issue = await ask('GET', `/issue/${key}?fields=status`, until, undefined, [404]);
          if (issue.status === 404) return 'gone';
          const { fields: now } = read(statusSchema, issue);
          if (now.status.statusCategory.key !== 'done') await transition(key, until);
          return comment(key, news, until);
        },
        until,
      ),
  };

  async function find({ fault }: News, until: number): Promise<string | undefined> {
    const jql = `project = "${project}" AND labels = "${labelOf(fault)}" AND statusCategory != Done`;
    const query = new URLSearchParams({ jql, fields: 'status', maxResults: '1' });
    const { issues } = read(searchSchema, await ask('GET', `/search/jql?${query.toString()}`, until));
    return issues[0]?.key;
  }

  async function create(news: News, until: number): Promise<string> {
    const issue = {
      fields: {
        ...fields,
        project: { key: project },
        issuetype: { name: issueType },
        summary: titleOf(news, 250),
        description: documentOf(news),
        labels: [
          'selfheal',
          labelOf(news.fault),
          ...(Array.isArray(fields.labels) ? (fields.labels as unknown[]) : []),
        ],
      },
    };
    return read(createdSchema, await ask('POST', '/issue', until, issue)).key;
  }

  async function comment(key: string, news: News, until: number) {
    const body = { body: documentOf(news, titleOf(news, 250)) };
    const { status } = await ask('POST', `/issue/${key}/comment`, until, body, [404]);
    return status === 404 ? 'gone' : 'written';
  }

  async function transition(key: string, until: number): Promise<void> {
    const { transitions } = read(transitionsSchema, await ask('GET', `/issue/${key}/transitions`, until));
    const chosen = transitions.find(({ name, to }) =>
      closeWith === undefined ? to.statusCategory.key === 'done' : name === closeWith,
    );
    if (!chosen) {
      const names = transitions.map(({ name }) => name).join(', ') || 'none';
      const wanted = closeWith === undefined ? 'leads to a status that is done' : `is called ${closeWith}`;
      throw new NotTold(
        `${way.name}: of ${key} no transition ${wanted} (there are: ${names}): name one as closeWith in config.ts`,
        { stop: false, passes: false },
      );
    }
    await ask('POST', `/issue/${key}/transitions`, until, { transition: { id: chosen.id } });
  }

  function ask(
    method: 'GET' | 'POST',
    path: string,
    until: number,
    body?: object,
    expects?: readonly number[],
  ): Promise<Reply> {
    return callJson(way, { method, url: `${url}/rest/api/3${path}`, body }, until, expects);
  }

  function read<T>(schema: z.ZodType<T>, { text }: Reply): T {
    const { data } = schema.safeParse(jsonIn(text));
    if (data !== undefined) return data;
    const why = `${way.name} answered with what is none of its own: ${lines(text, 100)}`;
    throw new NotTold(why, { stop: true, passes: true, isUnsure: true });
  }
}

function labelOf(fault: string): string {
  return `selfheal-${fault}`;
}

type Node = Readonly<Record<string, unknown>>;

/** In nodes: no text is markup, whatever it holds. Jira takes 32,767 characters. */
function documentOf({ story, time }: News, title?: string): Node {
  const { violation, facts, calls, notes, commands, links } = story;
  return {
    type: 'doc',
    version: 1,
    content: [
      ...(title === undefined ? [] : [paragraph(strong(title))]),
      ...(violation === undefined ? [] : [paragraph(plain(oneLine(violation, 2000)))]),
      {
        type: 'bulletList',
        content: facts.map(([label, value]) => ({
          type: 'listItem',
          content: [paragraph(strong(`${label}: `), plain(oneLine(value, 500)))],
        })),
      },
      ...(calls
        ? [
            paragraph(strong(`${calls.heading} (${calls.count})`)),
            { type: 'codeBlock', content: [plain(lines(calls.text, 8000))] },
          ]
        : []),
      ...notes.map((note) => paragraph(plain(oneLine(note, 2000)))),
      ...commands.map(({ to, command }) => paragraph(plain(`${to}: `), marked(command, { type: 'code' }))),
      ...links.map(({ label, url }) => paragraph(marked(label, { type: 'link', attrs: { href: url } }))),
      paragraph(plain(utc(time))),
    ],
  };
}

function paragraph(...content: readonly Node[]): Node {
  return { type: 'paragraph', content };
}

/** Jira refuses texts without a character. */
function plain(text: string): Node {
  return { type: 'text', text: text === '' ? '–' : text };
}

function strong(text: string): Node {
  return marked(text, { type: 'strong' });
}

function marked(text: string, mark: Node): Node {
  return { ...plain(text), marks: [mark] };
}
