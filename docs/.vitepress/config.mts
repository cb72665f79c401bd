// The site of README.md and docs/: the same files, found at the same paths, so that every link works in both.
import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type DefaultTheme, type MarkdownOptions } from 'vitepress';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Where files that are no pages are shown, say `https://github.com/<owner>/<name>/blob/main`. */
const { SITE_BASE = '/', SITE_SOURCES } = process.env;

type Page = readonly [text: string, path: string];

/** By task. A page that is not written yet is left out, one that nobody put here stands under More. */
const TASKS: Readonly<Record<string, readonly Page[]>> = {
  Start: [
    ['What it is', '/'],
    ['See it work', '/#see-it-work'],
    ['Install', '/#deploy'],
    ['The first hour', 'docs/first-hour'],
    ['From another tool', 'docs/migration'],
  ],
  Run: [
    ['Deploy', '/#deploy'],
    ['Check an installation', '/#check-an-installation'],
    ['Member accounts', 'docs/members'],
    ['Metrics', 'docs/metrics'],
    ['Upgrade', 'docs/upgrade'],
    ['Changelog', 'CHANGELOG'],
  ],
  'What is repaired': [
    ['Enable a rule', '/#enable-a-rule'],
    ['Presets', '/#enable-a-whole-list-presets'],
    ['Findings', '/#send-findings'],
    ['Find faults without AWS Config', '/#find-faults-without-aws-config'],
    ['config.ts in pull requests', 'docs/pull-requests'],
  ],
  'See and decide': [
    ['Read the queue', '/#read-the-queue'],
    ['Notifications', 'docs/notifications'],
    ['Approvals', 'docs/approvals'],
    ['Exemptions and windows', 'docs/exemptions-and-windows'],
    ['Undo', '/#undo-a-change'],
    ['The report', 'docs/report'],
  ],
  Reference: [
    ['All bots', 'docs/bots'],
    ['Coverage', 'docs/coverage'],
    ['Security', 'docs/security'],
    ['What it costs', 'docs/cost'],
    ['What is proven', 'docs/truth'],
    ['Decisions', 'docs/decisions'],
    ['Contribute', 'CONTRIBUTING'],
  ],
};

export default defineConfig({
  title: 'selfheal',
  description: 'Self-healing security for AWS',
  base: SITE_BASE,
  srcDir: '..',
  srcExclude: ['!(docs)/**/*.md', '!(README|CONTRIBUTING|CHANGELOG).md'],
  rewrites: { 'README.md': 'index.md' },
  cleanUrls: true,
  // Sources: they are links to the repository, see below, and tools/pages.test.ts knows whether they are there.
  ignoreDeadLinks: [
    /\.(ts|mjs|cjs|yml|json|tf|py)$|^\.\/Dockerfile$/,
    /^\.\/(\.\.\/)*(examples|functions|local|shared|terraform|testing)(\/|$)/,
  ],
  markdown: { anchor: { slugify: anchorOf }, config: linkSources },
  themeConfig: {
    search: { provider: 'local' },
    sidebar: sidebar(),
    outline: [2, 3],
    ...(SITE_SOURCES !== undefined && {
      socialLinks: [{ icon: 'github', link: SITE_SOURCES.replace(/\/blob\/.*/, '') }],
    }),
  },
});

/** The anchor of a heading as GitHub makes it: ids of bots keep their underscores. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** A file that is no page is shown by the repository. */
function linkSources(markdown: Parameters<NonNullable<MarkdownOptions['config']>>[0]): void {
  if (SITE_SOURCES === undefined) return;
  const { validateLink } = markdown;
  markdown.core.ruler.push('sources', ({ tokens, env }) => {
    const folder = posix.dirname((env as { relativePath: string }).relativePath);
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? (token.attrGet('href') ?? '') : '';
      if (/^(\w+:|#|\/)|\.md($|#)/.test(href) || href === '' || !validateLink(href)) continue;
      token.attrSet('href', `${SITE_SOURCES}/${posix.join(folder, href)}`);
    }
  });
}

function sidebar(): DefaultTheme.SidebarItem[] {
  const listed = new Set(Object.values(TASKS).flatMap((pages) => pages.map(([, path]) => path)));
  const more = readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md') && !listed.has(`docs/${name.replace('.md', '')}`))
    .map((name): Page => [name.replace('.md', ''), `docs/${name.replace('.md', '')}`]);
  const groups = Object.entries({ ...TASKS, More: more }).map(([text, pages]) => ({
    text,
    items: pages.filter(([, path]) => path.startsWith('/') || existsSync(join(ROOT, `${path}.md`))).map(item),
  }));
  return groups.filter(({ items }) => items.length > 0);
}

function item([text, path]: Page): DefaultTheme.SidebarItem {
  const link = path.startsWith('/') ? path : `/${path}`;
  if (path !== 'docs/bots') return { text, link };
  const services = readdirSync(join(ROOT, 'docs/bots')).map((name) => name.replace('.md', ''));
  return {
    ...{ text, link, collapsed: true },
    items: services.map((service) => ({ text: service, link: `/docs/bots/${service}` })),
  };
}
