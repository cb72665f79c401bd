import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { dashboardServer } from '../commands/dashboard/server';
import { reportData } from '../report/build';
import type { ReportData } from '../report/data';
import { type Page as Parts, documentOf, pageParts, policyOf } from '../report/document';
import { entryOf, messageOf, minutesAgo, sourcesOf } from '../report/fixtures/sources';
import { startChromium } from './testing';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const EVIL = `</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">&lt;b&gt;'"`;

let browser: Browser | undefined;
let parts: Parts;
let folder: string;

beforeAll(async () => {
  [browser, parts, folder] = await Promise.all([
    startChromium(),
    pageParts(),
    mkdtemp(path.join(tmpdir(), 'selfheal-page-')),
  ]);
  if (!browser)
    process.stderr.write('The page is not tested: there is no Chromium here. SELFHEAL_CHROMIUM names one.\n');
});

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

const data = reportData(
  sourcesOf({
    entries: Array.from({ length: 60 }, (_, index) => {
      const id = String(index);
      return entryOf(id, {
        startedAt: minutesAgo(20 + index * 300),
        target: {
          ...{ account: index % 3 === 0 ? '444455556666' : '111122223333', region: 'eu-west-1' },
          ...{ type: 'AWS::KMS::Key', id: `key-${id}` },
        },
        ...(index === 7 && { status: 'failed', reason: `AccessDenied ${EVIL}` }),
        ...(index === 9 && { status: 'held', reason: 'the key is to be deleted' }),
      });
    }),
    queue: {
      waiting: 2,
      messages: [
        messageOf('a1'),
        messageOf('b1', {
          target: {
            ...{ account: '111122223333', region: 'eu-west-1' },
            ...{ type: 'AWS::EC2::SecurityGroup', id: 'sg-0b1' },
          },
          finding: { source: EVIL.slice(0, 60), id: EVIL, time: minutesAgo(3), title: EVIL },
          preview: { violation: EVIL, calls: [{ action: EVIL, input: { [EVIL]: EVIL } }] },
        }),
      ],
    },
    setAside: 1,
  }),
);

/** Opens the report in a window of its own; fails the test for what it asks of anybody, and for errors. */
async function opened(options: BrowserContextOptions, use: (page: Page) => Promise<void>, document = data) {
  if (!browser) return;
  const file = path.join(folder, `${Math.random()}.html`);
  await writeFile(file, documentOf(document, parts));
  await visited(
    browser,
    `file://${file}`,
    options,
    use,
    (url) => url === `file://${file}` || url.startsWith('data:'),
  );
}

async function visited(
  chromium: Browser,
  url: string,
  options: BrowserContextOptions,
  use: (page: Page) => Promise<void>,
  isAllowed: (url: string) => boolean,
) {
  const context = await chromium.newContext(options);
  const wrong: string[] = [];
  context.on('request', (request) => {
    if (!isAllowed(request.url().replace(/#.*/, ''))) wrong.push(request.url());
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => wrong.push(message.text()));
  try {
    await page.goto(url);
    await use(page);
    expect(wrong).toEqual([]);
  } finally {
    await context.close();
  }
}

const DESK = { viewport: { width: 1280, height: 900 } };
/** Axe looks at every element with every rule: a page of them takes it half a minute. */
const few: ReportData = { ...data, items: data.items.slice(0, 10) };
const PHONE = { viewport: { width: 360, height: 740 } };
const found = (page: Page) => page.locator('.found [role=status]');
const rows = (page: Page) => page.locator('.faults > tbody');

describe.each([
  ['light', DESK],
  ['dark', DESK],
  ['light', PHONE],
  ['dark', PHONE],
] as const)('%s, %j', (colorScheme, size) => {
  test('axe finds nothing, and nothing is wider than the page', async () => {
    await opened(
      { ...size, colorScheme },
      async (page) => {
        await page.locator('.more').nth(0).click();
        await page.locator('.more').nth(3).click();
        await page.locator('summary').click();
        await page.evaluate(AXE);
        const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 120))])).toEqual(
          [],
        );
        expect(passes.length).toBeGreaterThan(30);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
          size.viewport.width,
        );
      },
      few,
    );
  });
});

