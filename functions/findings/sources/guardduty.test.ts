import fc from 'fast-check';
import { entry } from '../../../testing/entry';
import { mutated } from '../../../testing/mutated';
import type { CatalogueEntry } from '../../../shared/catalogue';
import type { Config } from '../../../shared/config';
import { remediationSchema } from '../../../shared/worker/message';
import { catalogue } from '../../remediators/catalogue';
import type { Intake, Reading } from '../source';
import accessKey from './fixtures/guardduty/access-key.json';
import attackSequence from './fixtures/guardduty/attack-sequence.json';
import buckets from './fixtures/guardduty/buckets.json';
import database from './fixtures/guardduty/database.json';
import ecsTask from './fixtures/guardduty/ecs-task.json';
import eksCluster from './fixtures/guardduty/eks-cluster.json';
import instance from './fixtures/guardduty/instance.json';
import lambda from './fixtures/guardduty/lambda.json';
import malware from './fixtures/guardduty/malware.json';
import sample from './fixtures/guardduty/sample.json';
import { guardduty } from './guardduty';

const ACCOUNT = '111122223333';
const SAMPLES = [
  ...[accessKey, attackSequence, buckets, database, ecsTask],
  ...[eksCluster, instance, lambda, malware, sample],
];

/** A bot for every type of resource that GuardDuty names: `instance`, `vpc`, `accesskey` … */
const bots = [
  ...['EC2::Instance', 'EC2::VPC', 'EC2::Volume', 'EC2::Snapshot', 'EC2::Image', 'EC2::NetworkInterface'],
  ...['IAM::AccessKey', 'IAM::User', 'IAM::Role', 'IAM::InstanceProfile', 'S3::Bucket', 'EKS::Cluster'],
  ...['ECS::Cluster', 'ECS::Task', 'ECS::TaskDefinition', 'Lambda::Function', 'RDS::DBInstance'],
  ...['RDS::DBCluster', 'RDS::DBShardGroup', 'Backup::RecoveryPoint', 'Backup::BackupVault'],
  ...['AutoScaling::AutoScalingGroup', 'CloudFormation::Stack', '::Account'],
].map((type) => {
  const id = `on_${type.replace(/^::/, '').replace('::', '_').toLowerCase()}`;
  return entry(id, { resource: `AWS::${type}` as CatalogueEntry['resource'] });
});

const everything = { '*': bots.map(({ id }) => `AUTO: ${id}`).join('|') };

type Routes = NonNullable<NonNullable<Config['routes']>['guardduty']>;

function intakeWith(routes: Routes = everything): Intake {
  return {
    catalogue: [...catalogue, ...bots, entry('on_key')],
    accountId: ACCOUNT,
    region: 'eu-west-1',
    routes: { guardduty: routes },
    sentAt: '2026-11-21T12:00:00.000Z',
    messageId: 'message-1',
  };
}

function read(message: object, routes?: Routes): Reading[] {
  expect(guardduty.accepts(message)).toBe(true);
  return guardduty.read(message, intakeWith(routes));
}

/** All that bots could act on: `type id`, with the region where that is no matter of course. */
function namedIn(message: object): string[] {
  return read(message)
    .flatMap((reading) => ('remediation' in reading ? [reading.remediation.target] : []))
    .filter(({ type }) => type !== 'AWS::::Account')
    .map(({ type, id, region }) => [type, id, ...(region === usual(type) ? [] : [region])].join(' '))
    .sort();
}

const usual = (type: string) => (type.startsWith('AWS::IAM::') ? 'us-east-1' : 'eu-west-1');

type Change<T> = { readonly [K in keyof T]?: unknown } & Readonly<Record<string, unknown>>;

function withDetail(
  changes: Change<(typeof instance)['detail']>,
  event: { detail: object } = instance,
): object {
  return { ...event, detail: { ...event.detail, ...changes } };
}

function withResource(resource: object): object {
  return withDetail({ resource });
}

