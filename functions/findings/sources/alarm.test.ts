import fc from 'fast-check';
import { entry } from '../../../testing/entry';
import { mutated } from '../../../testing/mutated';
import type { CatalogueEntry } from '../../../shared/catalogue';
import type { Route } from '../../../shared/config';
import { remediationSchema } from '../../../shared/worker/message';
import type { Intake, Reading } from '../source';
import { alarm } from './alarm';
import composite from './fixtures/alarm/event-composite.json';
import math from './fixtures/alarm/event-math.json';
import ok from './fixtures/alarm/event-ok.json';
import event from './fixtures/alarm/event.json';
import notifiedMath from './fixtures/alarm/notification-math.json';
import notification from './fixtures/alarm/notification.json';

const ACCOUNT = '111122223333';
const SAMPLES = [composite, math, ok, event, notifiedMath, notification];

const bots = [
  ...['EC2::Instance', 'S3::Bucket', 'Lambda::Function', 'RDS::DBInstance', 'KMS::Key', 'EFS::FileSystem'],
  ...['ECS::Cluster', 'EKS::Cluster', 'DynamoDB::Table', 'CloudFront::Distribution', '::Account'],
  ...['SQS::Queue', 'SNS::Topic'],
].map((type) => {
  const id = `on_${type.replace(/^::/, '').replace('::', '_').toLowerCase()}`;
  return entry(id, { resource: `AWS::${type}` as CatalogueEntry['resource'] });
});

const everything: Record<string, Route> = {
  '*': bots
    .map(({ id }) => id)
    .filter((id) => id !== 'on_account')
    .join('|'),
};

function intakeWith(routes = everything): Intake {
  return {
    catalogue: bots,
    accountId: ACCOUNT,
    region: 'eu-west-1',
    routes: { alarm: routes },
    sentAt: '2026-11-21T12:00:00.000Z',
    messageId: 'message-1',
  };
}

function read(message: object, routes?: Record<string, Route>): Reading[] {
  expect(alarm.accepts(message)).toBe(true);
  return alarm.read(message, intakeWith(routes));
}

function namedIn(message: object): string[] {
  return read(message)
    .flatMap((reading) => ('remediation' in reading ? [reading.remediation.target] : []))
    .map(({ type, id }) => `${type} ${id}`)
    .sort();
}

function withDetail(changes: object): object {
  return { ...event, detail: { ...event.detail, ...changes } };
}

function onMetric(namespace: string, dimensions: unknown, accountId?: string): object {
  const metrics = [{ id: 'm1', accountId, metricStat: { metric: { namespace, name: 'x', dimensions } } }];
  return withDetail({ configuration: { description: '', metrics } });
}

describe('what the alarms name', () => {
  test('an instance: the whole of it', () => {
    expect(read(event, { 'ServerCpu*': 'AUTO: on_ec2_instance' })).toEqual([
      {
        remediation: {
          version: 1,
          bot: 'on_ec2_instance',
          target: {
            account: ACCOUNT,
            region: 'eu-west-1',
            type: 'AWS::EC2::Instance',
            id: 'i-0a1b2c3d4e5f60718',
          },
          params: {},
          finding: {
            source: 'alarm',
            id: `eu-west-1/${ACCOUNT}/ServerCpuTooHigh`,
            time: '2026-11-21T09:59:40.989Z',
            title: 'Goes into alarm when something is wrong',
          },
        },
      },
    ]);
  });

  test('a bucket, over SNS: region and account from the ARN', () => {
    expect(read(notification, { BucketTooLarge: 'on_s3_bucket' })).toMatchObject([
      {
        remediation: {
          target: { account: ACCOUNT, region: 'eu-west-1', id: 'reports-2026' },
          finding: { id: `eu-west-1/${ACCOUNT}/BucketTooLarge`, time: '2026-11-21T09:59:40.989Z' },
        },
      },
    ]);
  });

  test('every instance of an expression; one function measured twice is one', () => {
    expect(namedIn(math)).toEqual([
      'AWS::EC2::Instance i-0a1b2c3d4e5f60718',
      'AWS::EC2::Instance i-0c0ffee0c0ffee0c0',
    ]);
    expect(namedIn(notifiedMath)).toEqual(['AWS::Lambda::Function thumbnails']);
  });

  test.each([
    ['CWAgent', { InstanceId: 'i-1', host: 'h' }, ['AWS::EC2::Instance i-1']],
    ['AWS/Connect', { InstanceId: '0a1b' }, []],
    ['AWS/RDS', { DBInstanceIdentifier: 'orders-1' }, ['AWS::RDS::DBInstance orders-1']],
    ['AWS/DynamoDB', { TableName: 'orders' }, ['AWS::DynamoDB::Table orders']],
    ['AWS/KMS', { KeyId: 'key-1' }, ['AWS::KMS::Key key-1']],
    ['My/App', { KeyId: 'key-1' }, []],
    ['AWS/EFS', { FileSystemId: 'fs-1' }, ['AWS::EFS::FileSystem fs-1']],
    ['AWS/FSx', { FileSystemId: 'fs-1' }, []],
    ['AWS/ECS', { ClusterName: 'shop', ServiceName: 'cart' }, ['AWS::ECS::Cluster shop']],
    ['ContainerInsights', { ClusterName: 'pets' }, ['AWS::EKS::Cluster pets']],
    ['AWS/CloudFront', { DistributionId: 'E1', Region: 'Global' }, ['AWS::CloudFront::Distribution E1']],
    ['AWS/Lambda', { FunctionName: '' }, []],
    [
      'AWS/SQS',
      { QueueName: 'orders.fifo' },
      [`AWS::SQS::Queue https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/orders.fifo`],
    ],
    ['AWS/SNS', { TopicName: 'news' }, [`AWS::SNS::Topic arn:aws:sns:eu-west-1:${ACCOUNT}:news`]],
    ['AWS/SQS', { QueueName: '' }, []],
    ['AWS/SNS', { TopicName: 'a:b' }, []],
    ['My/App', { QueueName: 'orders', TopicName: 'news' }, []],
    ['My/App', { constructor: 'x', __proto__: 'y' }, []],
    ['My/App', null, []],
  ])('%s %j', (namespace, dimensions, expected) => {
    expect(namedIn(onMetric(namespace, dimensions))).toEqual(expected);
  });

  test('a metric of another account names a resource there', () => {
    const message = onMetric('AWS/EC2', { InstanceId: 'i-1' }, '999999999999');
    expect(read(message, { '*': 'on_ec2_instance' })).toMatchObject([
      { remediation: { target: { account: '999999999999' } } },
    ]);
  });

  test('a queue of another account is named there', () => {
    const message = onMetric('AWS/SQS', { QueueName: 'orders' }, '999999999999');
    expect(read(message, { '*': 'on_sqs_queue' })).toMatchObject([
      { remediation: { target: { id: 'https://sqs.eu-west-1.amazonaws.com/999999999999/orders' } } },
    ]);
  });

  test('an alarm on a log’s filter names nothing; a bot of the account answers', () => {
    const message = onMetric('CloudTrail', {});
    expect(read(message, { '*': 'on_account' })).toMatchObject([
      { remediation: { target: { id: ACCOUNT } } },
    ]);
    expect(read(message, { '*': 'on_ec2_instance' })).toEqual([
      { unusable: expect.stringMatching(/names no AWS::EC2::Instance/) },
    ]);
  });
});

