import { createHmac } from 'node:crypto';
import { SESv2Client, CreateEmailIdentityCommand } from '@aws-sdk/client-sesv2';
import type { NotificationChannel } from '../../../shared/config/notifications';
import { newAccount } from '../../../testing/account';
import { type Answer, OK, PLACE, anAlarm, anEvent } from '../testing';
import { email } from './email';
import { newsOf } from './news';
import { type Service, json, keeping, service, telling } from './testing';

const MARKUP = `<script>|*_~&@here {{outcome}} [a](https://evil.example) **b** ${'x'.repeat(200)}`;
const marked = (over: object = {}) =>
  anEvent({
    target: { account: '111122223333', region: 'eu-west-1', type: 'AWS::S3::Bucket', id: MARKUP },
    violation: MARKUP,
    reason: MARKUP,
    title: MARKUP,
    ...over,
  });
const failedOn = (n: number) =>
  anEvent({
    outcome: 'failed',
    target: { account: '111122223333', region: 'eu-west-1', type: 'AWS::S3::Bucket', id: `b-${n}` },
  });
const many = (n: number) => Array.from({ length: n }, (_, index) => failedOn(index));

interface Kind {
  readonly to: 'teams' | 'webhook' | 'slack';
  readonly usual: Answer;
  readonly secretOf: (url: string) => string;
  readonly channel: (url: string, parameter: string) => NotificationChannel;
}

const KINDS: readonly Kind[] = [
  {
    to: 'teams',
    usual: { status: 202 },
    secretOf: (url) => `${url}/workflows/w?sig=s3cr3t`,
    channel: (_url, parameter) => ({ to: 'teams', parameter }),
  },
  {
    to: 'webhook',
    usual: json(200, {}),
    secretOf: () => 's3cr3t-signing-key',
    channel: (url, parameter) => ({ to: 'webhook', url: `${url}/hook`, parameter }),
  },
  {
    to: 'slack',
    usual: OK,
    secretOf: (url) => `${url}/services/s3cr3t`,
    channel: (_url, parameter) => ({ to: 'slack', parameter }),
  },
];

describe.each(KINDS)('$to', ({ to, usual, secretOf, channel }) => {
  let there: Service;
  beforeEach(async () => {
    there = await service(() => usual);
  });
  afterEach(() => there.close());

  const start = async (over: object = {}) => {
    const parameter = await keeping(secretOf(there.url));
    return telling([{ ...channel(there.url, parameter), ...over }]);
  };
  const asked = () => there.got.splice(0).length;

  test('is sent what is news, and alarms; not what was right already', async () => {
    const { tell } = await start();
    expect(
      await tell(to, [
        anEvent(),
        anEvent({ outcome: 'compliant' }),
        anEvent({ outcome: 'undone' }),
        anAlarm(),
      ]),
    ).toEqual([]);
    expect(asked()).toBe(3);
  });

  test('what comes twice is sent once', async () => {
    const { tell } = await start();
    await tell(to, [anEvent()]);
    await tell(to, [anEvent(), anEvent({ attempt: 2 })]);
    expect(asked()).toBe(2);
  });

  test('only what config.ts asks for', async () => {
    const { tell } = await start({ minSeverity: 'high', accounts: ['111122223333'], outcomes: ['failed'] });
    await tell(to, [
      anEvent(),
      anEvent({ outcome: 'failed', severity: 'low' }),
      anEvent({
        outcome: 'failed',
        target: { account: '999999999999', region: 'eu-west-1', type: 'AWS::S3::Bucket', id: 'b' },
      }),
    ]);
    expect(asked()).toBe(0);
    await tell(to, [anEvent({ outcome: 'failed' })]);
    expect(asked()).toBe(1);
  });

  test.each([401, 403, 404])('%d: said without the secret, and told once it is repaired', async (status) => {
    const { tell, logged } = await start();
    const secret = secretOf(there.url);
    // A proxy may quote the path that it was asked for.
    there.next({ status, body: `no ${secret.replace(there.url, '')}` });
    expect(await tell(to, [failedOn(0), failedOn(1)])).toEqual([0, 1]);
    expect(asked()).toBe(1);
    expect(JSON.stringify(logged)).toContain(` answered ${status}`);
    expect(JSON.stringify(logged)).not.toContain('s3cr3t');
    expect(await tell(to, [failedOn(0), failedOn(1)])).toEqual([]);
    expect(asked()).toBe(2);
  });

  test('a part that was told is not told again when the rest comes back', async () => {
    const { tell } = await start();
    there.next(usual, { status: 403 });
    expect(await tell(to, many(3))).toEqual([1, 2]);
    expect(asked()).toBe(2);
    expect(await tell(to, many(3))).toEqual([]);
    expect(asked()).toBe(2);
  });

  test('429 and 500 are waited out', async () => {
    const { tell } = await start();
    there.next({ status: 429, headers: { 'retry-after': '1' } }, { status: 500 });
    expect(await tell(to, [anEvent()])).toEqual([]);
    expect(asked()).toBe(3);
  });

  test('silence beyond the time of the run: handed back', async () => {
    const { tell } = await start();
    there.next('hang', 'hang', 'hang', 'hang', 'hang');
    expect(await tell(to, [anEvent()], 3000)).toEqual([0]);
  });
});

test.each(['teams', 'slack'] as const)('%s: a flood is one message', async (to) => {
  const kind = KINDS.find((one) => one.to === to);
  const there = await service(() => OK);
  const parameter = await keeping(kind?.secretOf(there.url) ?? '');
  const { tell } = await telling([{ to, parameter } as NotificationChannel]);
  expect(await tell(to, many(8))).toEqual([]);
  expect(there.got).toHaveLength(1);
  expect(there.got[0]?.body).toContain('8 messages at once: 8 failed');
  expect(there.got[0]?.body).toContain('01HXJOURNAL');
  await there.close();
});

