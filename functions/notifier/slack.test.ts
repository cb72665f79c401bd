import { mrkdwn } from './escape';
import { header, type SlackMessage } from './blocks';
import { poster, type PosterOptions } from './slack';
import { fakeSlack, OK, type Answer, type FakeSlack } from './testing';

const message: SlackMessage = { text: mrkdwn`✅ *Fixed*`, blocks: [header('Fixed')] };
const backoff = { retries: 2, factor: 1, minTimeout: 1, maxTimeout: 5 };

const open: FakeSlack[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ close }) => close()));
});

async function answering(...answers: readonly Answer[]) {
  const slack = await fakeSlack(...answers);
  open.push(slack);
  return slack;
}

/** Time stands still but for what is slept. */
function clock() {
  let time = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => time,
    sleep: (ms: number) => {
      slept.push(ms);
      time += ms;
      return Promise.resolve();
    },
  };
}

function posterTo(urls: readonly string[], options: Partial<PosterOptions> = {}) {
  const reads = [...urls];
  let known = reads[0] ?? '';
  return poster({
    webhook: {
      howToStore: 'aws ssm put-parameter --name /x',
      text: ({ fresh } = { fresh: false }) => {
        if (fresh) known = reads[1] ?? known;
        return Promise.resolve(known);
      },
    },
    backoff,
    timeoutMs: 2000,
    ...options,
  });
}

const soon = () => Date.now() + 20_000;

test('a message is posted as JSON, and nothing in it is linked or unfolded', async () => {
  const slack = await answering(OK);
  expect(await posterTo([slack.url])(message, soon())).toEqual({ posted: true });
  expect(slack.received).toEqual([
    {
      path: '/services/T0/B0/secret',
      payload: {
        text: '✅ *Fixed*',
        blocks: [{ type: 'header', text: { type: 'plain_text', text: 'Fixed', emoji: false } }],
        link_names: false,
        unfurl_links: false,
        unfurl_media: false,
      },
    },
  ]);
});

describe('429', () => {
  const limited = (after?: string): Answer => ({
    status: 429,
    body: 'rate_limited',
    ...(after !== undefined && { headers: { 'retry-after': after } }),
  });

  test('is waited out for as long as Retry-After says', async () => {
    const slack = await answering(limited('30'), limited('2'), OK);
    const time = clock();
    expect(await posterTo([slack.url], time)(message, 60_000)).toEqual({ posted: true });
    expect(time.slept).toEqual([30_000, 2000]);
    expect(slack.received).toHaveLength(3);
  });

  test.each([
    [undefined, 1000],
    ['0', 1000],
    ['soon', 1000],
    ['1.5', 1500],
    ['Thu, 01 Jan 1970 00:00:20 GMT', 20_000],
  ])('with Retry-After %s waits %d ms', async (after, expected) => {
    const slack = await answering(limited(after), OK);
    const time = clock();
    expect(await posterTo([slack.url], time)(message, 60_000)).toEqual({ posted: true });
    expect(time.slept).toEqual([expected]);
  });

  test('that asks for longer than there is gives up at once', async () => {
    const slack = await answering(limited('30'));
    const time = clock();
    expect(await posterTo([slack.url], time)(message, 10_000)).toEqual({
      posted: false,
      reason: 'Slack asks to wait 30 s, longer than this run has left',
      stop: true,
    });
    expect(time.slept).toEqual([]);
    expect(slack.received).toHaveLength(1);
  });

  test('for ever ends with the time of the run', async () => {
    const slack = await answering(limited('3'));
    const time = clock();
    expect(await posterTo([slack.url], time)(message, 10_000)).toMatchObject({ posted: false, stop: true });
    expect(time.slept).toEqual([3000, 3000, 3000]);
  });
});