describe('what the findings name', () => {
  test.each<[string, object, string[]]>([
    [
      'an instance, its profile and its network',
      instance,
      [
        'AWS::EC2::Instance i-0a1b2c3d4e5f60718',
        'AWS::EC2::VPC vpc-0f1e2d3c4b5a69788',
        'AWS::IAM::InstanceProfile web-profile',
      ],
    ],
    [
      'a key and its user',
      accessKey,
      ['AWS::IAM::AccessKey AKIAIOSFODNN7EXAMPLE', 'AWS::IAM::User deployer'],
    ],
    [
      'every bucket, and the role whose session it was: not the session’s key',
      buckets,
      ['AWS::IAM::Role ReportReader', 'AWS::S3::Bucket reports-2026', 'AWS::S3::Bucket reports-archive'],
    ],
    [
      'a function and its role',
      lambda,
      ['AWS::IAM::Role thumbnails-role', 'AWS::Lambda::Function thumbnails'],
    ],
    ['a database', database, ['AWS::RDS::DBCluster orders', 'AWS::RDS::DBInstance orders-1']],
    [
      'a task, its cluster and the instance under it',
      ecsTask,
      [
        'AWS::EC2::Instance i-0c0ffee0c0ffee0c0',
        'AWS::EC2::VPC vpc-0f1e2d3c4b5a69788',
        'AWS::ECS::Cluster shop',
        'AWS::ECS::Task arn:aws:ecs:eu-west-1:111122223333:task/shop/0a1b2c3d4e5f60718293a4b5c6d7e8f9',
        'AWS::ECS::TaskDefinition arn:aws:ecs:eu-west-1:111122223333:task-definition/cart:7',
      ],
    ],
    ['a Kubernetes cluster', eksCluster, ['AWS::EC2::VPC vpc-0f1e2d3c4b5a69788', 'AWS::EKS::Cluster pets']],
    [
      'an instance with malware: the volume it is on, not the clean one',
      malware,
      [
        'AWS::EC2::Instance i-0a1b2c3d4e5f60718',
        'AWS::EC2::VPC vpc-0f1e2d3c4b5a69788',
        'AWS::EC2::Volume vol-0badbadbadbadbad0',
      ],
    ],
    [
      'an attack: who took part and what it was about, each in its region',
      attackSequence,
      [
        'AWS::EC2::Instance i-0a1b2c3d4e5f60718',
        'AWS::IAM::AccessKey AKIAIOSFODNN7EXAMPLE',
        'AWS::IAM::InstanceProfile web-profile',
        'AWS::IAM::User deployer',
        'AWS::S3::Bucket customer-data',
        'AWS::S3::Bucket customer-data-us us-east-2',
      ],
    ],
    [
      'a limitless database',
      withResource({
        resourceType: 'RDSLimitlessDB',
        rdsLimitlessDbDetails: { dbShardGroupIdentifier: 'shards', dbClusterIdentifier: 'orders' },
      }),
      ['AWS::RDS::DBCluster orders', 'AWS::RDS::DBShardGroup shards'],
    ],
    [
      'a snapshot',
      withResource({ ebsSnapshotDetails: { snapshotArn: 'arn:aws:ec2:eu-west-1::snapshot/snap-0a1b' } }),
      ['AWS::EC2::Snapshot snap-0a1b'],
    ],
    [
      'an image',
      withResource({ ec2ImageDetails: { imageArn: 'arn:aws:ec2:eu-west-1::image/ami-0a1b' } }),
      ['AWS::EC2::Image ami-0a1b'],
    ],
    [
      'a recovery point',
      withResource({
        recoveryPointDetails: {
          recoveryPointArn: 'arn:aws:ec2:eu-west-1::snapshot/snap-1',
          backupVaultName: 'v',
        },
      }),
      ['AWS::Backup::BackupVault v', 'AWS::Backup::RecoveryPoint arn:aws:ec2:eu-west-1::snapshot/snap-1'],
    ],
    ['a container, which no API takes', withResource({ containerDetails: { id: 'c', name: 'miner' } }), []],
    ['nothing', withResource({ resourceType: 'SomethingNew', somethingNewDetails: { id: 'x' } }), []],
  ])('%s', (_what, message, expected) => {
    expect(namedIn(message)).toEqual(expected);
  });

  test.each<[object, string[]]>([
    [{ userType: 'Root', userName: 'Root', accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }, []],
    [{ userType: 'IAMUser', userName: 'ann', accessKeyId: 'ASIAIOSFODNN7EXAMPLE' }, ['AWS::IAM::User ann']],
    [{ userType: 'Role', userName: 'app', accessKeyId: '' }, ['AWS::IAM::Role app']],
    [{ userType: 'FederatedUser', userName: 'ann', accessKeyId: 'ASIAIOSFODNN7EXAMPLE' }, []],
    [{ userType: 'AssumedRole', userName: 'app/session', accessKeyId: null }, []],
    [{ userType: null, userName: null, accessKeyId: null }, []],
  ])('of %j', (accessKeyDetails, expected) => {
    expect(namedIn(withResource({ resourceType: 'AccessKey', accessKeyDetails }))).toEqual(expected);
  });

  test.each([
    [
      'ECS_TASK',
      'arn:aws:ecs:eu-west-1:111122223333:task/a/b',
      'AWS::ECS::Task arn:aws:ecs:eu-west-1:111122223333:task/a/b',
    ],
    ['EKS_CLUSTER', 'arn:aws:eks:eu-west-1:111122223333:cluster/pets', 'AWS::EKS::Cluster pets'],
    ['EC2_VPC', 'vpc-1', 'AWS::EC2::VPC vpc-1'],
    ['S3_OBJECT', 'arn:aws:s3:::bucket/key', undefined],
    ['KUBERNETES_WORKLOAD', 'pets/default/pod', undefined],
    ['constructor', 'x', undefined],
  ])('in an attack %s %s', (resourceType, uid, expected) => {
    const service = { detection: { sequence: { resources: [{ resourceType, uid }] } } };
    expect(namedIn(withDetail({ resource: {}, service }))).toEqual(expected === undefined ? [] : [expected]);
  });

  test('a resource of an attack that lies in another account is named there', () => {
    const resources = [{ resourceType: 'S3_BUCKET', uid: 'arn:aws:s3:::b', accountId: '999999999999' }];
    const message = withDetail({ resource: {}, service: { detection: { sequence: { resources } } } });
    expect(read(message, { '*': 'on_s3_bucket' })).toMatchObject([
      { remediation: { target: { account: '999999999999', id: 'b' } } },
    ]);
  });
});

