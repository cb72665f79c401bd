import { line as oneLine, lines } from '../escape';
import type { Messages } from './channel';
import { type Line, call, persist } from './line';
import type { News } from './news';
import { digestLines, digestTitle, titleOf, utc } from './text';

/** As many get a card each. Teams takes four requests a second. */
const SINGLES = 5;

/**
 * Adaptive Cards, posted by a workflow of Microsoft Teams. They take 28 KB. Texts are runs of RichTextBlock, in which,
 * other than in TextBlock and FactSet, no Markdown is read; a mention would need an entity, and there is none.
 *
 * @see https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
 * @see https://adaptivecards.io/explorer/RichTextBlock.html
 */
export function teams(way: Line): Messages {
  return {
    keeps: 'nothing',
    singles: SINGLES,
    async send(news, until) {
      const [only, ...others] = news;
      if (!only) return;
      const card = others.length === 0 ? cardOf(only) : digestCard(news);
      const body = JSON.stringify({
        type: 'message',
        attachments: [
          { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card },
        ],
      });
      // The whole URL is secret.
      const ask = (url: string) => ({
        method: 'POST' as const,
        url,
        headers: { 'content-type': 'application/json' },
        body,
      });
      await persist(way, () => call(way, ask, until), until);
    },
  };
}

type Element = Readonly<Record<string, unknown>>;

function cardOf(news: News): Element {
  const { story, time } = news;
  const { emoji, violation, facts, calls, notes, commands, links } = story;
  return card(
    [
      heading(`${emoji} ${titleOf(news, 250)}`),
      ...(violation === undefined ? [] : [rich(run(oneLine(violation, 1000)))]),
      ...facts.map(([label, value]) => ({
        ...rich(run(`${label}: `, { weight: 'Bolder' }), run(oneLine(value, 300))),
        spacing: 'None',
      })),
      ...(calls
        ? [
            rich(run(`${calls.heading} (${calls.count})`, { weight: 'Bolder' })),
            // A run is one line.
            ...lines(calls.text, 3000)
              .split('\n')
              .slice(0, 40)
              .map((text) => ({ ...rich(run(text, { fontType: 'Monospace' })), spacing: 'None' })),
          ]
        : []),
      ...notes.map((note) => rich(run(oneLine(note, 1000)))),
      ...commands.map(({ to, command }) => rich(run(`${to}: `), run(command, { fontType: 'Monospace' }))),
      rich(run(utc(time), { isSubtle: true, size: 'Small' })),
    ],
    links.map(({ label, url }) => ({ type: 'Action.OpenUrl', title: label, url })),
  );
}

function digestCard(news: readonly News[]): Element {
  return card([heading(`📚 ${digestTitle(news)}`), ...digestLines(news).map((text) => rich(run(text)))], []);
}

function card(body: readonly Element[], actions: readonly Element[]): Element {
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body,
    ...(actions.length > 0 && { actions }),
  };
}

function heading(text: string): Element {
  return rich(run(text, { weight: 'Bolder', size: 'Medium' }));
}

function rich(...inlines: readonly Element[]): Element {
  return { type: 'RichTextBlock', inlines };
}

function run(text: string, look: Element = {}): Element {
  return { type: 'TextRun', text: text === '' ? ' ' : text, ...look };
}
