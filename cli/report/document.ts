import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build, transform } from 'esbuild';
import { ROOT } from '../../deploy/config-path.cjs';
import type { ReportData } from './data';

/** The parts of the page that are the same for all data: its program and its look. */
export interface Page {
  readonly script: string;
  readonly style: string;
}

/** How the page is used. */
export interface Use {
  /** Served: newer data is asked for so often. */
  readonly everySeconds?: number;
}

const SOURCES = path.join(ROOT, 'cli', 'report-page');
/** Browsers of 2024: the page's colours need CSS' light-dark(). */
const TARGETS = ['chrome123', 'firefox121', 'safari17.5'];

/** Bundles the page. */
export async function pageParts(): Promise<Page> {
  const [bundle, css] = await Promise.all([
    build({
      entryPoints: [path.join(SOURCES, 'main.tsx')],
      ...{ bundle: true, minify: true, write: false, format: 'iife', target: TARGETS, legalComments: 'none' },
      tsconfig: path.join(SOURCES, 'tsconfig.json'),
      logLevel: 'silent',
    }),
    readFile(path.join(SOURCES, 'page.css'), 'utf8').then((text) =>
      transform(text, { loader: 'css', minify: true, target: TARGETS }),
    ),
  ]);
  return { script: bundle.outputFiles[0]?.text.trim() ?? '', style: css.code.trim() };
}

/**
 * The whole page as one file, the data in it. It may ask nobody for anything: its content security policy allows this
 * script and this style alone, by their digests, and where it is served its own address.
 */
export function documentOf(data: ReportData, { script, style }: Page, { everySeconds }: Use = {}): string {
  const { account, region } = data.installation;
  return [
    '<!doctype html>',
    `<html lang="en"${everySeconds === undefined ? '' : ` data-live="${everySeconds}"`}>`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policyOf({ script, style }, everySeconds !== undefined)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="robots" content="noindex">',
    '<meta name="color-scheme" content="light dark">',
    `<title>selfheal: ${escaped(account)} in ${escaped(region)}</title>`,
    `<link rel="icon" href="${ICON}">`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<div id="app"></div>',
    '<noscript><p>This page needs JavaScript. <code>npx selfheal report --json</code> prints the same as data.</p></noscript>',
    `<script type="application/json" id="data">${harmless(data)}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** What the page may load, run and ask for. */
export function policyOf({ script, style }: Page, isLive: boolean): string {
  return [
    "default-src 'none'",
    `script-src ${digestOf(script)}`,
    `style-src ${digestOf(style)}`,
    'img-src data:',
    ...(isLive ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function digestOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The same JSON without anything that could end the element that it stands in, or begin another. */
function harmless(data: ReportData): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M12 2.2l8 3v6.1c0 5-3.3 8.7-8 10.5-4.7-1.8-8-5.5-8-10.5V5.2z" fill="#17693b"/><path d="M8.2 12.1l2.7 2.7 5-5.2" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/></svg>',
)}`;