describe('routes', () => {
  test('the whole of it', () => {
    expect(read(instance, { 'Backdoor:EC2/*': 'AUTO: ec2_stop_instance' })).toEqual([
      {
        remediation: {
          version: 1,
          bot: 'ec2_stop_instance',
          target: {
            account: ACCOUNT,
            region: 'eu-west-1',
            type: 'AWS::EC2::Instance',
            id: 'i-0a1b2c3d4e5f60718',
          },
          params: {},
          finding: {
            source: 'guardduty',
            id: '16afba5c5c43e07c9e3e5e2e544e95df',
            time: '2026-11-21T09:40:12.000Z',
            title: 'EC2 instance i-0a1b2c3d4e5f60718 is infected with XorDDos malware.',
            severity: 'high',
          },
        },
        severity: 8,
      },
    ]);
  });

  test('GD_ACTIONS of CloudBots, as it is', () => {
    const actions = JSON.parse(
      `{ "Backdoor:EC2/XORDDOS": "AUTO: ec2_stop_instance | AUTO: on_ec2_vpc",
         "UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom": "AUTO: on_iam_user",
         "Recon:EC2/Portscan": "" }`,
    ) as Record<string, string>;
    expect(read(instance, actions)).toMatchObject([
      { remediation: { bot: 'ec2_stop_instance' } },
      { remediation: { bot: 'on_ec2_vpc' } },
    ]);
    expect(read(accessKey, actions)).toMatchObject([{ remediation: { bot: 'on_iam_user' } }]);
    expect(read(database, actions)).toEqual([
      { declined: expect.stringMatching(/^no route for Credential/), withoutRoute: true },
    ]);
  });

  test.each([
    [7, 1],
    [8, 1],
    [8.1, 0],
  ])('a wildcard from severity %d on', (minSeverity, count) => {
    const readings = read(instance, { 'Backdoor:*': { auto: 'AUTO: ec2_stop_instance', minSeverity } });
    expect(readings.filter((reading) => 'remediation' in reading)).toHaveLength(count);
    expect(readings).toHaveLength(1);
  });

  test('no route: declined once, however much it names', () => {
    expect(read(buckets, {})).toEqual([
      { declined: expect.stringMatching(/^no route for Exfiltration:S3/), withoutRoute: true },
    ]);
    expect(read(attackSequence, { '*': 'AUTO: on_key' })).toEqual([
      { unusable: 'the finding names no AWS::KMS::Key, which on_key acts on' },
    ]);
  });

  test('a bot of the account acts once', () => {
    expect(read(attackSequence, { '*': 'AUTO: on_account' })).toHaveLength(1);
  });
});

