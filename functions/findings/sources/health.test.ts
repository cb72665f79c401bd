import fc from 'fast-check';
import { entry } from '../../../testing/entry';
import { mutated } from '../../../testing/mutated';
import type { CatalogueEntry } from '../../../shared/catalogue';
import type { Route } from '../../../shared/config';
import { remediationSchema } from '../../../shared/worker/message';
import type { Intake, Reading } from '../source';
import abuse from './fixtures/health/abuse.json';
import exposedKey from './fixtures/health/exposed-key.json';
import publicEvent from './fixtures/health/public.json';
import retirement from './fixtures/health/retirement.json';
import { health } from './health';

const ACCOUNT = '111122223333';
const SAMPLES = [abuse, exposedKey, publicEvent, retirement];

const bots = [
  ...['EC2::Instance', 'EC2::Volume', 'EC2::SecurityGroup', 'EC2::Snapshot', 'EC2::Image', 'EC2::VPC'],
  ...['IAM::AccessKey', 'IAM::User', 'IAM::Role', 'S3::Bucket', 'Lambda::Function', 'RDS::DBInstance'],
].map((type) => {
  const id = `on_${type.replace('::', '_').toLowerCase()}`;
  return entry(id, { resource: `AWS::${type}` as CatalogueEntry['resource'] });
});

const everything: Record<string, Route> = { '*': bots.map(({ id }) => id).join('|') };

function intakeWith(routes = everything): Intake {
  return {
    catalogue: bots,
    accountId: ACCOUNT,
    region: 'eu-west-1',
    routes: { health: routes },
    sentAt: '2026-11-21T12:00:00.000Z',
    messageId: 'message-1',
  };
}

function read(message: object, routes?: Record<string, Route>): Reading[] {
  expect(health.accepts(message)).toBe(true);
  return health.read(message, intakeWith(routes));
}

function namedIn(message: object): string[] {
  return read(message)
    .flatMap((reading) => ('remediation' in reading ? [reading.remediation.target] : []))
    .map(({ type, id, region }) => `${type} ${id} ${region}`)
    .sort();
}

function withDetail(changes: object, event: { detail: object } = retirement): object {
  return { ...event, detail: { ...event.detail, ...changes } };
}

