import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Config } from '../../../shared/config';
import { deadLetter } from '../../../shared/worker/queue';
import { countsOf, newBucket, newInstallation, remediationFor, tagsOf } from '../../testing';

const enabled = { bots: { test_tag_bucket: { enabled: true } } } as Partial<Config>;

interface Document {
  readonly waiting: number;
  readonly shown: number;
  readonly messages: readonly { readonly plan?: { readonly does: string; readonly from?: string } }[];
}

test('an empty queue says so', async () => {
  const { run } = await newInstallation();
  expect(await run(['queue'])).toMatchObject({ exit: 0, out: expect.stringMatching(/queue is empty/) });
});

test('what is set aside until later is counted', async () => {
  const { run, sqs, queueUrl } = await newInstallation();
  const QueueUrl = queueUrl.replace('-remediation.fifo', '-waiting');
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}', DelaySeconds: 900 }));
  const { out } = await run(['queue']);
  expect(out).toMatch(/nothing can be worked on now/);
  expect(out).toMatch(/1 message more is set aside until later/);
  expect((await run(['queue', '--json'])).json()).toMatchObject({ waiting: 0, setAside: 1 });
});

test('shows what each message would do, carried or computed, and takes nothing', async () => {
  const { run, send, sqs, queueUrl } = await newInstallation();
  const [carried, computed, mended] = await Promise.all([
    newBucket(),
    newBucket(),
    newBucket({ owner: 'team' }),
  ]);
  const calls = [{ action: 's3:PutBucketTagging', input: { Bucket: carried.id, Tagging: 'as it was seen' } }];
  await send(remediationFor(carried, { preview: { violation: 'as it was seen', calls } }), 'a');
  await send(remediationFor(computed), 'b');
  await send(remediationFor(mended), 'c');

  const ran = await run(['queue', '--json'], { config: enabled });
  expect(ran.exit).toBe(0);
  const { messages } = ran.json() as Document;
  const plans = messages.map(({ plan }) => plan);
  expect(plans).toEqual(
    expect.arrayContaining([
      { from: 'message', does: 'fix', calls },
      { from: 'live', does: 'fix', calls: [expect.objectContaining({ action: 's3:PutBucketTagging' })] },
      { from: 'live', does: 'nothing', reason: 'it is as wanted now' },
    ]),
  );
  expect(await countsOf(sqs, queueUrl)).toEqual({ waiting: 3, out: 0 });
  expect(await tagsOf(computed.id)).toEqual({});

  const text = await run(['queue'], { config: enabled, columns: 200 });
  expect(text.out).toMatch(/the owner is nobody, not team/);
  expect(text.out).toMatch(/3 messages\. Nothing was taken off the queue/);
  const dry = (await run(['queue', '--json', '--no-live'], { config: enabled })).json() as Document;
  expect(dry.messages.filter(({ plan }) => plan?.does === 'unknown')).toHaveLength(2);
});

test('what waits for its window says so, with what would be done then', async () => {
  const { run, send, sqs, queueUrl } = await newInstallation();
  await send(remediationFor(await newBucket()), 'a');
  const freezes = [{ from: '2020-01-01', until: '2100-01-01', reason: 'year-end close' }];
  const config = { ...enabled, freezes };
  const ran = await run(['queue'], { config, columns: 200 });
  expect(ran.out).toMatch(/s3:PutBucketTagging/);
  expect(ran.out.replace(/\s+/g, ' ')).toMatch(/waits: changes are frozen until 1 Jan 2100/);
  const { messages } = (await run(['queue', '--json'], { config })).json() as Document;
  expect(messages[0]?.plan).toMatchObject({
    does: 'fix',
    waits: 'changes are frozen until 1 Jan 2100 00:00 UTC: year-end close',
  });
  expect(await countsOf(sqs, queueUrl)).toEqual({ waiting: 1, out: 0 });
});

test('what is closed now is told beside what is set aside', async () => {
  const { run, sqs, queueUrl } = await newInstallation();
  const QueueUrl = queueUrl.replace('-remediation.fifo', '-waiting');
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}', DelaySeconds: 900 }));
  const config = {
    ...enabled,
    freezes: [{ from: '2020-01-01', until: '2100-01-01', reason: 'moving', accounts: ['111122223333'] }],
    windows: [{ cron: '* * * * *', timeZone: 'UTC', hours: 1 }],
    calendars: [{ name: 'Closings' }],
  };
  const { out } = await run(['queue'], { config, columns: 200 });
  expect(out).toMatch(/Closed now: freeze \(111122223333\): changes are frozen until .*: moving/);
  // moto has no GetCalendarState: what cannot be asked is closed.
  expect(out).toMatch(/Closed now: calendar Closings: whether the Change Calendar Closings is open cannot/);
  expect(out).not.toMatch(/Closed now: window/);
});

test('forty messages for one resource: ten are shown, the others counted, none held up', async () => {
  const { run, send, sqs, queueUrl } = await newInstallation();
  const bucket = await newBucket();
  for (let index = 0; index < 40; index++) await send(remediationFor(bucket), 'one');

  const json = (await run(['queue', '--json'], { config: enabled })).json() as Document;
  expect(json).toMatchObject({ waiting: 40, shown: 10 });
  const { out } = await run(['queue'], { config: enabled, columns: 200 });
  expect(out).toMatch(/generic ×10 /);
  expect(out).toMatch(/10 of 40 shown; the others stand in line/);
  expect(await countsOf(sqs, queueUrl)).toEqual({ waiting: 40, out: 0 });

  const limited = await run(['queue', '--limit', '3'], { config: enabled });
  expect(limited.out).toMatch(/3 of 40 shown; --limit shows more/);
});