describe('only ALARM asks for a repair', () => {
  test.each<[object, RegExp]>([
    [ok, /state OK; only ALARM/],
    [withDetail({ state: { value: 'INSUFFICIENT_DATA' } }), /INSUFFICIENT_DATA; only ALARM/],
    [{ ...notification, NewStateValue: 'OK' }, /state OK; only ALARM/],
    [composite, /suppressed by WaitPeriod/],
    [{ ...event, 'detail-type': 'CloudWatch Alarm Configuration Change' }, /no state of an alarm/],
    [{ ...event, 'detail-type': {} }, /says nothing/],
    [{ source: 'aws.cloudwatch' }, /says nothing/],
  ])('%#', (message, reason) => {
    expect(read(message)).toEqual([{ declined: expect.stringMatching(reason) }]);
  });

  test('a composite alarm that is not suppressed names nothing itself', () => {
    const { configuration, state } = composite.detail;
    const detail = { ...composite.detail, configuration, state: { ...state, actionsSuppressedBy: null } };
    expect(read({ ...composite, detail }, { '*': 'on_account' })).toHaveLength(1);
  });
});

describe('routes', () => {
  test('CloudWatch gives no severity: every route with a minimum takes the alarm', () => {
    expect(read(event, { 'Server*': { auto: 'on_ec2_instance', minSeverity: 9 } })).toMatchObject([
      { remediation: { bot: 'on_ec2_instance' } },
    ]);
  });

  test('no route', () => {
    expect(read(event, { Other: 'on_ec2_instance' })).toEqual([
      { declined: expect.stringMatching(/^no route for ServerCpuTooHigh of alarm/), withoutRoute: true },
    ]);
  });
});

describe('the alarm', () => {
  test.each<[object, RegExp]>([
    [{ ...event, account: 1 }, /^not a CloudWatch alarm: account: /],
    [{ ...event, detail: null }, /: detail: /],
    [withDetail({ alarmName: '' }), /: detail\.alarmName: /],
    [withDetail({ state: 'ALARM' }), /: detail\.state: /],
    [withDetail({ configuration: [] }), /: detail\.configuration: /],
    [onMetric('AWS/EC2', { InstanceId: 7 }), /dimensions\.InstanceId/],
    [onMetric('AWS/EC2', ['i-1', 7]), /dimensions/],
    [{ ...notification, AlarmName: 7 }, /: AlarmName: /],
    [{ ...notification, AlarmArn: 'arn:aws:s3:::b' }, /AlarmArn is not the ARN of an alarm/],
    [{ ...notification, AlarmArn: null }, /: AlarmArn: /],
    [{ ...notification, NewStateValue: 1 }, /: NewStateValue: /],
    [{ ...notification, Trigger: { Dimensions: [{ name: 'InstanceId' }] } }, /Dimensions\.0\.value/],
  ])('%#: none of CloudWatch’s', (message, reason) => {
    expect(read(message)).toEqual([{ unusable: expect.stringMatching(reason) }]);
  });

  test('whatever stands in its fields: nothing is thrown, and what is asked for is well formed', () => {
    fc.assert(
      fc.property(mutated(SAMPLES), (message) => {
        if (alarm.accepts(message)) expect(alarm.read(message, intakeWith()).length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
    for (const reading of SAMPLES.flatMap((message) => read(message))) {
      if ('remediation' in reading) remediationSchema.parse(reading.remediation);
    }
  });
});
