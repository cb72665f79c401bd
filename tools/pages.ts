/** The Markdown that users read, taken apart for the tests of it. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

const ROOT = join(dirname(__dirname));

/** A page by its path in the repository. */
export interface Page {
  readonly path: string;
  /** The text without code. */
  readonly prose: string;
  readonly blocks: readonly Block[];
  readonly links: readonly string[];
  /** Where links to the page may lead, as GitHub and the site name it. */
  readonly anchors: ReadonlySet<string>;
}

/** Fenced code. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The line of the page on which it begins, from 1. */
  readonly line: number;
}

/** README, the other pages beside it, and docs/ with its folders. */
export function allPages(): Page[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const paths = docs
    .map((path) => `docs/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md') && !path.startsWith('docs/.vitepress/'));
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...paths.sort()].map((path) =>
    pageOf(path, readFileSync(join(ROOT, path), 'utf8')),
  );
}

/** A page from its source. */
export function pageOf(path: string, source: string): Page {
  const blocks: Block[] = [];
  const text = source.replace(
    /^([ \t]*)(```+|~~~+)[ \t]*([^\n]*)\n([\s\S]*?)^[ \t]*\2[ \t]*$/gm,
    (whole: string, _indent, _fence, language: string, code: string, at: number) => {
      blocks.push({ language: language.trim(), text: code, line: source.slice(0, at).split('\n').length });
      return whole.replace(/[^\n]/g, '');
    },
  );
  const headings = [...text.matchAll(/^#{1,6} +(.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
  const named = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id);
  const prose = text.replace(/(?<!`)(`+)(?!`)(?:(?!\n\n)[\s\S])*?(?<!`)\1(?!`)/g, '');
  const links = [...prose.matchAll(/\]\(([^()\s]*)\)/g)].map(([, link = '']) => link);
  return { path, prose, blocks, links, anchors: new Set([...headings, ...named]) };
}

/** What is wrong with the links of these pages; `isThere` says whether a path of the repository exists. */
export function brokenLinks(pages: readonly Page[], isThere: (path: string) => boolean): string[] {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  return pages.flatMap((page) =>
    page.links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [file = '', anchor] = link.split('#');
        const path = file === '' ? page.path : posix.join(posix.dirname(page.path), file);
        const target = byPath.get(path);
        if (anchor !== undefined && target) return !target.anchors.has(anchor);
        return !isThere(path);
      })
      .map((link) => `${page.path}: ${link}`),
  );
}

function anchorOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}
