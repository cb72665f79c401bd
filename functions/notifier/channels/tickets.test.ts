import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { NotificationChannel } from '../../../shared/config/notifications';
import { type Answer, anAlarm, anEvent } from '../testing';
import { type Got, type Service, json, keeping, service, telling } from './testing';

const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
const held = (minute = 0, over: object = {}) =>
  anEvent({ outcome: 'held', reason: 'a person must act', time: at(minute), calls: [], ...over });
const fixed = (minute = 9, over: object = {}) => anEvent({ outcome: 'fixed', time: at(minute), ...over });

const SECRET = 'bot@example.com:s3cr3t-token';

interface Kind {
  readonly to: 'jira' | 'servicenow' | 'pagerduty';
  /** As the service answers when all is well. */
  readonly usual: (got: Got) => ReturnType<typeof json>;
  readonly channel: (url: string, parameter: string) => NotificationChannel;
  /** What a request is, in a word. */
  readonly word: (got: Got) => string;
  /** The words of opening, commenting and closing. */
  readonly opening: readonly string[];
  readonly writing: readonly string[];
  readonly closing: readonly string[];
}

const KINDS: readonly Kind[] = [
  {
    to: 'jira',
    channel: (url, parameter) => ({ to: 'jira', url, parameter, project: 'SEC', issueType: 'Bug' }),
    usual: ({ method, path }) => {
      if (path.includes('/search/jql')) return json(200, { issues: [] });
      if (path.includes('?fields=status')) {
        return json(200, { fields: { status: { statusCategory: { key: 'new' } } } });
      }
      if (path.endsWith('/transitions') && method === 'GET') {
        return json(200, {
          transitions: [
            { id: '11', name: 'Start', to: { statusCategory: { key: 'indeterminate' } } },
            { id: '31', name: 'Done', to: { statusCategory: { key: 'done' } } },
          ],
        });
      }
      return json(201, { id: '10000', key: 'SEC-1' });
    },
    word: ({ method, path }) => {
      if (path.includes('/search/jql')) return 'find';
      if (path.includes('?fields=status')) return 'look';
      if (path.endsWith('/comment')) return 'comment';
      if (path.endsWith('/transitions')) return method === 'GET' ? 'ways' : 'close';
      return 'create';
    },
    opening: ['create'],
    writing: ['comment'],
    closing: ['look', 'ways', 'close', 'comment'],
  },
  {
    to: 'servicenow',
    channel: (url, parameter) => ({ to: 'servicenow', url, parameter }),
    usual: ({ method }) =>
      method === 'GET' ? json(200, { result: [] }) : json(201, { result: { sys_id: 'abc123' } }),
    word: ({ method, json: body }) => {
      if (method === 'GET') return 'find';
      if (method === 'POST') return 'create';
      return 'state' in body ? 'close' : 'comment';
    },
    opening: ['find', 'create'],
    writing: ['comment'],
    closing: ['close'],
  },
  {
    to: 'pagerduty',
    channel: (url, parameter) => ({ to: 'pagerduty', url, parameter }),
    usual: () => json(202, { status: 'success' }),
    word: ({ json: body }) => String(body.event_action),
    opening: ['trigger'],
    writing: ['trigger'],
    closing: ['resolve'],
  },
];

