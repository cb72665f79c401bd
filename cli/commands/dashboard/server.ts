import { createHash, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';

/** What the dashboard serves. */
export interface Served {
  /** Stands in the address: who has not been given it, another user of the machine say, sees nothing. */
  readonly token: string;
  /** The page's content security policy. */
  readonly policy: string;
  readonly page: () => Promise<string>;
  readonly data: () => Promise<string>;
  /** Told of what could not be read. */
  readonly failed: (error: unknown) => void;
}

/**
 * The dashboard's server, not listening yet. Answers only who calls this machine by its own name: a page elsewhere whose
 * name was made to lead here (DNS rebinding) sends its own name as Host.
 */
export function dashboardServer(served: Served): Server {
  return createServer((request, response) => {
    void answer(served, request, response);
  });
}

async function answer(
  { token, policy, page, data, failed }: Served,
  request: IncomingMessage,
  response: ServerResponse,
) {
  for (const [name, value] of Object.entries(headers(policy))) response.setHeader(name, value);
  const end = (status: number, type: string, body: string) => {
    response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8` });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  if (!isOwnHost(request)) {
    end(421, 'text/plain', 'This address is for this machine alone.\n');
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    end(405, 'text/plain', 'The dashboard can only be read.\n');
    return;
  }
  const [, said = '', file, ...rest] = (request.url ?? '/').split(/[?#]/)[0]?.split('/') ?? [];
  if (!isSame(said, token) || rest.length > 0) {
    end(404, 'text/plain', 'There is nothing here: open the address that npx selfheal dashboard printed.\n');
    return;
  }
  try {
    if (file === '') end(200, 'text/html', await page());
    else if (file === 'data.json') end(200, 'application/json', await data());
    else end(404, 'text/plain', 'There is nothing here.\n');
  } catch (error) {
    failed(error);
    end(503, 'text/plain', 'AWS could not be asked: the terminal says why.\n');
  }
}

function isOwnHost({ headers: { host }, socket: { localPort } }: IncomingMessage): boolean {
  return host === `127.0.0.1:${localPort}` || host === `localhost:${localPort}`;
}

function isSame(said: string, token: string): boolean {
  const [one, other] = [said, token].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

function headers(policy: string): Record<string, string> {
  return {
    'Content-Security-Policy': `${policy}; frame-ancestors 'none'`,
    'Cache-Control': 'no-store',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}