describe('what the events name', () => {
  test('an exposed key: the whole of it', () => {
    const routes = { AWS_RISK_CREDENTIALS_EXPOSED: 'AUTO: on_iam_accesskey | AUTO: on_iam_user' };
    const finding = {
      source: 'health',
      id: exposedKey.detail.eventArn,
      time: '2026-11-21T09:37:55.000Z',
      title: 'Your AWS Account may be compromised! We have opened a Support Case with more details.',
    };
    const target = { account: ACCOUNT, region: 'us-east-1' };
    expect(read(exposedKey, routes)).toEqual([
      {
        remediation: {
          ...{ version: 1, bot: 'on_iam_accesskey', params: {}, finding },
          target: { ...target, type: 'AWS::IAM::AccessKey', id: 'AKIAIOSFODNN7EXAMPLE' },
        },
      },
      {
        remediation: {
          ...{ version: 1, bot: 'on_iam_user', params: {}, finding },
          target: { ...target, type: 'AWS::IAM::User', id: 'deployer' },
        },
      },
    ]);
  });

  test('instances, by ARN and by id, without those that are resolved', () => {
    expect(namedIn(retirement)).toEqual([
      'AWS::EC2::Instance i-0a1b2c3d4e5f60718 eu-west-1',
      'AWS::EC2::Instance i-0c0ffee0c0ffee0c0 eu-west-1',
    ]);
  });

  test('the affected account, not the one in which an organisation hears of it', () => {
    expect(read(abuse, { AWS_ABUSE_DOS_REPORT: 'on_ec2_instance' })).toMatchObject([
      { remediation: { target: { account: ACCOUNT, id: 'i-0a1b2c3d4e5f60718' } } },
    ]);
  });

  test.each<[string, string, string[]]>([
    ['EC2', 'vol-0a1b', ['AWS::EC2::Volume vol-0a1b eu-west-1']],
    ['EC2', 'sg-0a1b', ['AWS::EC2::SecurityGroup sg-0a1b eu-west-1']],
    ['EC2', 'i-0a1b; rm', []],
    ['LAMBDA', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:f:7`, ['AWS::Lambda::Function f eu-west-1']],
    ['RDS', `arn:aws:rds:eu-west-1:${ACCOUNT}:db:orders`, ['AWS::RDS::DBInstance orders eu-west-1']],
    ['IAM', `arn:aws:iam::${ACCOUNT}:user/team/ann`, ['AWS::IAM::User ann us-east-1']],
    ['S3', 'reports-2026', ['AWS::S3::Bucket reports-2026 eu-west-1']],
    ['S3', 'arn:aws:s3:::reports-2026', ['AWS::S3::Bucket reports-2026 eu-west-1']],
    ['RISK', 'ASIAIOSFODNN7EXAMPLE', []],
    ['BILLING', 'AWS_ACCOUNT', []],
    ['EC2', 'UNKNOWN', []],
  ])('%s %s', (service, entityValue, expected) => {
    expect(namedIn(withDetail({ service, affectedEntities: [{ entityValue }] }))).toEqual(expected);
  });

  test('metadata names users only where keys are at risk', () => {
    const eventMetadata = { publicKey: 'AKIAIOSFODNN7EXAMPLE', userName: 'ann' };
    expect(namedIn(withDetail({ eventMetadata, affectedEntities: [] }))).toEqual([]);
    expect(
      namedIn(withDetail({ eventMetadata: { publicKey: 'ASIA1', userName: 'a b' } }, exposedKey)),
    ).toEqual(['AWS::IAM::AccessKey AKIAIOSFODNN7EXAMPLE us-east-1']);
  });
});

describe('routes', () => {
  test.each([
    'AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED',
    'AWS_EC2_*',
    'scheduledChange',
    'aws_ec2_instance_retirement_scheduled',
  ])('%s', (pattern) => {
    expect(read(retirement, { [pattern]: 'on_ec2_instance' })).toHaveLength(2);
  });

  test('Health gives no severity: every route with a minimum takes the event', () => {
    expect(read(retirement, { '*': { auto: 'on_ec2_instance', minSeverity: 9 } })).toHaveLength(2);
  });

  test('no route', () => {
    expect(read(retirement, {})).toEqual([
      { declined: expect.stringMatching(/^no route for AWS_EC2_INSTANCE/), withoutRoute: true },
    ]);
  });
});

describe('nothing is to be done', () => {
  test.each<[object, RegExp]>([
    [publicEvent, /public/],
    [withDetail({ statusCode: 'closed' }), /closed/],
    [withDetail({ affectedEntities: [{ entityValue: 'i-1', status: 'RESOLVED' }] }), /resolved/],
    [withDetail({ affectedEntities: [{ entityValue: 'i-1', statusCode: 'UNIMPAIRED' }] }), /resolved/],
    [{ ...retirement, 'detail-type': 'AWS Health Something' }, /no event$/],
    [{ ...retirement, 'detail-type': null }, /no event$/],
  ])('%#', (message, reason) => {
    expect(read(message)).toEqual([{ declined: expect.stringMatching(reason) }]);
  });
});

describe('the event', () => {
  test('its backup in another region is the same message', () => {
    const backup = withDetail({ backupEvent: 'true', communicationId: 'x' });
    expect(read({ ...backup, id: 'other', region: 'us-west-2', time: '2026-11-21T10:00:00Z' })).toEqual(
      read(retirement),
    );
  });

  test.each([
    [{ lastUpdatedTime: '' }, '2026-11-21T09:37:54.000Z'],
    [{ lastUpdatedTime: 'soon', startTime: null }, '2026-11-21T09:38:36.000Z'],
  ])('%j: its time', (changes, time) => {
    expect(read(withDetail(changes))[0]).toMatchObject({ remediation: { finding: { time } } });
  });

  test.each<[object, RegExp]>([
    [{ ...retirement, detail: undefined }, /^not an event of AWS Health: detail: /],
    [withDetail({ eventArn: 7 }), /detail\.eventArn/],
    [withDetail({ eventTypeCode: '' }), /detail\.eventTypeCode/],
    [withDetail({ affectedEntities: {} }), /detail\.affectedEntities/],
    [withDetail({ affectedEntities: [{ entityValue: ['i-1'] }] }), /affectedEntities\.0\.entityValue/],
    [withDetail({ eventMetadata: { userName: 7 } }), /eventMetadata\.userName/],
    [withDetail({ affectedAccount: 111122223333 }), /affectedAccount/],
    [{ ...withDetail({ affectedAccount: '' }), account: null }, /names no account/],
  ])('%j is none of Health’s', (message, reason) => {
    expect(read(message)).toEqual([{ unusable: expect.stringMatching(reason) }]);
  });

  test('whatever stands in its fields: nothing is thrown, and what is asked for is well formed', () => {
    fc.assert(
      fc.property(mutated(SAMPLES), (message) => {
        if (health.accepts(message)) expect(health.read(message, intakeWith()).length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
    for (const reading of SAMPLES.flatMap((message) => read(message))) {
      if ('remediation' in reading) remediationSchema.parse(reading.remediation);
    }
  });
});