describe('teams', () => {
  async function cardOf(event: object): Promise<{ readonly body: readonly object[]; readonly all: string }> {
    const there = await service(() => ({ status: 202 }));
    const { tell } = await telling([{ to: 'teams', parameter: await keeping(`${there.url}/w`) }]);
    await tell('teams', [event]);
    await there.close();
    const { attachments } = there.got[0]?.json as unknown as {
      attachments: { contentType: string; content: { type: string; body: object[] } }[];
    };
    expect(attachments[0]).toMatchObject({
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: { type: 'AdaptiveCard' },
    });
    return { body: attachments[0]?.content.body ?? [], all: there.got[0]?.body ?? '' };
  }

  test('no text of a finding stands where Markdown is read', async () => {
    const { body, all } = await cardOf(marked());
    for (const element of body) expect(element).toMatchObject({ type: 'RichTextBlock' });
    expect(all).toContain('<script>|*_~&@here {{outcome}}');
    expect(all).not.toContain('"entities"');
  });

  test('the largest event fits', async () => {
    const long = '😀<&'.repeat(20_000);
    const calls = Array.from({ length: 60 }, () => ({ action: 'a', input: { long: long.slice(0, 2000) } }));
    const { all } = await cardOf(marked({ violation: long, reason: long, title: long, calls }));
    expect(Buffer.byteLength(all)).toBeLessThan(28 * 1024);
  });
});

describe('webhook', () => {
  async function sent(body?: unknown, event: object = anEvent(), key = 'key') {
    const there = await service(() => json(200, {}));
    const channel = { to: 'webhook', url: `${there.url}/hook`, parameter: await keeping(key) } as const;
    const { tell } = await telling([{ ...channel, ...(body !== undefined && { body }) }], {
      now: () => Date.parse('2026-03-01T10:00:00Z'),
    });
    await tell('webhook', [event]);
    await there.close();
    const [got] = there.got;
    if (!got) throw new Error('nothing was sent');
    return got;
  }

  test('the event, signed with its time', async () => {
    const got = await sent();
    expect(got.json).toEqual(anEvent());
    const time = Date.parse('2026-03-01T10:00:00Z') / 1000;
    const digest = createHmac('sha256', 'key').update(`${time}.${got.body}`).digest('hex');
    expect(got.headers['x-selfheal-signature']).toBe(`t=${time},v1=${digest}`);
    expect(got.headers['x-selfheal-delivery']).toMatch(/^[0-9a-f]{32}$/);
  });

  test('a template: values stay text, whatever they hold, and are no template themselves', async () => {
    const template = {
      text: '{{outcome}}: {{resource}} in {{ accountName }}',
      list: ['{{severity}}', 7, null, { deep: '{{violation}}' }],
      event: '{{event}}',
      none: '{{finding}}',
    };
    const got = await sent(template, marked({ finding: undefined }));
    expect(got.json).toMatchObject({
      text: `fixed: ${MARKUP} in 111122223333`,
      list: ['high', 7, null, { deep: MARKUP }],
      event: { kind: 'selfheal', violation: MARKUP },
      none: null,
    });
  });

  test('quotes and lines in a name do not leave their text', async () => {
    const id = 'a","admin":true,"b":"\n\\';
    const target = { account: '111122223333', region: 'eu-west-1', type: 'AWS::S3::Bucket', id };
    const got = await sent({ text: '{{resource}}' }, anEvent({ target }));
    expect(got.json).toEqual({ text: 'a","admin":true,"b":" \\' });
  });
});

describe('email', () => {
  const until = () => Date.now() + 10_000;

  test('by SES as it is here, text alone', async () => {
    const account = await newAccount();
    const client = account.client(SESv2Client);
    await client.send(new CreateEmailIdentityCommand({ EmailIdentity: 'example.com' }));
    const sent: unknown[] = [];
    const { send } = email({ from: 'selfheal@example.com', recipients: ['team@example.com'] }, 'E-mail', {
      send: (command: { input: unknown }) => {
        sent.push(command.input);
        return client.send(command as never);
      },
    });
    await send([newsOf(marked(), PLACE)], until());
    expect(sent).toEqual([
      {
        FromEmailAddress: 'selfheal@example.com',
        Destination: { ToAddresses: ['team@example.com'] },
        Content: {
          Simple: {
            Subject: {
              Data: expect.stringMatching(/^\[selfheal\] Fixed: <script>[^\n\r]*$/),
              Charset: 'UTF-8',
            },
            Body: { Text: { Data: expect.stringContaining(MARKUP), Charset: 'UTF-8' } },
          },
        },
      },
    ]);
    await send(
      many(3).map((event) => newsOf(event, PLACE)),
      until(),
    );
    expect(JSON.stringify(sent[1])).toContain('3 messages at once: 3 failed');
  });

  test.each(['MessageRejected', 'AccessDeniedException', 'TooManyRequestsException'])(
    '%s is one sentence',
    async (name) => {
      const { send } = email({ from: 'a@example.com', recipients: ['b@example.com'] }, 'E-mail', {
        send: () => Promise.reject(Object.assign(new Error('no'), { name })),
      });
      await expect(send([newsOf(anEvent(), PLACE)], until())).rejects.toThrow(
        `E-mail: SES answered ${name}: no`,
      );
    },
  );
});

test('a queue that config.ts does not know any more keeps its records', async () => {
  const { tell, logged } = await telling([]);
  expect(await tell('gone', [anEvent()])).toEqual([0]);
  expect(logged[0]).toMatchObject({ level: 'error', fields: { queue: 'gone' } });
});
