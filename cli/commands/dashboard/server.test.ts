import { type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dashboardServer } from './server';

interface Reply {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let port: number;
const failures: unknown[] = [];
const server = dashboardServer({
  token: 'secret',
  policy: "default-src 'none'",
  page: () => Promise.resolve('<h1>page</h1>'),
  data: () => Promise.reject(new Error('AWS is away')),
  failed: (error) => failures.push(error),
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

function ask(
  path: string,
  { host, method = 'GET' }: { host?: string; method?: string } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = { host: host ?? `127.0.0.1:${port}` };
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (reply) => {
      let body = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      reply.on('end', () => {
        resolve({ status: reply.statusCode, headers: reply.headers, body });
      });
    });
    asked.on('error', reject).end();
  });
}

test('the page, with headers that keep it to itself', async () => {
  const { status, headers, body } = await ask('/secret/');
  expect([status, body]).toEqual([200, '<h1>page</h1>']);
  expect(headers).toMatchObject({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  expect(headers).not.toHaveProperty('access-control-allow-origin');
  expect((await ask('/secret/', { host: `localhost:${port}` })).status).toBe(200);
  expect((await ask('/secret/?x=1', { method: 'HEAD' })).body).toBe('');
});

test.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example'])(
  'who calls it %j is another site that was led here',
  async (host) => {
    const { status, body } = await ask('/secret/', { host });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).not.toContain('page');
  },
);

test.each([
  '/',
  '/secret',
  '/secre/',
  '/secret2/',
  '/SECRET/',
  '/secret/../',
  '/secret/x/y',
  '//secret/',
  '/secret/x',
])('nothing is at %s', async (path) => {
  const { status, body } = await ask(path);
  expect([status, body.includes('page')]).toEqual([404, false]);
});

test('it can only be read', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    expect((await ask('/secret/', { method })).status).toBe(405);
  }
});

test('what cannot be read is told in the terminal, not to the page', async () => {
  const { status, body } = await ask('/secret/data.json');
  expect(status).toBe(503);
  expect(body).not.toContain('AWS is away');
  expect(failures).toEqual([expect.objectContaining({ message: 'AWS is away' })]);
});
