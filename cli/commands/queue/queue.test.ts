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

test('looks at every resource as it is now, and takes nothing', async () => {
  const { run, send, sqs, queueUrl } = await newInstallation();
  const [wrong, mended, gone] = await Promise.all([newBucket(), newBucket({ owner: 'team' }), newBucket()]);
  const calls = [{ action: 's3:PutBucketTagging', input: { Bucket: mended.id, Tagging: 'as it was seen' } }];
  const preview = { violation: 'as it was seen', calls };
  await send(remediationFor(wrong), 'a');
  await send(remediationFor(mended, { preview }), 'b');
  await send(remediationFor({ ...gone, id: `${gone.id}-not-there` }, { preview }), 'c');

  const ran = await run(['queue', '--json'], { config: enabled });
  expect(ran.exit).toBe(0);
  const { messages } = ran.json() as Document;
  expect(messages.map(({ plan }) => plan)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        from: 'live',
        does: 'fix',
        calls: [expect.objectContaining({ action: 's3:PutBucketTagging' })],
      }),
      { from: 'live', does: 'nothing', reason: 'already right' },
      { from: 'live', does: 'nothing', reason: 'the resource is gone' },
    ]),
  );
  expect(await countsOf(sqs, queueUrl)).toEqual({ waiting: 3, out: 0 });
  expect(await tagsOf(wrong.id)).toEqual({});

  const text = await run(['queue'], { config: enabled, columns: 200 });
  expect(text.out).toMatch(/the owner is nobody, not team/);
  expect(text.out).toMatch(/nothing: already right/);
  expect(text.out).toMatch(/3 messages: 3 low\. Nothing was taken off the queue/);
});

test.each(['--as-enqueued', '--no-live'])('%s shows the plans that messages carry', async (option) => {
  const { run, send } = await newInstallation();
  const [carried, bare] = await Promise.all([newBucket({ owner: 'team' }), newBucket()]);
  const calls = [{ action: 's3:PutBucketTagging', input: { Bucket: carried.id, Tagging: 'as it was seen' } }];
  await send(remediationFor(carried, { preview: { violation: 'as it was seen', calls } }), 'a');
  await send(remediationFor(bare), 'b');
  const { messages } = (await run(['queue', '--json', option], { config: enabled })).json() as Document;
  expect(messages.map(({ plan }) => plan)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ from: 'message', does: 'fix', calls }),
      { does: 'unknown', reason: 'the message carries no plan' },
    ]),
  );
});

test('what cannot be looked at is shown as it was enqueued, and says so', async () => {
  const { run, send } = await newInstallation();
  const elsewhere = { ...(await newBucket()), account: '444455556666' };
  const calls = [{ action: 's3:PutBucketTagging', input: { Tagging: 'as it was seen' } }];
  await send(remediationFor(elsewhere, { preview: { violation: 'as it was seen', calls } }));
  const accounts = { mode: 'multi', externalId: 'selfheal-x', accounts: ['444455556666'] } as const;
  const { out } = await run(['queue'], { config: { ...enabled, accounts }, columns: 200 });
  expect(out).toMatch(/s3:PutBucketTagging Tagging=as it was seen/);
  expect(out).toMatch(/as it was enqueued; could not look now: .*--assume-role/s);
  expect(out).toMatch(/account 444455556666/);
});