test('exempt and held resources, and bots that only tell, are shown as such', async () => {
  const { run, send, journal } = await newInstallation();
  const [exempt, held, told] = await Promise.all([newBucket(), newBucket(), newBucket()]);
  await journal.hold('test_tag_bucket', held, 'undone by alice');
  await send(remediationFor(exempt), 'a');
  await send(remediationFor(held), 'b');
  await send(remediationFor(told, { bot: 'test_burn_bridges' }), 'c');
  const config = {
    bots: { test_tag_bucket: { enabled: true }, test_burn_bridges: { enabled: true } },
    exemptions: [{ resource: exempt.id, owner: 'web team', reason: 'a museum' }],
  } as Partial<Config>;
  const { messages } = (await run(['queue', '--json'], { config })).json() as Document;
  expect(messages.map(({ plan }) => plan)).toEqual(
    expect.arrayContaining([
      { does: 'nothing', reason: 'exempt in config.ts: a museum' },
      { does: 'nothing', reason: 'held: undone by alice' },
      expect.objectContaining({ does: 'tell', from: 'live' }),
    ]),
  );
});

test('bodies that nobody can use are shown, and never end the command', async () => {
  const { run, send } = await newInstallation();
  const bodies = ['{"half', '[]', 'null', '"text"', '{"version":1,"bot":"x"}', '\u202etxet\u001b[2J'];
  for (const [index, body] of bodies.entries()) await send(body, `g${index}`);
  await send({ ...remediationFor(await newBucket()), bot: '__proto__' }, 'proto');
  const ran = await run(['queue'], { config: enabled });
  expect(ran.exit).toBe(0);
  expect(ran.out.match(/goes to the/g)).toHaveLength(7);
  expect(ran.out).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
  const json = await run(['queue', '--json'], { config: enabled });
  expect(json.out).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
  expect((json.json() as Document).messages).toHaveLength(7);
});

test('Ctrl-C hands every message back', async () => {
  const { run, send, sqs, queueUrl } = await newInstallation();
  for (let index = 0; index < 15; index++) await send(remediationFor(await newBucket()), `g${index}`);
  const ran = await run(['queue'], { config: enabled, interrupt: true });
  expect(ran).toMatchObject({ exit: 130, out: '', err: expect.stringMatching(/handed back/) });
  expect(await countsOf(sqs, queueUrl)).toEqual({ waiting: 15, out: 0 });
});

test('says that reading is noticed while auto response is on', async () => {
  const { run } = await newInstallation();
  const ran = await run(['queue', '--json'], { config: { enable_auto_response: true } });
  expect(ran.err).toMatch(/warning: auto response is on/);
  expect(ran.json()).toMatchObject({ shown: 0 });
});

describe('dead letters', () => {
  const given = async () => {
    const installation = await newInstallation();
    const bucket = await newBucket();
    const { sqs, deadLetterUrl } = installation;
    const reason = 'AccessDenied: the role \u202emay not';
    const deadLetters = [JSON.stringify(remediationFor(bucket)), '{"half'];
    for (const [index, body] of deadLetters.entries()) {
      await deadLetter(sqs, deadLetterUrl, {
        ...{ body, reason, source: 'test_tag_bucket' },
        ...{ id: String(index), group: String(index) },
      });
    }
    return installation;
  };

  test('are shown with their reason, and whether they can be used now', async () => {
    const { run, sqs, deadLetterUrl } = await given();
    const { exit, out } = await run(['queue', '--dead'], { config: enabled, columns: 140 });
    expect(exit).toBe(0);
    expect(out).toMatch(/test_tag_bucket +AccessDenied: the role may not/);
    expect(out).toMatch(/yes\n/);
    expect(out).toMatch(/no: the message is not JSON/);
    expect(await countsOf(sqs, deadLetterUrl)).toEqual({ waiting: 2, out: 0 });
  });

  test('go back only when that is confirmed', async () => {
    const { run, sqs, deadLetterUrl, queueUrl } = await given();
    for (const running of [{ config: enabled }, { config: enabled, answer: false }]) {
      expect((await run(['queue', '--dead', '--redrive'], running)).exit).toBe(3);
    }
    expect(await countsOf(sqs, deadLetterUrl)).toEqual({ waiting: 2, out: 0 });
    expect(await countsOf(sqs, queueUrl)).toEqual({ waiting: 0, out: 0 });
  });

  test('those that can be used go back, the others stay', async () => {
    const { run, sqs, deadLetterUrl, queueUrl } = await given();
    const ran = await run(['queue', '--dead', '--redrive', '--yes', '--json'], { config: enabled });
    expect(ran.exit).toBe(0);
    expect(ran.json()).toMatchObject({ shown: 2, redriven: [expect.any(String)] });
    expect(await countsOf(sqs, deadLetterUrl)).toEqual({ waiting: 1, out: 0 });
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    expect(JSON.parse(Messages[0]?.Body ?? '')).toMatchObject({ bot: 'test_tag_bucket' });
    const again = await run(['queue', '--dead', '--redrive', '--yes'], { config: enabled });
    expect(again).toMatchObject({ exit: 0, out: expect.stringMatching(/nothing was put back/) });
  });

  test('--redrive without --dead is refused', async () => {
    const { run } = await newInstallation();
    expect((await run(['queue', '--redrive'])).exit).toBe(2);
  });
});
