import {
  type SendMessageBatchCommandInput,
  type SendMessageCommandInput,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { asks } from '../../testing/entry';
import { type World, newWorld, receive } from '../../testing/world';
import { MESSAGE_BYTES, type Remediation } from './message';
import { deadLetter, enqueue } from './queue';

let world: World;
beforeAll(async () => {
  world = await newWorld();
});

/** What SQS takes. Source: SQS SendMessage, `#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 …`. */
const TAKEN = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]+$/u;

/** An SQS that keeps what it is sent, and refuses what `refuse` names. */
function recorder(reply: object = {}) {
  const sent: (SendMessageBatchCommandInput & SendMessageCommandInput)[] = [];
  const send = ({ input }: { input: (typeof sent)[number] }) => {
    sent.push(input);
    return Promise.resolve(reply);
  };
  return { sent, sqs: { send } as unknown as SQSClient };
}

function previewed(bytes: number): Remediation {
  const calls = [{ action: 'kms:EnableKeyRotation', input: { text: 'x'.repeat(bytes) } }];
  return asks(world, 'key', { preview: { violation: 'it does not rotate', calls } });
}

async function bodiesOf(...remediations: Remediation[]): Promise<string[][]> {
  const { sent, sqs } = recorder();
  await enqueue(sqs, 'queue', remediations);
  return sent.map(({ Entries = [] }) => Entries.map(({ MessageBody = '' }) => MessageBody));
}

describe('enqueue', () => {
  test('ten in a call, and in their order', async () => {
    const all = Array.from({ length: 23 }, (_, index) => asks(world, `key-${index}`));
    const bodies = await bodiesOf(...all);
    expect(bodies.map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(bodies.flat().map((body) => JSON.parse(body) as unknown)).toEqual(all);
  });

  test('nothing to send: no call', async () => {
    expect(await bodiesOf()).toEqual([]);
  });

  test('no call is larger than SQS takes', async () => {
    const bodies = await bodiesOf(...Array.from({ length: 5 }, () => previewed(100 * 1024)));
    expect(bodies.map(({ length }) => length)).toEqual([2, 2, 1]);
    for (const batch of bodies) expect(Buffer.byteLength(batch.join(''))).toBeLessThanOrEqual(256 * 1024);
  });

  test('a message that is too large goes without its preview, others with it', async () => {
    const [large, small] = [previewed(MESSAGE_BYTES), previewed(1000)];
    const { preview: _, ...rest } = large;
    const [batch = []] = await bodiesOf(large, small);
    expect(batch.map((body) => JSON.parse(body) as unknown)).toEqual([rest, small]);
  });

  test('the same finding twice is one message, the same fault at another time is another', async () => {
    const asked = asks(world, 'key');
    const again = { ...asked, finding: { ...asked.finding, time: '2026-11-21T11:00:00Z' } };
    await enqueue(world.sqs, world.environment.queueUrl, [asked, asked, again]);
    expect((await receive(world)).map(({ body }) => body)).toEqual([asked, again]);
  });

  test('one that SQS refuses is an error', async () => {
    const Failed = [{ Id: '0', Code: 'InternalError', Message: 'no' }];
    const { sqs } = recorder({ Failed });
    await expect(enqueue(sqs, 'queue', [asks(world, 'key')])).rejects.toThrow(/refused 1 .*InternalError no/);
  });

  test('no character is lost, and none is there that SQS refuses', async () => {
    const title = 'a\u0000b\u001fc\u202ed\uffffe\ufffef\ud83dg😀h\n`<!channel>`';
    const asked = asks(world, 'key', {
      finding: { source: 'test', id: 'odd', time: '2026-11-21T10:00:00Z', title },
    });
    const [[body = ''] = []] = await bodiesOf(asked);
    expect(body).toMatch(TAKEN);
    expect(JSON.parse(body)).toEqual(asked);
  });
});

describe('a dead letter', () => {
  async function sentFor(body: string, reason: string) {
    const { sent, sqs } = recorder();
    await deadLetter(sqs, 'queue', { body, reason, source: 'test', id: 'id', group: 'group' });
    const [{ MessageBody, MessageAttributes } = {}] = sent;
    return { body: MessageBody, reason: MessageAttributes?.reason?.StringValue };
  }

  test('is what came, with the reason', async () => {
    expect(await sentFor('{"a":\t"ü😀"}\n', 'not known')).toEqual({
      body: '{"a":\t"ü😀"}\n',
      reason: 'not known',
    });
  });

  test('nothing at all becomes a dash: SQS takes no empty text', async () => {
    expect(await sentFor('', '')).toEqual({ body: '-', reason: '-' });
  });

  test('characters that SQS refuses are replaced', async () => {
    const odd = 'a\u0000b\u001bc\uffffd\ud83de😀';
    const { body, reason } = await sentFor(odd, `${odd}\nmore`);
    expect(body).toBe('a\ufffdb\ufffdc\ufffdd\ufffde😀');
    expect(reason).toBe('a\ufffdb\ufffdc\ufffdd\ufffde😀 more');
  });

  test('a reason is one line of at most 2048 characters, cut between characters', async () => {
    const { reason = '' } = await sentFor('body', `a${'😀'.repeat(2000)}`);
    expect(reason.length).toBeLessThanOrEqual(2048);
    expect(reason).toMatch(TAKEN);
  });
});
