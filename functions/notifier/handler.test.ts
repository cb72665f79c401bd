import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { SlackMessage } from './blocks';
import { notifier, SINGLES, type NotifierOptions } from './handler';
import { poster, type Posted } from './slack';
import {
  aComplianceChange,
  anAlarm,
  anEvent,
  fakeSlack,
  faultsOf,
  listen,
  OK,
  PLACE,
  snsBody,
  textsOf,
  withoutOwnMarkup,
  type Answer,
} from './testing';

const batch = (...bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({ messageId: `m${index}`, body }) as SQSRecord),
});
const events = (n: number) => batch(...Array.from({ length: n }, () => snsBody(anEvent())));
const lambda = { getRemainingTimeInMillis: () => 30_000 };
const failed = (...ids: readonly string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

function recorded(answer: (n: number) => Posted = () => ({ posted: true })) {
  const messages: SlackMessage[] = [];
  const deadlines: number[] = [];
  const logged: { level: string; message: string; fields: object | undefined }[] = [];
  const options = {
    post: (message, until) => {
      deadlines.push(until);
      return Promise.resolve(answer(messages.push(message) - 1));
    },
    log: (level, message, fields) => {
      logged.push({ level, message, fields });
    },
    now: () => 1000,
    place: PLACE,
  } satisfies NotifierOptions;
  return { messages, deadlines, logged, options, tell: notifier(options) };
}

const headings = (messages: readonly SlackMessage[]) => messages.map((message) => textsOf(message)[1]?.text);

test('each kind gets its message, in the order of the batch', async () => {
  const { tell, messages, deadlines, logged } = recorded();
  const response = await tell(
    batch(
      snsBody(anEvent()),
      snsBody(aComplianceChange()),
      snsBody(anAlarm()),
      snsBody(anEvent({ outcome: 'compliant' })),
    ),
    lambda,
  );
  expect(response).toEqual(failed());
  expect(headings(messages)).toEqual([
    '✅ Fixed: Close ports that are open to the world (sg-0a1b2c3d)',
    '🔴 Config rule state change: SG_OpenPorts is Non Compliant',
    '🚨 Alarm: Root_Account_Usage',
  ]);
  expect(deadlines).toEqual([29_500, 29_500, 29_500]);
  expect(logged).toEqual([
    {
      level: 'info',
      message: 'batch told',
      fields: { received: 4, news: 3, noNews: 1, unknown: 0, posts: 3, failed: 0 },
    },
  ]);
});

test('records that nobody knows are logged once, without their text, and let go', async () => {
  const { tell, messages, logged } = recorded();
  const response = await tell(batch('secret stuff', snsBody(anEvent()), '{"a":1}'), lambda);
  expect(response).toEqual(failed());
  expect(messages).toHaveLength(1);
  expect(logged).toEqual([
    {
      level: 'warn',
      message: 'records of a kind this function does not know were let go',
      fields: {
        count: 2,
        records: [
          { messageId: 'm0', why: 'it is not JSON' },
          { messageId: 'm2', why: 'JSON of another kind' },
        ],
      },
    },
    {
      level: 'info',
      message: 'batch told',
      fields: { received: 3, news: 1, noNews: 0, unknown: 2, posts: 1, failed: 0 },
    },
  ]);
});

test('a record that breaks the reader comes back and stops no other', async () => {
  const { tell, messages, logged } = recorded();
  const event = events(2);
  event.Records.unshift({
    messageId: 'broken',
    get body(): string {
      throw new Error('out of order');
    },
  } as SQSRecord);
  expect(await tell(event, lambda)).toEqual(failed('broken'));
  expect(messages).toHaveLength(2);
  expect(logged[0]).toEqual({
    level: 'error',
    message: 'a record could not be read and goes back to the queue',
    fields: { messageId: 'broken', reason: 'Error: out of order' },
  });
});

test('a batch without news posts nothing', async () => {
  const { tell, messages } = recorded();
  expect(await tell(batch(snsBody(anEvent({ outcome: 'gone' }))), lambda)).toEqual(failed());
  expect(await tell(batch(), lambda)).toEqual(failed());
  expect(messages).toEqual([]);
});

test('a channel hears what it asks for, and what is about no account', async () => {
  const { messages, options } = recorded();
  const tell = notifier({ ...options, audience: { minSeverity: 'high', accounts: ['999999999999'] } });
  const there = { account: '999999999999', region: 'eu-west-1', type: 'AWS::S3::Bucket', id: 'b' };
  const lost = { ...anEvent({ outcome: 'dead-lettered' }), target: undefined, severity: undefined };
  const asked = batch(
    snsBody(anEvent()),
    snsBody(anEvent({ target: there, title: 'told' })),
    snsBody(anEvent({ target: there, severity: 'medium' })),
    snsBody({ ...lost, title: 'lost' }),
  );
  expect(await tell(asked, lambda)).toEqual(failed());
  expect(headings(messages)).toEqual(['✅ Fixed: told (b)', '📪 Given up: lost']);
});

describe('a flood', () => {
  test('as many as fit in singles are singles, one more is a digest', async () => {
    const few = recorded();
    await few.tell(events(SINGLES), lambda);
    expect(few.messages).toHaveLength(5);
    const many = recorded();
    await many.tell(events(SINGLES + 1), lambda);
    expect(headings(many.messages)).toEqual(['📚 6 messages at once: 6 fixed']);
  });

  test('what asks for a decision keeps its buttons, and stands alone', async () => {
    const asking = anEvent({
      outcome: 'planned',
      plan: { id: 'b/pending-1', digest: 'd1', mode: 'approve' },
    });
    const flood = [asking, ...Array.from({ length: SINGLES + 1 }, () => anEvent()), asking];
    const { options, messages } = recorded();
    const place = { ...PLACE, hasButtons: true };
    await notifier({ ...options, place })(batch(...flood.map((event) => snsBody(event))), lambda);
    expect(messages.map(({ blocks }) => blocks.some(({ type }) => type === 'actions'))).toEqual([
      ...[true, true, false],
    ]);
    expect(headings(messages)[2]).toBe('📚 6 messages at once: 6 fixed');
  });

  test('where no buttons are, it says how to see what waits for approval', async () => {
    const plan = { id: 'b/pending-1', digest: 'd1', mode: 'approve' } as const;
    const asking = Array.from({ length: SINGLES + 1 }, () => snsBody(anEvent({ outcome: 'planned', plan })));
    const { tell, messages } = recorded();
    await tell(batch(...asking), lambda);
    expect(messages.flatMap(textsOf).map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^Waiting for approval: 6, see `npx selfheal pending --region /),
    );
  });

  test('only news counts towards it', async () => {
    const { tell, messages } = recorded();
    const noNews = Array.from({ length: 45 }, () => snsBody(anEvent({ outcome: 'gone' })));
    await tell(batch(snsBody(anEvent()), ...noNews), lambda);
    expect(headings(messages)).toEqual(['✅ Fixed: Close ports that are open to the world (sg-0a1b2c3d)']);
  });

  test('of 500 events of every kind is one message that Slack takes', async () => {
    const { tell, messages } = recorded();
    const long = '<!channel>`\n\u202e'.repeat(500);
    const bodies = Array.from({ length: 500 }, (_, n) =>
      snsBody(
        [
          anEvent({ bot: `bot_${n % 40}`, violation: long }),
          aComplianceChange({ resourceId: long }),
          anAlarm({ AlarmName: `${long}${n}` }),
          anEvent({ outcome: 'failed', reason: long }),
        ][n % 4],
      ),
    );
    expect(await tell(batch(...bodies), lambda)).toEqual(failed());
    expect(messages.flatMap(faultsOf)).toEqual([]);
    expect(headings(messages)).toEqual([
      '📚 500 messages at once: 125 failed, 125 fixed, 125 non compliant, 125 alarm',
    ]);
    expect(messages.flatMap(textsOf).at(-1)?.text).toMatch(/^… and 480 more/);
    expect(withoutOwnMarkup(messages)).not.toMatch(/<|\u202e/);
  });

  test('that Slack does not take comes back whole', async () => {
    const { tell } = recorded(() => ({ posted: false, reason: 'down', stop: true }));
    expect(await tell(events(6), lambda)).toEqual(failed('m0', 'm1', 'm2', 'm3', 'm4', 'm5'));
  });
});

describe('a message that is not taken', () => {
  test('brings its own record back and no other', async () => {
    const { tell, messages, logged } = recorded((n) =>
      n === 1 ? { posted: false, reason: 'no_text', stop: false } : { posted: true },
    );
    expect(await tell(events(3), lambda)).toEqual(failed('m1'));
    expect(messages).toHaveLength(3);
    expect(logged[0]).toEqual({
      level: 'error',
      message: 'Slack was not told, the records go back to the queue',
      fields: { messageIds: ['m1'], reason: 'no_text' },
    });
  });

  test('for a reason that is Slack’s own brings the rest back without asking again', async () => {
    const { tell, messages, logged } = recorded((n) =>
      n === 1 ? { posted: false, reason: 'Slack answered 404 no_service', stop: true } : { posted: true },
    );
    expect(await tell(events(4), lambda)).toEqual(failed('m1', 'm2', 'm3'));
    expect(messages).toHaveLength(2);
    expect(logged.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  test('is told as text where Slack takes that, which is logged', async () => {
    const { tell, logged } = recorded(() => ({ posted: true, textOnly: 'invalid_blocks' }));
    expect(await tell(events(1), lambda)).toEqual(failed());
    expect(logged[0]).toMatchObject({ level: 'warn', fields: { reason: 'invalid_blocks' } });
  });

  test('because it cannot be built brings its record back and no other', async () => {
    const { tell, messages } = recorded();
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const body = JSON.stringify(anEvent()).replace('{"GroupId":"sg-0a1b2c3d"}', deep);
    expect(await tell(batch(snsBody(anEvent()), body, snsBody(anEvent())), lambda)).toEqual(failed('m1'));
    expect(messages).toHaveLength(2);
  });
});

describe('with a stand-in of Slack', () => {
  async function toSlack(answers: readonly Answer[], event: SQSEvent) {
    const slack = await fakeSlack(...answers);
    try {
      const post = poster({
        webhook: { howToStore: 'store it', text: () => Promise.resolve(slack.url) },
        sleep: () => Promise.resolve(),
        backoff: { retries: 1, factor: 1, minTimeout: 1, maxTimeout: 1 },
        timeoutMs: 1000,
      });
      const response = await notifier({ post, place: PLACE, log: () => undefined })(event, lambda);
      return { response, received: slack.received.length };
    } finally {
      await slack.close();
    }
  }
  const limited: Answer = { status: 429, headers: { 'retry-after': '1' } };

  test.each([
    ['all well', [OK], [], 3],
    ['429, then well', [limited, OK], [], 4],
    ['500, then well', [{ status: 500 }, OK], [], 4],
    ['silence, then well', ['hang', OK], [], 4],
    ['blocks refused', [{ status: 400, body: 'invalid_blocks' }, OK], [], 4],
    ['the first refused as text, too', [{ status: 400 }, { status: 400 }, OK], ['m0'], 4],
    ['gone after the first', [OK, { status: 404, body: 'no_service' }], ['m1', 'm2'], 2],
    ['down', [{ status: 502 }], ['m0', 'm1', 'm2'], 2],
  ] satisfies [string, Answer[], string[], number][])(
    '%s: what comes back and how often Slack was asked',
    async (_, answers, back, requests) => {
      expect(await toSlack(answers, events(3))).toEqual({ response: failed(...back), received: requests });
    },
  );
});

describe('the entry of the function', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
    jest.restoreAllMocks();
  });

  test('reads the parameter once, decrypted, and tells Slack', async () => {
    const slack = await fakeSlack(OK);
    const asked: unknown[] = [];
    const ssm = await listen((request, body, response) => {
      asked.push([request.headers['x-amz-target'], JSON.parse(body)]);
      response
        .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify({ Parameter: { Value: slack.url } }));
    });
    Object.assign(process.env, {
      AWS_REGION: 'eu-west-1',
      SELFHEAL_ACCOUNT_ID: '111122223333',
      SELFHEAL_STAGE: 'prod',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: ssm.url,
    });
    const lines = (['info', 'warn', 'error'] as const).map((level) =>
      jest.spyOn(console, level).mockImplementation(() => undefined),
    );
    try {
      const { handler } = await import('./handler');
      expect(await handler(events(1), lambda)).toEqual(failed());
      expect(await handler(events(2), lambda)).toEqual(failed());
      expect(asked).toEqual([
        ['AmazonSSM.GetParameter', { Name: '/selfheal/slack-webhook-url', WithDecryption: true }],
      ]);
      expect(slack.received).toHaveLength(3);
      const logged = JSON.stringify(lines.flatMap(({ mock }) => mock.calls));
      expect(logged).toContain('batch told');
      expect(logged).not.toContain('/services/');
    } finally {
      await Promise.all([ssm.close(), slack.close()]);
    }
  });
});