test('filters, search, pages and the address', async () => {
  await opened(DESK, async (page) => {
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('2 faults need a person');
    expect(await found(page).textContent()).toBe('62 faults; 1 to 50 shown.');
    expect(await rows(page).count()).toBe(50);
    await page.getByRole('button', { name: 'Older' }).click();
    expect(await found(page).textContent()).toBe('62 faults; 51 to 62 shown.');

    await page.getByRole('button', { name: /^Failed/ }).click();
    expect(await found(page).textContent()).toBe('1 of 62 faults.');
    expect(new URL(page.url()).hash).toBe('#state=failed');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    expect(await rows(page).count()).toBe(50);

    await page.locator('.tools label', { hasText: 'Account' }).locator('select').selectOption('444455556666');
    await page.getByLabel('Order').selectOption('resource');
    expect(await found(page).textContent()).toBe('20 of 62 faults.');
    expect(await rows(page).first().textContent()).toContain('key-0');
    await page.getByLabel('Search').fill('KEY-21 rotate');
    expect(await found(page).textContent()).toBe('1 of 62 faults.');
    const address = page.url();
    await page.goto('about:blank');
    await page.goto(address);
    expect(await found(page).textContent()).toBe('1 of 62 faults.');
    await page.getByLabel('Search').fill('no such thing');
    expect(await found(page).textContent()).toBe('No fault matches.');

    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('radio', { name: 'Severity' }).click();
    await page.getByRole('button', { name: 'high', exact: true }).click();
    expect(await found(page).textContent()).toBe('2 of 62 faults.');
  });
});

test('by keyboard alone', async () => {
  await opened(DESK, async (page) => {
    const focused = () => page.evaluate(() => document.activeElement?.textContent.trim() ?? '');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the faults');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('Faults and repairs');
    await page.keyboard.press('/');
    await page.keyboard.type('key-3 ');
    expect(await page.getByLabel('Search').inputValue()).toBe('key-3 ');
    await page.getByLabel('Search').fill('key-30');
    const more = page.getByRole('button', { name: /^Details of kms_enable_rotation on key-30/ });
    await more.focus();
    await page.keyboard.press('Enter');
    expect(await more.getAttribute('aria-expanded')).toBe('true');
    const details = page.locator('.details');
    expect(await details.innerText()).toMatch(/kms:EnableKeyRotation[^]*rotates: false → true/);
    expect(await details.innerText()).toContain(
      'npx selfheal undo kms_enable_rotation/30 --region eu-west-1',
    );
    await page.keyboard.press('Space');
    expect(await details.count()).toBe(0);
  });
});

test('markup in names and texts is shown, and never obeyed', async () => {
  await opened(DESK, async (page) => {
    await page.getByRole('button', { name: /^Details of sg_close_ports on sg-0b1/ }).click();
    expect(await page.locator('.violation', { hasText: 'window.hacked' }).first().textContent()).toBe(EVIL);
    expect(await page.locator('.calls code').textContent()).toBe(EVIL);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.locator('img').count()).toBe(0);
  });
});

test('the policy lets nothing else run and nothing leave', async () => {
  if (!browser) return;
  const file = path.join(folder, 'policy.html');
  await writeFile(file, documentOf(data, parts));
  const page = await browser.newPage();
  const asked: (string | undefined)[] = [];
  page.on('requestfailed', (request) => asked.push(request.failure()?.errorText));
  page.on('requestfinished', (request) => asked.push(request.url()));
  await page.goto(`file://${file}`);
  const refused = await page.evaluate(async () => {
    const refusals: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
      refusals.push(effectiveDirective),
    );
    const script = document.createElement('script');
    script.textContent = 'window.hacked = 1';
    const style = document.createElement('style');
    style.textContent = 'body { display: none }';
    document.body.append(script, style);
    await fetch('http://127.0.0.1:9/').catch(() => undefined);
    const image = new Image();
    image.src = 'http://127.0.0.1:9/';
    document.body.append(image);
    await new Promise((resolve) => setTimeout(resolve, 200));
    return refusals.sort();
  });
  expect(refused).toEqual(['connect-src', 'img-src', 'script-src-elem', 'style-src-elem']);
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(asked.filter((said) => !/^(file|data):/.test(said ?? ''))).toEqual(['csp']);
  await page.close();
});

test('light and dark by the system and by choice', async () => {
  const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await opened({ ...DESK, colorScheme: 'dark' }, async (page) => {
    const dark = await ground(page);
    await page.getByRole('radio', { name: 'Light' }).click();
    const light = await ground(page);
    expect(light).not.toBe(dark);
    await page.reload();
    expect(await ground(page)).toBe(light);
    await page.getByRole('radio', { name: 'Auto' }).click();
    expect(await ground(page)).toBe(dark);
  });
});

test('the dashboard keeps itself up to date, and says when nobody answers', async () => {
  if (!browser) return;
  let now: ReportData = data;
  const server = dashboardServer({
    token: 'secret',
    policy: policyOf(parts, true),
    page: () => Promise.resolve(documentOf(now, parts, { everySeconds: 0.2 })),
    data: () => Promise.resolve(JSON.stringify(now)),
    failed: () => undefined,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret/`;
  const page = await browser.newPage();
  try {
    await page.goto(url);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('2 faults need a person');
    now = reportData(sourcesOf({ entries: [entryOf('1'), entryOf('2')] }));
    await page.getByText('All 2 faults found are fixed').waitFor({ timeout: 10_000 });
    server.close();
    server.closeAllConnections();
    await page.getByText('The dashboard does not answer').waitFor({ timeout: 10_000 });
  } finally {
    await page.close();
    server.close();
    server.closeAllConnections();
  }
});
