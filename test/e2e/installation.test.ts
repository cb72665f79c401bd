/**
 * The whole of it: deployed with `serverless deploy` to local AWS, run by the triggers that the template declares.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CreateKeyCommand, GetKeyRotationStatusCommand } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import { PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { ROOT } from '../../local/aws';
import { type Account, accountOf } from '../../local/demo/account';
import { DEMO_CONFIG } from '../../local/demo/queue';
import { type Installation, startInstallation } from '../../local/installation';
import { localEnvironment } from '../../local/loopback';
import { type SelfhealEvent, eventSchema } from '../../shared/worker/event';
import { type Journal, journal } from '../../shared/worker/journal';
import { until } from '../../testing/until';

const BUCKET_REGION = { LocationConstraint: 'eu-west-1' } as const;

jest.setTimeout(120_000);

let installation: Installation;
let account: Account;
let book: Journal;
let eventsQueue: string;
const events: SelfhealEvent[] = [];

beforeAll(async () => {
  installation = await startInstallation({
    autoResponse: false,
    scheduleScale: 0.1,
    // Bots, coordinator and rules are all invoked so, and all that is asserted here holds.
    duplicates: true,
    env: { SELFHEAL_CONFIG: DEMO_CONFIG },
    logDirectory: path.join(ROOT, '.selfheal', 'logs-e2e'),
  });
  account = accountOf(installation);
  book = journal(installation.journalTable, account.dynamodb);
  eventsQueue = await listen();
}, 300_000);

afterAll(async () => {
  await installation.stop();
}, 240_000);

describe('while auto response is off', () => {
  let key: string;

  test('what AWS Config finds waits in the queue with its plan, and nothing happens', async () => {
    key = await newKey();
    await until(async () => (await depth(installation.queueUrl)) > 0);
    await sleep(3000); // as long as half a tick of the schedule
    expect(await rotates(key)).toBe(false);
    const peeked = await selfheal('queue', '--json');
    expect(JSON.stringify(peeked)).toContain(key);
    expect(JSON.stringify(peeked)).toContain('kms:EnableKeyRotation');
  });

  test('reading the queue takes nothing from it', async () => {
    const before = await depth(installation.queueUrl);
    for (let time = 0; time < 8; time++) await selfheal('queue', '--json', '--no-live');
    expect(await depth(installation.queueUrl)).toBeGreaterThanOrEqual(before);
    expect(await depth(installation.deadLetterQueueUrl)).toBe(0);
  });

  test('switched on, it is put right, journaled and told', async () => {
    await installation.setAutoResponse(true);
    await until(() => rotates(key));
    await until(async () => (await depth(installation.queueUrl)) === 0);
    const [entry] = (await book.list()).filter(({ target }) => target.id === key);
    expect(entry).toMatchObject({ bot: 'kms_enable_rotation', status: 'fixed', before: { is: false } });
    await until(() => Promise.resolve(slack().some((text) => text.includes(key))));
  });
});

describe('what cannot be used is kept with its reason, and stops nothing', () => {
  test('on the findings topic and on the queue itself', async () => {
    const known = new Set((await deadLetters()).map(({ id }) => id));
    const foreign = { bot: 'kms_enable_rotation', target: { id: 'k', account: '999999999999' } };
    await publish('not JSON');
    await publish('[1, 2]');
    await publish(JSON.stringify({ hello: 'world' }));
    await publish(JSON.stringify({ bot: 'no_such_bot', target: { id: 'x' } }));
    await publish(JSON.stringify(foreign));
    await publish(
      JSON.stringify({ bot: 'sg_close_ports', target: { id: 'sg-1' }, params: { ports: 'all' } }),
    );
    await publish(
      JSON.stringify({ bot: 'kms_enable_rotation', target: { id: 'x', region: 'xx-nowhere-9' } }),
    );
    await enqueueRaw('also not JSON', 'a');
    await enqueueRaw(JSON.stringify({ version: 1, bot: 'constructor', target: {}, finding: {} }), 'b');
    await enqueueRaw('x'.repeat(250_000), 'c');
    const key = await newKey();

    await until(() => rotates(key));
    const fresh = async () => (await deadLetters()).filter(({ id }) => !known.has(id));
    await until(async () => (await fresh()).length === 10);
    const reasons = (await fresh()).map(({ reason }) => reason).join('\n');
    for (const part of [
      /finding is not JSON/,
      /not a JSON object/,
      /no source speaks like this/,
      /no bot "no_such_bot"/,
      /account 999999999999/,
      /parameter ports of sg_close_ports/,
      /region xx-nowhere-9/,
      /message is not JSON/,
      /not a remediation message/,
    ]) {
      expect(reasons).toMatch(part);
    }
    expect(await depth(installation.queueUrl)).toBe(0);
  });
});

describe('at least once, and never twice harmfully', () => {
  test('the same message five times, and forty findings on one bucket for two bots', async () => {
    const Bucket = 'forty-findings';
    await account.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: BUCKET_REGION }));
    const statement = (Sid: string, Principal: unknown) => ({
      Sid,
      Effect: 'Allow',
      Principal,
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
    });
    const partner = statement('Partner', { AWS: 'arn:aws:iam::444455556666:root' });
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement('All', '*'), partner] });
    await account.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    for (let index = 0; index < 40; index++) {
      const bot = index % 2 === 0 ? 's3_remove_public_statements' : 's3_block_all_public_access';
      const finding = { bot, target: { id: Bucket }, id: `finding-${index}`, time: '2026-11-21T10:00:00Z' };
      for (let time = 0; time < (index === 0 ? 5 : 1); time++) await publish(JSON.stringify(finding));
    }
    const slackBefore = slack().length;
    await until(async () => (await blocked(Bucket)) && (await depth(installation.queueUrl)) === 0);
    const policy = await account.s3.send(new GetBucketPolicyCommand({ Bucket }));
    expect((JSON.parse(policy.Policy ?? '{}') as { Statement: unknown }).Statement).toEqual([partner]);
    const changes = (await book.list()).filter(({ target }) => target.id === Bucket);
    expect(changes.map(({ bot, status }) => `${bot} ${status}`).sort()).toEqual([
      's3_block_all_public_access fixed',
      's3_remove_public_statements fixed',
    ]);
    expect(slack().length - slackBefore).toBeLessThan(10);
  });

  test('a resource that is gone is answered for', async () => {
    const deadLetters = await depth(installation.deadLetterQueueUrl);
    const id = 'i-00000000000000000';
    await publish(JSON.stringify({ bot: 'ec2_stop_instance', target: { id } }));
    await until(async () =>
      (await told()).some(({ outcome, target }) => outcome === 'gone' && target?.id === id),
    );
    await until(async () => (await depth(installation.queueUrl)) === 0);
    expect(await depth(installation.deadLetterQueueUrl)).toBe(deadLetters);
  });
});

describe('Slack', () => {
  test('is told again after 429 and 500, and hostile names do no harm', async () => {
    installation.slack.fail([{ status: 429, headers: { 'Retry-After': '1' } }, { status: 500 }]);
    const key = await newKey();
    const title = '<!channel> `rm` *bold* \u202Egnp.exe\n<https://evil.example|click>';
    await publish(JSON.stringify({ bot: 'kms_enable_rotation', target: { id: key }, title }));
    await until(() => Promise.resolve(slack().some((text) => text.includes(key))));
    const said = slack()
      .filter((text) => text.includes(key))
      .join('\n');
    expect(said).not.toContain('<!channel>');
    expect(said).not.toContain('<https://evil');
    expect(said).not.toMatch(/\u202e|\\u202e/i);
  });
});

describe('undo', () => {
  test('brings the state back, and what a person has undone stays undone', async () => {
    const key = await newKey();
    await until(() => rotates(key));
    await until(async () => (await entriesOf(key)).some(({ status }) => status === 'fixed'));
    const [entry] = await entriesOf(key);
    await selfheal('undo', entry?.id ?? '', '--yes', '--json');
    expect(await rotates(key)).toBe(false);
    expect((await entriesOf(key))[0]).toMatchObject({ status: 'undone' });
    // AWS Config finds it again; the bot holds.
    await until(() => Promise.resolve(slack().some((text) => text.includes(key) && /undone by/i.test(text))));
    await until(async () => (await depth(installation.queueUrl)) === 0);
    expect(await rotates(key)).toBe(false);
  });
});

async function newKey(): Promise<string> {
  return (await account.kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId ?? '';
}

async function rotates(KeyId: string): Promise<boolean> {
  return (await account.kms.send(new GetKeyRotationStatusCommand({ KeyId }))).KeyRotationEnabled === true;
}

async function blocked(Bucket: string): Promise<boolean> {
  const reply = await account.s3.send(new GetPublicAccessBlockCommand({ Bucket })).catch(() => undefined);
  return reply?.PublicAccessBlockConfiguration?.RestrictPublicBuckets === true;
}

async function entriesOf(id: string) {
  return (await book.list()).filter(({ target }) => target.id === id);
}

async function publish(Message: string): Promise<void> {
  await account.sns.send(new PublishCommand({ TopicArn: installation.findingsTopicArn, Message }));
}

async function enqueueRaw(MessageBody: string, id: string): Promise<void> {
  await account.sqs.send(
    new SendMessageCommand({
      QueueUrl: installation.queueUrl,
      MessageBody,
      MessageGroupId: id,
      MessageDeduplicationId: `${id}-${Date.now()}`,
    }),
  );
}

async function depth(QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await account.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return (
    Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible)
  );
}

async function deadLetters(): Promise<{ id: string; reason: string }[]> {
  const deadLetters = new Map<string, string>();
  for (let empty = 0; empty < 2;) {
    const { Messages = [] } = await account.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: installation.deadLetterQueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 2,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) empty += 1;
    for (const { MessageId = '', MessageAttributes } of Messages) {
      deadLetters.set(MessageId, MessageAttributes?.reason?.StringValue ?? '');
    }
  }
  await sleep(2100); // until they can be received again
  return [...deadLetters].map(([id, reason]) => ({ id, reason }));
}

/** A subscriber of the events topic, as anybody may be one. */
async function listen(): Promise<string> {
  const { QueueUrl = '' } = await account.sqs.send(new CreateQueueCommand({ QueueName: 'listener' }));
  const Endpoint = `arn:aws:sqs:${installation.region}:${installation.accountId}:listener`;
  await account.sns.send(
    new SubscribeCommand({
      TopicArn: installation.eventsTopicArn,
      Protocol: 'sqs',
      Endpoint,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  return QueueUrl;
}

/** Everything told so far, each event as its schema has it. */
async function told(): Promise<SelfhealEvent[]> {
  for (;;) {
    const { Messages = [] } = await account.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: eventsQueue, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return events;
    events.push(...Messages.map(({ Body = '' }) => eventSchema.parse(JSON.parse(Body))));
  }
}

function slack(): string[] {
  return installation.slack.messages.map(({ body }) => JSON.stringify(body));
}

async function selfheal(...args: string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(ROOT, 'cli', 'selfheal.mjs'), ...args],
    {
      env: { ...localEnvironment(installation.endpoint, installation.region), SELFHEAL_CONFIG: DEMO_CONFIG },
    },
  );
  return JSON.parse(stdout) as unknown;
}