describe('rows', () => {
  const config = {
    bots: { test_tag_bucket: { enabled: true }, kms_enable_rotation: { enabled: true } },
  } as Partial<Config>;
  const key = { account: '123456789012', region: 'eu-central-1', type: 'AWS::KMS::Key', id: 'k1' };
  const given = async () => {
    const installation = await newInstallation();
    await installation.send(remediationFor(await newBucket()), 'a');
    const finding = { source: 'config', id: 'f', time: '2026-11-21T10:00:00Z' };
    await installation.send(remediationFor(key, { bot: 'kms_enable_rotation', finding }), 'b');
    return installation;
  };
  interface Rows {
    readonly messages: readonly { readonly id: string; readonly bot: string; readonly severity: string }[];
  }

  test('have the id that their change will have, are sorted, and narrowed', async () => {
    const { run } = await given();
    const rows = async (...argv: string[]) =>
      ((await run(['queue', '--as-enqueued', '--json', ...argv], { config })).json() as Rows).messages;
    const [first, second] = await rows();
    expect([first?.severity, second?.severity]).toEqual(['medium', 'low']);
    expect(first?.id).toMatch(/^kms_enable_rotation\/\d{14}-[0-9a-f]{8}$/);
    expect((await rows())[0]?.id).toBe(first?.id);
    const bots = async (...argv: string[]) => (await rows(...argv)).map(({ bot }) => bot);
    expect(await bots('--sort', 'age')).toEqual(['test_tag_bucket', 'kms_enable_rotation']);
    expect(await bots('--bot', 'kms_enable_rotation')).toEqual(['kms_enable_rotation']);
    expect(await bots('--severity', 'medium+')).toEqual(['kms_enable_rotation']);
    expect(await bots('--severity', 'low,critical')).toEqual(['test_tag_bucket']);
    expect(await bots('--source', 'config')).toEqual(['kms_enable_rotation']);
    expect(await bots('--resource-region', 'eu-central-1')).toEqual(['kms_enable_rotation']);
    expect(await bots('--account', '999999999999')).toEqual([]);
    const { out } = await run(['queue', '--as-enqueued', '--account', '999999999999'], { config });
    expect(out).toMatch(/None of the 2 messages that were read is one of these/);
  });

  test.each([
    [['--severity', 'awful'], /--severity takes critical, high, medium, low/],
    [['--account', 'prod'], /--account takes twelve digits/],
    [['--resource-region', 'eu-wset-1'], /no region "eu-wset-1"/],
    [['--bot', 'kms_enable_rotaton'], /did you mean kms_enable_rotation/],
    [['--sort', 'beauty'], /Allowed choices are severity/],
    [['--out', 'x.csv'], /--out goes with --format/],
  ])('%j is a mistake, in one sentence', async (argv, sentence) => {
    const { run } = await newInstallation();
    expect(await run(['queue', ...argv], { config })).toMatchObject({
      exit: 2,
      err: expect.stringMatching(sentence) as string,
    });
  });

  test('are counted by what is asked for', async () => {
    const { run } = await given();
    const argv = ['queue', '--as-enqueued', '--group-by', 'bot'];
    const { out } = await run(argv, { config, columns: 120 });
    expect(out).toMatch(/bot +count +critical +high +medium +low +oldest\n/);
    expect(out).toMatch(/kms_enable_rotation +1 +0 +0 +1 +0 /);
    expect((await run([...argv, '--json'], { config })).json()).toMatchObject({
      totals: [
        { name: 'kms_enable_rotation', count: 1, severities: { medium: 1 } },
        { name: 'test_tag_bucket' },
      ],
    });
  });

  test('are watched until Ctrl-C, and everything is handed back', async () => {
    const { run, sqs, queueUrl } = await given();
    const ran = await run(['queue', '--as-enqueued', '--watch'], { config, interrupt: true });
    expect(ran.exit).toBe(0);
    expect(await countsOf(sqs, queueUrl)).toEqual({ waiting: 2, out: 0 });
    expect(await run(['queue', '--watch', '--json'], { config })).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/--watch goes with --format jsonl/) as string,
    });
  });
});

test('what waits for its window says so, with what would be done then', async () => {
  const { run, send, sqs, queueUrl } = await newInstallation();
  await send(remediationFor(await newBucket()), 'a');
  const freezes = [{ from: '2020-01-01', until: '2100-01-01', reason: 'year-end close' }];
  const config = { ...enabled, freezes };
  const ran = await run(['queue'], { config, columns: 200 });
  expect(ran.out).toMatch(/\+ owner: team/);
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
    exemptions: [
      { resource: exempt.id, owner: 'web team', approver: 'head of security', reason: 'a museum' },
    ],
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