describe.each(KINDS)('$to', ({ to, channel, usual, word, opening, writing, closing }) => {
  let there: Service;
  let parameter: string;
  beforeAll(async () => {
    parameter = await keeping(SECRET);
  });
  beforeEach(async () => {
    there = await service(usual);
  });
  afterEach(() => there.close());

  const start = (over: object = {}) => telling([{ ...channel(there.url, parameter), ...over }]);
  const words = () => there.got.splice(0).map(word);

  test('one ticket a fault: opened, written on while it is open, closed when it is fixed', async () => {
    const { tell } = await start();
    expect(await tell(to, [held(0)])).toEqual([]);
    expect(words()).toEqual(opening);
    expect(
      await tell(to, [held(1, { reason: 'still' }), anEvent({ outcome: 'planned', time: at(2) })]),
    ).toEqual([]);
    expect(words()).toEqual([...writing, ...writing]);
    expect(await tell(to, [fixed(3)])).toEqual([]);
    expect(words()).toEqual(closing);
    // It came back: a new ticket.
    await tell(to, [held(4)]);
    expect(words()).toEqual(opening);
  });

  test.each(['fixed', 'compliant', 'gone', 'exempt', 'declined', 'undone'] as const)(
    '%s closes what is open, and opens nothing',
    async (outcome) => {
      const { tell } = await start();
      await tell(to, [anEvent({ outcome, time: at(0) })]);
      expect(words()).toEqual([]);
      await tell(to, [held(1), anEvent({ outcome, time: at(2) })]);
      expect(words()).toEqual([...opening, ...closing]);
    },
  );

  test.each(['failed', 'held', 'unverified', 'planned', 'dead-lettered'] as const)(
    '%s opens one',
    async (outcome) => {
      const { tell } = await start();
      await tell(to, [anEvent({ outcome })]);
      expect(words()).toEqual(opening);
    },
  );

  test('what waits for AWS opens none', async () => {
    const { tell } = await start();
    await tell(to, [anEvent({ outcome: 'waiting', time: at(0) })]);
    expect(words()).toEqual([]);
  });

  test('what comes twice is told once; another resource or bot has its own', async () => {
    const { tell } = await start();
    await tell(to, [held(0), held(0)]);
    await tell(to, [held(0)]);
    expect(words()).toEqual(opening);
    await tell(to, [fixed(1)]);
    await tell(to, [fixed(1)]);
    expect(words()).toEqual(closing);
    const target = { account: '111122223333', region: 'eu-west-1', type: 'AWS::S3::Bucket', id: 'b' };
    await tell(to, [held(2, { target }), held(2, { bot: 'sg_delete' })]);
    expect(words()).toEqual([...opening, ...opening]);
  });

  test('news that comes late opens nothing that is settled, and settles nothing that came after', async () => {
    const { tell } = await start();
    await tell(to, [fixed(5)]);
    await tell(to, [held(3)]);
    expect(words()).toEqual([]);
    await tell(to, [held(7)]);
    expect(words()).toEqual(opening);
    await tell(to, [fixed(6)]);
    expect(words()).toEqual([]);
  });

  test('while one run is at it, another leaves the fault alone, and its record comes back', async () => {
    const patient = await telling([channel(there.url, parameter)], { timeoutMs: 2000 });
    there.next('hang');
    const first = patient.tell(to, [held(0)]);
    while (there.got.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await patient.tell(to, [held(0)])).toEqual([0]);
    expect(await first).toEqual([]);
    expect(words().filter((one) => one === opening.at(-1))).toHaveLength(opening.length === 1 ? 2 : 1);
  });

  test.each([401, 403, 404])('%d: one clear sentence, and the records come back', async (status) => {
    const { tell, logged } = await start();
    there.next(json(status, { message: `no: ${SECRET}` }));
    expect(await tell(to, [held(0), held(1, { bot: 'sg_delete' }), held(2, { bot: 'x' })])).toEqual([
      0, 1, 2,
    ]);
    expect(there.got).toHaveLength(1);
    const [said] = logged.filter(({ level }) => level === 'error');
    expect(said).toMatchObject({
      fields: { channel: to, reason: expect.stringContaining(` answered ${status} `) },
    });
    expect(said?.fields.reason).toContain(`aws ssm put-parameter --name ${parameter} --type SecureString`);
    expect(JSON.stringify(logged)).not.toMatch(/s3cr3t/);
    // Repaired, it is told, and once.
    there.got.length = 0;
    expect(await tell(to, [held(0)])).toEqual([]);
    expect(words().filter((one) => opening.includes(one) && one !== 'find')).toEqual(
      opening.filter((one) => one !== 'find'),
    );
  });

  test('429: waited for as long as it says', async () => {
    const { tell, waited } = await start();
    there.next(json(429, {}, { 'retry-after': '7' }));
    expect(await tell(to, [held(0)])).toEqual([]);
    expect(waited).toEqual([7000]);
    expect(words().slice(1)).toEqual(expect.arrayContaining([opening.at(-1)]));
  });

  test('429 beyond the time of the run: handed back', async () => {
    const { tell, logged } = await start();
    there.next(json(429, {}, { 'retry-after': '600' }));
    expect(await tell(to, [held(0)])).toEqual([0]);
    expect(there.got).toHaveLength(1);
    expect(JSON.stringify(logged)).toContain('asks to wait 600 s');
  });

  test.each<[string, Answer]>([
    ['500', json(500, {})],
    ['silence', 'hang'],
  ])('%s: tried again', async (_name, answer) => {
    const { tell } = await start();
    there.next(answer);
    expect(await tell(to, [held(0)])).toEqual([]);
    expect(words().at(-1)).toBe(opening.at(-1));
    await tell(to, [fixed(1)]);
    expect(words()).toEqual(closing);
  });

  test('down: handed back after a few tries, the rest without asking', async () => {
    const { tell } = await start();
    there.next(...Array.from({ length: 3 }, () => json(503, {})));
    expect(await tell(to, [held(0), held(1, { bot: 'sg_delete' })])).toEqual([0, 1]);
    expect(there.got).toHaveLength(3);
  });

  test('nobody there: handed back', async () => {
    const { tell, logged } = await start();
    await there.close();
    expect(await tell(to, [held(0)])).toEqual([0]);
    expect(JSON.stringify(logged)).toMatch(/did not answer: .*(ECONNREFUSED|fetch failed)/);
  });

  test('a message that it does not take keeps no other from being told', async () => {
    const { tell } = await start();
    for (const name of opening.slice(0, -1)) expect(name).toBe('find');
    there.next(...opening.slice(0, -1).map(() => json(200, { result: [] })), json(400, { errors: ['no'] }));
    expect(await tell(to, [held(0), held(1, { bot: 'sg_delete' })])).toEqual([0]);
    expect(words().at(-1)).toBe(opening.at(-1));
  });

  test('only what config.ts asks for opens a ticket, and each is closed', async () => {
    const { tell } = await start({
      minSeverity: 'critical',
      accounts: ['111122223333'],
      outcomes: ['failed'],
    });
    await tell(to, [
      held(0, { severity: 'critical' }),
      anEvent({ outcome: 'failed', severity: 'high', time: at(1) }),
    ]);
    expect(words()).toEqual([]);
    await tell(to, [anEvent({ outcome: 'failed', severity: 'critical', time: at(2) })]);
    expect(words()).toEqual(opening);
    await tell(to, [fixed(3, { severity: 'low' })]);
    expect(words()).toEqual(closing);
  });

  test('alarms, and what nobody can read, are let go', async () => {
    const { tell, logged } = await start();
    expect(await tell(to, [anAlarm(), 'no JSON', { kind: 'selfheal' }])).toEqual([]);
    expect(words()).toEqual([]);
    expect(logged.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });

  test('256 characters of markup are text', async () => {
    const { tell } = await start();
    const name = `<script>alert(1)</script>|*_~&@here {{x}} [code]<b>[/code] "\n${'x'.repeat(200)}`;
    const target = { account: '111122223333', region: 'eu-west-1', type: 'AWS::S3::Bucket', id: name };
    expect(await tell(to, [held(0, { target, violation: name, reason: name })])).toEqual([]);
    const { body, json: sent } = there.got.at(-1) ?? { body: '', json: {} };
    expect(body).toContain('<script>alert(1)</script>|*_~&@here {{x}}');
    expect(JSON.parse(JSON.stringify(sent))).toEqual(JSON.parse(body));
  });
});

describe('jira', () => {
  const [kind] = KINDS;
  const at404 = json(404, { errorMessages: ['Issue does not exist'] });
  async function start(over: object = {}) {
    if (!kind) throw new Error('no kind');
    const there = await service(kind.usual);
    const parameter = await keeping(SECRET);
    const channel = { ...kind.channel(there.url, parameter), ...over };
    return { there, ...(await telling([channel])), words: () => there.got.splice(0).map(kind.word) };
  }

  test('signs in, and says project, type, label and text in nodes', async () => {
    const { there, tell } = await start({ fields: { priority: { name: 'High' }, labels: ['cloud'] } });
    await tell('jira', [held(0)]);
    const [got] = there.got;
    expect(got).toMatchObject({
      method: 'POST',
      path: '/rest/api/3/issue',
      headers: { authorization: `Basic ${Buffer.from(SECRET).toString('base64')}` },
      json: {
        fields: {
          project: { key: 'SEC' },
          issuetype: { name: 'Bug' },
          priority: { name: 'High' },
          summary: 'Held: Close ports that are open to the world (sg-0a1b2c3d)',
          labels: ['selfheal', expect.stringMatching(/^selfheal-[0-9a-f]{32}$/), 'cloud'],
          description: { type: 'doc', version: 1 },
        },
      },
    });
    const texts = JSON.stringify(got?.json).match(/"text":"[^"]*"/g) ?? [];
    expect(texts).toContain('"text":"port 22 is open to 0.0.0.0/0"');
    expect(texts).toContain('"text":"Why: a person must act"');
    await there.close();
  });

  test('an issue that was made although nobody said so is found, and not made twice', async () => {
    const { there, tell, words } = await start();
    there.next('hang', json(200, { issues: [{ key: 'SEC-7' }] }));
    expect(await tell('jira', [held(0)])).toEqual([]);
    expect(words()).toEqual(['create', 'find']);
    await tell('jira', [held(1)]);
    expect(there.got[0]?.path).toBe('/rest/api/3/issue/SEC-7/comment');
    await there.close();
  });

  test('so it is after a run that did not come to an end', async () => {
    const { there, tell, words } = await start();
    there.next(json(401, {}));
    await tell('jira', [held(0)]);
    words();
    there.next(json(200, { issues: [{ key: 'SEC-7' }] }));
    await tell('jira', [held(0)]);
    expect(words()).toEqual(['find']);
    await there.close();
  });

  test('an issue that is gone is no ticket: the fault gets another, or none where it is settled', async () => {
    const { there, tell, words } = await start();
    await tell('jira', [held(0)]);
    words();
    there.next(at404);
    await tell('jira', [held(1)]);
    expect(words()).toEqual(['comment', 'create']);
    there.next(at404);
    expect(await tell('jira', [fixed(2)])).toEqual([]);
    expect(words()).toEqual(['look']);
    await there.close();
  });

  test('an issue that a person has closed is only written on', async () => {
    const { there, tell, words } = await start();
    await tell('jira', [held(0)]);
    words();
    there.next(json(200, { fields: { status: { statusCategory: { key: 'done' } } } }));
    await tell('jira', [fixed(1)]);
    expect(words()).toEqual(['look', 'comment']);
    await there.close();
  });

  test('where no transition leads to the end, that is said, with those that there are', async () => {
    const { there, tell, logged } = await start({ closeWith: 'Resolve' });
    await tell('jira', [held(0)]);
    expect(await tell('jira', [fixed(1)])).toEqual([0]);
    expect(JSON.stringify(logged)).toContain('no transition is called Resolve (there are: Start, Done)');
    await there.close();
  });

  test('a page in place of an answer is none', async () => {
    const { there, tell } = await start();
    there.next(
      { status: 200, body: '<html>' },
      { status: 200, body: '<html>' },
      { status: 200, body: '<html>' },
    );
    expect(await tell('jira', [held(0)])).toEqual([0]);
    there.next({ status: 302, headers: { location: 'https://example.com/login' } });
    expect(await tell('jira', [held(0)])).toEqual([0]);
    await there.close();
  });

  test('a new token is taken up when the old one is refused', async () => {
    const { there } = await start();
    const parameter = await keeping('old');
    const second = await telling([
      { to: 'jira', url: there.url, parameter, project: 'SEC', issueType: 'Bug' },
    ]);
    await second.tell('jira', [held(0)]);
    const Value = 'new-token';
    await new SSMClient({}).send(
      new PutParameterCommand({ Name: parameter, Type: 'SecureString', Value, Overwrite: true }),
    );
    there.got.length = 0;
    there.next(json(401, {}));
    expect(await second.tell('jira', [held(1)])).toEqual([]);
    expect(there.got.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new-token']);
    await there.close();
  });
});

describe('servicenow', () => {
  const kind = KINDS[1];
  async function start(over: object = {}) {
    if (!kind) throw new Error('no kind');
    const there = await service(kind.usual);
    const channel = { ...kind.channel(there.url, await keeping(SECRET)), ...over };
    return { there, ...(await telling([channel])) };
  }

  test('an active record of the fault is taken, and what it shows as HTML is dead', async () => {
    const { there, tell } = await start();
    there.next(json(200, { result: [{ sys_id: 'known' }] }));
    await tell('servicenow', [held(0)]);
    expect(there.got.map(({ method }) => method)).toEqual(['GET']);
    expect(decodeURIComponent(there.got[0]?.path ?? '')).toMatch(
      /\/api\/now\/table\/incident\?sysparm_query=correlation_id=selfheal-[0-9a-f]{32}\^active=true/,
    );
    await tell('servicenow', [held(1, { reason: '[code]<script>[/CODE]' })]);
    expect(there.got[1]).toMatchObject({ method: 'PATCH', path: '/api/now/table/incident/known' });
    expect(there.got[1]?.json.work_notes).toContain('[ code]<script>[/ CODE]');
    await there.close();
  });

  test('closing says what config.ts says', async () => {
    const { there, tell } = await start({ table: 'sn_si_incident', closeWith: { state: '3' } });
    await tell('servicenow', [held(0), fixed(1)]);
    expect(there.got.at(-1)).toMatchObject({
      path: '/api/now/table/sn_si_incident/abc123',
      json: { state: '3', close_notes: expect.stringMatching(/^Fixed: /) },
    });
    await there.close();
  });
});

test('pagerduty: a bot at work acknowledges, all under one key', async () => {
  const there = await service(() => json(202, {}));
  const parameter = await keeping('R0UT1NGK3Y');
  const { tell } = await telling([{ to: 'pagerduty', url: there.url, parameter }]);
  await tell('pagerduty', [held(0), anEvent({ outcome: 'waiting', time: at(1) }), fixed(2)]);
  expect(there.got.map(({ json: { event_action } }) => event_action)).toEqual([
    'trigger',
    'acknowledge',
    'resolve',
  ]);
  expect(new Set(there.got.map(({ json: { dedup_key } }) => dedup_key)).size).toBe(1);
  expect(there.got[0]?.json).toMatchObject({
    routing_key: 'R0UT1NGK3Y',
    payload: { severity: 'error', source: 'sg-0a1b2c3d', timestamp: at(0) },
    links: [{ text: 'Open in the AWS console' }],
  });
  await there.close();
});
