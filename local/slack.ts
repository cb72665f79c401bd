import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** One message as the webhook got it. */
export interface SlackMessage {
  receivedAt: string;
  path: string;
  body: Record<string, unknown>;
}

/** What a test makes the next request meet instead of Slack's own answer. */
export interface SlackFailure {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Never answer. */
  hang?: boolean;
}

/** A button of a message. */
export interface SlackButton {
  action_id: string;
  value: string;
  label: string;
}

/** The app behind the buttons. */
export interface SlackApp {
  signingSecret: string;
  send(request: { headers: Record<string, string>; body: string }): Promise<{ statusCode: number }>;
}

/** Who presses where nobody is named. */
const SOMEBODY = { id: 'U0DEMO0001', username: 'alice' };

/** A stand-in for Slack's incoming webhooks, and for the buttons of their messages. */
export interface LocalSlack {
  /** Where to post, shaped as Slack's own. */
  webhookUrl: string;
  /** GET answers with everything received, as JSON. */
  messagesUrl: string;
  messages: SlackMessage[];
  /** The buttons of all messages, the oldest first. */
  buttons(): SlackButton[];
  /** Where presses go: the request URL of the app. Without one they go nowhere. */
  connect(app: SlackApp): void;
  /** Presses a button as somebody in the channel does; answers with the status that the app gave. */
  press(button: SlackButton, user?: { id: string; username: string }): Promise<number>;
  /** The next requests meet these, one each, in this order. */
  fail(failures: SlackFailure[]): void;
  stop(): Promise<void>;
}

/** Starts the stand-in on the loopback address; port 0, the default, takes a free one. */
export async function startSlack(options: { port?: number } = {}): Promise<LocalSlack> {
  const messages: SlackMessage[] = [];
  const failures: SlackFailure[] = [];
  let app: SlackApp | undefined;
  const press = async (button: SlackButton, user = SOMEBODY): Promise<number> => {
    if (!app) return 404;
    const { statusCode } = await app.send(signed(app.signingSecret, button, user, `${url}/actions/answer`));
    return statusCode;
  };
  const server = http.createServer((request, response) => {
    void answer(request, response, { messages, failures, press });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    webhookUrl: `${url}/services/T00000000/B00000000/selfheal`,
    messagesUrl: `${url}/messages`,
    messages,
    buttons: () => buttonsIn(messages),
    connect: (behind) => {
      app = behind;
    },
    press,
    fail: (next) => {
      failures.push(...next);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

interface Desk {
  messages: SlackMessage[];
  failures: SlackFailure[];
  press: LocalSlack['press'];
}

function buttonsIn(messages: readonly SlackMessage[]): SlackButton[] {
  return messages.flatMap(({ body }) => {
    const blocks = Array.isArray(body.blocks) ? body.blocks : [];
    return blocks.filter(isRecord).flatMap(({ type, elements }) => {
      if (type !== 'actions' || !Array.isArray(elements)) return [];
      return elements.filter(isRecord).map(({ action_id: action, value, text: label }) => ({
        action_id: String(action),
        value: String(value),
        label: isRecord(label) ? String(label.text) : '',
      }));
    });
  });
}

/** A press as Slack posts it. Source: Slack, Verifying requests from Slack; block_actions payload. */
function signed(
  secret: string,
  { action_id, value }: SlackButton,
  user: { id: string; username: string },
  response_url: string,
) {
  const payload = { type: 'block_actions', user, response_url, actions: [{ action_id, value }] };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${digest}`,
    },
    body,
  };
}

async function answer(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  { messages, failures, press }: Desk,
): Promise<void> {
  const body = await text(request);
  if (request.method === 'POST' && request.url?.startsWith('/press/')) {
    const [action = '', ...words] = request.url.slice('/press/'.length).split('/');
    const id = decodeURIComponent(words.join('/'));
    const button = buttonsIn(messages).find(
      (one) => one.action_id === `selfheal_${action}` && (JSON.parse(one.value) as { id: string }).id === id,
    );
    response.writeHead(button ? await press(button) : 404, PLAIN).end(button ? 'pressed' : 'no such button');
    return;
  }
  if (request.method === 'GET' && request.url === '/messages') {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(messages));
    return;
  }
  const isPost = request.method === 'POST' && /^\/(services|actions)\//.test(request.url ?? '');
  if (!isPost || request.url === undefined) {
    response.writeHead(404, PLAIN).end('no_service');
    return;
  }
  const failure = failures.shift();
  if (failure?.hang) return;
  if (failure) {
    response.writeHead(failure.status ?? 500, { ...PLAIN, ...failure.headers }).end(failure.body ?? 'failed');
    return;
  }
  const fault = faultOf(body);
  if (fault) {
    response.writeHead(400, PLAIN).end(fault);
    return;
  }
  const parsed = JSON.parse(body) as Record<string, unknown>;
  messages.push({ receivedAt: new Date().toISOString(), path: request.url, body: parsed });
  response.writeHead(200, PLAIN).end('ok');
}

/**
 * What Slack would refuse a message for, in Slack's own word; `undefined`: it is accepted.
 * The limits are those of https://docs.slack.dev/reference/block-kit/blocks
 */
export function faultOf(body: string): string | undefined {
  const message = parse(body);
  if (!message) return 'invalid_payload';
  const blocks = message.blocks;
  if (message.text === undefined && blocks === undefined && message.attachments === undefined)
    return 'no_text';
  if (typeof message.text === 'string' && message.text.length > 40_000) return 'msg_too_long';
  if (blocks === undefined) return undefined;
  if (!Array.isArray(blocks) || blocks.length > 50) return 'invalid_blocks';
  return blocks.every(fits) ? undefined : 'invalid_blocks';
}

function fits(block: unknown): boolean {
  if (!isRecord(block)) return false;
  switch (block.type) {
    case 'header':
      return shortEnough(block.text, 150);
    case 'section':
      return (
        (block.text !== undefined || block.fields !== undefined) &&
        (block.text === undefined || shortEnough(block.text, 3_000)) &&
        allOf(block.fields, 10, (field) => shortEnough(field, 2_000))
      );
    case 'context':
      return (
        block.elements !== undefined && allOf(block.elements, 10, (element) => shortEnough(element, 3_000))
      );
    case 'actions':
      return block.elements !== undefined && allOf(block.elements, 25, isRecord);
    default:
      return typeof block.type === 'string';
  }
}

function shortEnough(value: unknown, limit: number): boolean {
  if (!isRecord(value)) return false;
  if (value.type === 'image') return true;
  return typeof value.text === 'string' && value.text.length > 0 && value.text.length <= limit;
}

function allOf(value: unknown, limit: number, check: (each: unknown) => boolean): boolean {
  return value === undefined || (Array.isArray(value) && value.length <= limit && value.every(check));
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function text(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const PLAIN = { 'content-type': 'text/plain' };
