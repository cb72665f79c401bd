import { unwrap } from './records';

const SENT = '2026-11-21T10:00:00.000Z';
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:findings';
const sqs = (body: string, messageId = 'sqs-1') => ({
  messageId,
  receiptHandle: 'handle',
  body,
  attributes: { SentTimestamp: String(Date.parse(SENT)), ApproximateReceiveCount: '1' },
  messageAttributes: {},
  eventSource: 'aws:sqs',
  awsRegion: 'eu-west-1',
});
const envelope = (Message: string) => ({
  Type: 'Notification',
  MessageId: 'sns-1',
  TopicArn: TOPIC,
  Subject: null,
  Message,
  Timestamp: '2026-11-21T09:59:00.123Z',
});

test('SQS, raw: the body as it is', () => {
  expect(unwrap({ Records: [sqs('{"a":1}'), sqs('nonsense', 'sqs-2')] })).toEqual([
    { itemIdentifier: 'sqs-1', messageId: 'sqs-1', sentAt: SENT, text: '{"a":1}' },
    { itemIdentifier: 'sqs-2', messageId: 'sqs-2', sentAt: SENT, text: 'nonsense' },
  ]);
});

test('SNS in SQS: what is in the envelope, with SNS’s id, which stays when SQS delivers twice', () => {
  expect(unwrap({ Records: [sqs(JSON.stringify(envelope('{"a":1}')))] })).toEqual([
    {
      itemIdentifier: 'sqs-1',
      messageId: 'sns-1',
      sentAt: '2026-11-21T09:59:00.123Z',
      topic: TOPIC,
      text: '{"a":1}',
    },
  ]);
});

test.each([
  ['a message that only speaks of notifications', '{"Type":"Other","note":"\\"Notification\\""}'],
  ['a notification without a message', '{"Type":"Notification"}'],
  ['half a notification', '{"Type":"Notification","Message":'],
  ['a list', '[{"Type":"Notification"}]'],
])('%s is no envelope', (_name, body) => {
  expect(unwrap({ Records: [sqs(body)] })).toMatchObject([{ messageId: 'sqs-1', text: body }]);
});

test('SNS itself, several records: each, and none can be handed back alone', () => {
  const record = (text: string) => ({ EventSource: 'aws:sns', EventVersion: '1.0', Sns: envelope(text) });
  expect(unwrap({ Records: [record('{"a":1}'), record('{"a":2}')] })).toEqual([
    { messageId: 'sns-1', sentAt: '2026-11-21T09:59:00.123Z', topic: TOPIC, text: '{"a":1}' },
    { messageId: 'sns-1', sentAt: '2026-11-21T09:59:00.123Z', topic: TOPIC, text: '{"a":2}' },
  ]);
});

test.each([[{}], [{ TopicArn: 7 }], [{ TopicArn: null }]])(
  'an envelope that names no topic, %j, says so',
  (changes) => {
    const { TopicArn: _, ...rest } = envelope('x');
    const Sns = { ...rest, ...changes };
    expect(unwrap({ Records: [sqs(JSON.stringify(Sns)), { Sns }] })).toMatchObject([
      { topic: '' },
      { topic: '' },
    ]);
  },
);

test('EventBridge: the whole event, with its own id and time', () => {
  const event = { id: 'event-1', time: '2026-11-21T10:00:00Z', source: 'mine', detail: { a: 1 } };
  expect(unwrap(event)).toEqual([{ messageId: 'event-1', sentAt: SENT, text: JSON.stringify(event) }]);
});

test('a time that is none becomes now', () => {
  const before = Date.now();
  const record = { ...sqs('x'), attributes: { SentTimestamp: 'soon' } };
  const [, fromEvent] = [...unwrap({ Records: [record] }), ...unwrap({ time: 'soon' })];
  expect(Date.parse(fromEvent?.sentAt ?? '')).toBeGreaterThanOrEqual(before);
});

test.each([[null], [undefined], ['text'], [7], [[]], [{}], [{ Records: 'none' }], [{ Records: {} }]])(
  'what is no event of AWS, %j, is one message',
  (event) => {
    expect(unwrap(event)).toMatchObject([{ messageId: 'unknown', text: JSON.stringify(event ?? null) }]);
  },
);

test.each([[null], ['text'], [{ body: 7 }], [{ body: null }], [{ Sns: 'x' }], [{ attributes: 'x' }]])(
  'a record that is none, %j, does not stop the others',
  (record) => {
    const [first, second] = unwrap({ Records: [record, sqs('{"a":1}')] });
    expect(first).toMatchObject({ messageId: 'unknown', text: '' });
    expect(second).toMatchObject({ text: '{"a":1}' });
  },
);