describe('nothing is to be done', () => {
  test.each<[string, object, RegExp]>([
    ['a sample', sample, /sample/],
    [
      'an archived finding',
      withDetail({ service: { ...instance.detail.service, archived: true } }),
      /archived/,
    ],
    ['a sample by its title', withDetail({ title: '[SAMPLE] EC2 instance' }), /sample/],
    [
      'a sample that says so in a text only',
      withDetail({ service: { additionalInfo: { value: '{"sample":true}', type: 'default' } } }),
      /sample/,
    ],
    ['a sample instance', withResource({ instanceDetails: { instanceId: 'i-99999999' } }), /sample/],
    [
      'a sample key',
      withResource({ accessKeyDetails: { accessKeyId: 'GeneratedFindingAccessKeyId' } }),
      /sample/,
    ],
    [
      'another event of GuardDuty',
      { ...instance, 'detail-type': 'GuardDuty Malware Protection Object Scan Result' },
      /no finding$/,
    ],
  ])('%s', (_what, message, reason) => {
    expect(read(message)).toEqual([{ declined: expect.stringMatching(reason) }]);
  });

  test.each(['{"sample":false}', '{"userAgent":"\\"sample\\":true"}', 'true', 'null', '{', ''])(
    'additionalInfo %s makes no sample',
    (value) => {
      expect(namedIn(withDetail({ service: { additionalInfo: { value } } }))).toHaveLength(3);
    },
  );
});

describe('the finding', () => {
  test('alone, without its event', () => {
    expect(read(instance.detail)).toEqual(read(instance));
  });

  test('published again it is another message, delivered again it is not', () => {
    const again = read(withDetail({ updatedAt: '2026-11-21T15:40:12.000Z' }));
    expect(again).not.toEqual(read(instance));
    expect(read({ ...instance, id: 'another', time: '2026-11-21T23:00:00Z' })).toEqual(read(instance));
  });

  test.each([
    [{ updatedAt: null }, '2026-11-20T22:14:05.000Z'],
    [{ updatedAt: 'soon', createdAt: '' }, '2026-11-21T12:00:00.000Z'],
  ])('%j: its time', (changes, time) => {
    const [reading] = read(withDetail(changes), { '*': 'on_ec2_instance' });
    expect(reading).toMatchObject({ remediation: { finding: { time } } });
  });

  test.each<[object, RegExp]>([
    [{ ...instance, detail: undefined }, /^not a GuardDuty finding: the whole: /],
    [{ ...instance, detail: [] }, /^not a GuardDuty finding/],
    [{ ...instance, 'detail-type': 7 }, /^not an event of GuardDuty: detail-type/],
    [withDetail({ id: '' }), /: id: /],
    [withDetail({ type: 7 }), /: type: /],
    [withDetail({ accountId: null }), /: accountId: /],
    [withDetail({ severity: 'high' }), /: severity: /],
    [withDetail({ service: null }), /: service: /],
    [withDetail({ service: { archived: 'no' } }), /: service\.archived: /],
    [withDetail({ resource: 'i-1' }), /: resource: /],
    [withResource({ s3BucketDetails: { name: 'b' } }), /: resource\.s3BucketDetails: /],
    [withResource({ s3BucketDetails: [{ name: 7 }] }), /: resource\.s3BucketDetails\.0\.name: /],
    [withResource({ instanceDetails: { instanceId: {} } }), /: resource\.instanceDetails\.instanceId: /],
  ])('%j is none of GuardDuty’s', (message, reason) => {
    expect(read(message)).toEqual([{ unusable: expect.stringMatching(reason) }]);
  });

  test('whatever stands in its fields: nothing is thrown, and what is asked for is well formed', () => {
    const asked = { remediation: 0, other: 0 };
    fc.assert(
      fc.property(mutated(SAMPLES), (message) => {
        if (!guardduty.accepts(message)) return;
        const readings = guardduty.read(message, intakeWith());
        expect(readings.length).toBeGreaterThan(0);
        for (const reading of readings) {
          if ('remediation' in reading) expect(bots.map(({ id }) => id)).toContain(reading.remediation.bot);
          asked['remediation' in reading ? 'remediation' : 'other'] += 1;
        }
      }),
      { numRuns: 500 },
    );
    expect(Object.values(asked).every((count) => count > 0)).toBe(true);
  });

  test('what is asked for is what the queue takes', () => {
    for (const reading of SAMPLES.flatMap((message) => read(message))) {
      if ('remediation' in reading) remediationSchema.parse(reading.remediation);
    }
  });
});
