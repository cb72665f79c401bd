import { type Question, type RuleEvent, aboutAccount, readRule } from './notification';
import { changed, invoked, item } from './testing';

const REGION = 'eu-central-1';
const KEY = {
  bot: 'kms_enable_rotation',
  target: { account: '111122223333', region: 'eu-west-1', type: 'AWS::KMS::Key', id: 'key-1' },
  evaluated: { type: 'AWS::KMS::Key', id: 'key-1' },
  seenAt: '2026-11-21T10:00:00.123Z',
  left: false,
};

function questionOf(event: RuleEvent, region: string): Question {
  const asked = readRule(event, region);
  return 'target' in asked ? asked : aboutAccount(asked, region);
}

test('a change: the item’s resource, and when AWS Config saw it', () => {
  expect(questionOf(changed(), REGION)).toEqual(KEY);
});

test('a user: by name for IAM, by its own id for AWS Config', () => {
  const user = { resourceType: 'AWS::IAM::User', resourceId: 'AIDAEXAMPLE', resourceName: 'ada' };
  expect(questionOf(changed(user), REGION)).toMatchObject({
    target: { type: 'AWS::IAM::User', id: 'ada' },
    evaluated: { type: 'AWS::IAM::User', id: 'AIDAEXAMPLE' },
  });
});

test('an oversized change: what is left of the item is enough', () => {
  const { configuration: _, ...configurationItemSummary } = item() as { configuration: object };
  const oversized = {
    messageType: 'OversizedConfigurationItemChangeNotification',
    configurationItemSummary,
    s3DeliverySummary: { s3BucketLocation: 'bucket/key', errorCode: null, errorMessage: null },
    notificationCreationTime: '2026-11-21T10:00:01.000Z',
    recordVersion: '1.0',
  };
  expect(questionOf(invoked(oversized), REGION)).toEqual(KEY);
});

test('a schedule: the account', () => {
  const scheduled = {
    messageType: 'ScheduledNotification',
    awsAccountId: '111122223333',
    notificationCreationTime: '2026-11-21T10:00:01.000Z',
    recordVersion: '1.0',
  };
  expect(questionOf(invoked(scheduled), REGION)).toEqual({
    bot: 'kms_enable_rotation',
    target: { account: '111122223333', region: REGION, type: 'AWS::::Account', id: '111122223333' },
    evaluated: { type: 'AWS::::Account', id: '111122223333' },
    seenAt: '2026-11-21T10:00:01.000Z',
    left: false,
  });
});

test('a resource of no region is reached through the one of its partition', () => {
  const role = {
    awsRegion: 'global',
    resourceType: 'AWS::IAM::Role',
    resourceId: 'AROAEXAMPLEID12',
    resourceName: 'app',
  };
  expect(questionOf(changed(role), REGION).target).toMatchObject({ region: 'us-east-1', id: 'app' });
  expect(questionOf(changed(role), 'cn-north-1').target.region).toBe('cn-north-1');
});

test('a resource that lies in a region, and of which none is said, is not looked for', () => {
  expect(() => questionOf(changed({ awsRegion: 'global' }), REGION)).toThrow(
    /names no region for AWS::KMS::Key/,
  );
});

test('a time with another offset is the same time', () => {
  const event = changed({ configurationItemCaptureTime: '2026-11-21T12:00:00.123+02:00' });
  expect(questionOf(event, REGION).seenAt).toBe(KEY.seenAt);
});

describe('a resource that is there no more', () => {
  test.each(['ResourceDeleted', 'ResourceDeletedNotRecorded', 'ResourceNotRecorded'])('%s', (status) => {
    expect(questionOf(changed({ configurationItemStatus: status }), REGION)).toEqual({ ...KEY, left: true });
  });

  test.each(['OK', 'ResourceDiscovered'])('%s: it is there', (status) => {
    expect(questionOf(changed({ configurationItemStatus: status }), REGION).left).toBe(false);
  });

  test('left the scope of the rule', () => {
    expect(questionOf(changed({}, { eventLeftScope: true }), REGION).left).toBe(true);
  });
});

describe('an event that is none of AWS Config: one sentence', () => {
  test.each<[string, unknown, RegExp]>([
    ['nothing', '', /^not a notification of AWS Config/],
    ['not JSON', '{"messageType"', /^not a notification of AWS Config/],
    ['null', null, /^not a notification of AWS Config/],
    ['another kind', { messageType: 'ConfigurationSnapshotDeliveryCompleted' }, /messageType/],
    ['no item', { messageType: 'ConfigurationItemChangeNotification' }, /configurationItem/],
    [
      'an item without id',
      { messageType: 'ConfigurationItemChangeNotification', configurationItem: item({ resourceId: 7 }) },
      /configurationItem\.resourceId/,
    ],
    [
      'a time that is none',
      {
        messageType: 'ConfigurationItemChangeNotification',
        configurationItem: item({ configurationItemCaptureTime: 'yesterday' }),
      },
      /configurationItem\.configurationItemCaptureTime: not a time/,
    ],
    [
      'a schedule without time',
      { messageType: 'ScheduledNotification', awsAccountId: '111122223333' },
      /notificationCreationTime/,
    ],
  ])('%s', (_name, invokingEvent, message) => {
    expect(() => questionOf(invoked(invokingEvent), REGION)).toThrow(message);
  });

  test.each([undefined, '', '{}', 'null', '7', '{"bot":7}', '{"bot"'])('no bot in %j', (ruleParameters) => {
    const { ruleParameters: _, ...event } = changed();
    const asked = ruleParameters === undefined ? event : { ...event, ruleParameters };
    expect(() => questionOf(asked, REGION)).toThrow(
      'the rule selfheal-kms_enable_rotation names no bot in its parameters: deploy again',
    );
  });
});