describe('5xx and silence', () => {
  test('a server error is tried again', async () => {
    const slack = await answering({ status: 500 }, { status: 503 }, OK);
    expect(await posterTo([slack.url])(message, soon())).toEqual({ posted: true });
    expect(slack.received).toHaveLength(3);
  });

  test('a server error that stays ends with its reason', async () => {
    const slack = await answering({ status: 500, body: 'rollup_error' });
    expect(await posterTo([slack.url])(message, soon())).toEqual({
      posted: false,
      reason: 'Slack answered 500 rollup_error',
      stop: true,
    });
    expect(slack.received).toHaveLength(3);
  });

  test('an answer that never comes is tried again', async () => {
    const slack = await answering('hang', OK);
    expect(await posterTo([slack.url], { timeoutMs: 700 })(message, soon())).toEqual({ posted: true });
    expect(slack.received).toHaveLength(2);
  });

  test('silence ends in time', async () => {
    const slack = await answering('hang');
    const begun = Date.now();
    expect(await posterTo([slack.url], { timeoutMs: 5000 })(message, begun + 300)).toMatchObject({
      posted: false,
      reason: expect.stringMatching(/^Slack could not be reached: .*timeout/),
      stop: true,
    });
    expect(Date.now() - begun).toBeLessThan(2000);
    expect(slack.received).toHaveLength(1);
  });

  test('a connection that is refused says so, without the address of the webhook', async () => {
    const slack = await fakeSlack(OK);
    await slack.close();
    const posted = await posterTo([slack.url])(message, soon());
    expect(posted).toMatchObject({
      posted: false,
      reason: expect.stringMatching(/^Slack could not be reached: .*fetch failed/),
      stop: true,
    });
    expect(JSON.stringify(posted)).not.toContain('secret');
  });

  test.each([300, 2005])('no retry is begun that could end after the %d ms there are', async (left) => {
    const slack = await answering({ status: 500 });
    expect(await posterTo([slack.url], { now: () => 0 })(message, left)).toMatchObject({ posted: false });
    expect(slack.received).toHaveLength(1);
  });

  test('no request is begun when the time is up', async () => {
    const slack = await answering(OK);
    expect(await posterTo([slack.url])(message, Date.now())).toEqual({
      posted: false,
      reason: 'the time of this run was up',
      stop: true,
    });
    expect(slack.received).toHaveLength(0);
  });
});

describe('a message that Slack does not take', () => {
  test('is sent as text when its blocks are refused', async () => {
    const slack = await answering({ status: 400, body: 'invalid_blocks' }, OK);
    expect(await posterTo([slack.url])(message, soon())).toEqual({
      posted: true,
      textOnly: 'Slack answered 400 invalid_blocks',
    });
    expect(slack.received[1]?.payload).toEqual({
      text: '✅ *Fixed*',
      link_names: false,
      unfurl_links: false,
      unfurl_media: false,
    });
  });

  test('fails alone when its text is refused as well', async () => {
    const slack = await answering({ status: 400, body: 'no_text' });
    expect(await posterTo([slack.url])(message, soon())).toEqual({
      posted: false,
      reason: 'Slack answered 400 no_text',
      stop: false,
    });
    expect(slack.received).toHaveLength(2);
  });
});

describe('a webhook that Slack refuses', () => {
  test.each([
    [403, 'invalid_token'],
    [404, 'no_service'],
    [410, 'channel_is_archived'],
  ])('%d %s: the reason and what to do', async (status, body) => {
    const slack = await answering({ status, body });
    expect(await posterTo([slack.url])(message, soon())).toEqual({
      posted: false,
      reason: `Slack answered ${status} ${body}: store a webhook URL that is valid: aws ssm put-parameter --name /x`,
      stop: true,
    });
    expect(slack.received).toHaveLength(1);
  });

  test('is read anew, and a new one is used at once', async () => {
    const old = await answering({ status: 404, body: 'no_service' });
    const renewed = await answering(OK);
    expect(await posterTo([old.url, renewed.url])(message, soon())).toEqual({ posted: true });
    expect([old.received.length, renewed.received.length]).toEqual([1, 1]);
  });

  test('is not repeated by a proxy that quotes it', async () => {
    const slack = await answering({
      status: 404,
      body: `${'x'.repeat(180)} Cannot POST /services/T0/B0/secret`,
    });
    const posted = await posterTo([slack.url])(message, soon());
    expect(JSON.stringify(posted)).toContain('Cannot POST /…');
    expect(JSON.stringify(posted)).not.toContain('services');
  });

  test('that cannot be read is a reason, not an exception', async () => {
    const post = poster({
      webhook: { howToStore: '', text: () => Promise.reject(new Error('the SSM parameter /x is missing')) },
    });
    expect(await post(message, soon())).toEqual({
      posted: false,
      reason: 'the SSM parameter /x is missing',
      stop: true,
    });
  });
});
