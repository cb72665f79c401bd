import { entry } from '../../../testing/entry';
import { readerOf, readsAnything } from '../../../testing/reading';
import { typesOf } from '../../../shared/bot/bot';
import { catalogue } from '../../remediators/catalogue';
import type { Intake } from '../source';
import { RULES, conformity } from './conformity';
import accessKey from './fixtures/conformity/access-key.json';
import bucket from './fixtures/conformity/bucket.json';
import securityGroup from './fixtures/conformity/security-group.json';

const ACCOUNT = '111122223333';
const intake: Intake = {
  catalogue: [
    ...catalogue,
    entry('deactivate_key', { resource: 'AWS::IAM::AccessKey', controls: { conformity: ['IAM-038'] } }),
    entry('watch_account', { resource: 'AWS::::Account', controls: { conformity: ['GD-001'] } }),
    entry('lock_user', { resource: 'AWS::IAM::User' }),
  ],
  accountId: ACCOUNT,
  region: 'eu-west-1',
  sentAt: '2026-11-21T12:00:00.000Z',
  messageId: 'message-1',
  conformityAccounts: { HJzFMHchx: ACCOUNT },
};

const read = readerOf(conformity, intake);

describe('checks as Conformity sends them', () => {
  test('a bucket: the bot that answers the rule', () => {
    expect(read(bucket)).toEqual([
      {
        remediation: {
          version: 1,
          bot: 's3_remove_public_grants',
          target: { account: ACCOUNT, region: 'ap-southeast-2', type: 'AWS::S3::Bucket', id: 'open-bucket' },
          params: {},
          finding: {
            source: 'conformity',
            id: bucket.id,
            time: '2025-11-21T09:58:12.345Z',
            title: "S3 Bucket Public 'READ' Access",
            severity: 'high',
          },
        },
        severity: 8,
      },
    ]);
  });

  test('a security group: the port of the rule, and the last date, which is text', () => {
    expect(read(securityGroup)).toMatchObject([
      {
        remediation: {
          bot: 'sg_close_ports',
          target: { region: 'eu-west-1', type: 'AWS::EC2::SecurityGroup', id: 'sg-0a1b2c3d4e5f60718' },
          params: { ports: [1521] },
          finding: { time: '2025-11-21T09:58:13.000Z' },
        },
      },
    ]);
  });

  test('an access key: the key, and the user out of extradata, in no region', () => {
    const target = { region: 'us-east-1', account: ACCOUNT };
    expect(read(accessKey)).toMatchObject([
      {
        remediation: {
          bot: 'iam_deactivate_old_access_key',
          target: { ...target, type: 'AWS::IAM::AccessKey', id: 'AKIAIOSFODNN7EXAMPLE' },
        },
      },
      { remediation: { bot: 'deactivate_key', target: { ...target, id: 'AKIAIOSFODNN7EXAMPLE' } } },
    ]);
    expect(read(accessKey, { routes: { conformity: { 'IAM-*': 'lock_user' } } })).toMatchObject([
      { remediation: { bot: 'lock_user', target: { ...target, id: 'alice' } } },
    ]);
  });
});

describe('the table of rules', () => {
  test('has the 47 that Conformity can repair itself', () => {
    expect(RULES.size).toBe(47);
  });

  test.each([...RULES])(
    '%s: the bot of the table, where it is there, says so too, and acts on that',
    (rule, { bot, type }) => {
      const there = catalogue.find(({ id }) => id === bot);
      const answering = catalogue.filter(({ controls }) => controls.conformity?.includes(rule));
      if (there ?? answering[0]) expect(answering.map(({ id }) => id)).toContain(bot);
      if (there && type !== undefined) expect(typesOf(there)).toContain(type);
    },
  );
});

describe('only FAILURE asks for a repair', () => {
  test.each(['SUCCESS', 'success', 'FAILURES', '', null, undefined])('%j is declined', (status) => {
    expect(read({ ...bucket, status })).toEqual([
      { declined: expect.stringMatching(/only FAILURE asks for a repair$/) },
    ]);
  });

  test('what is suppressed, or of another cloud, is declined', () => {
    expect(read({ ...bucket, suppressed: true })).toEqual([{ declined: 'the check is suppressed' }]);
    expect(read({ ...bucket, ccrn: 'ccrn:azure:x:StorageAccounts:global:open' })).toEqual([
      { declined: 'the check is about azure' },
    ]);
    expect(read({ ...bucket, suppressed: false })).toMatchObject([{ remediation: {} }]);
  });
});

describe('rules', () => {
  test.each([
    ['EC2-002', 22],
    ['EC2-003', 3389],
    ['EC2-004', 1521],
    ['EC2-005', 3306],
    ['EC2-006', 5432],
    ['EC2-008', 1433],
    ['EC2-038', 23],
    ['EC2-039', 25],
    ['EC2-040', 135],
    ['EC2-043', 445],
    ['EC2-045', 27017],
  ])('%s closes port %i', (ruleId, port) => {
    expect(read({ ...securityGroup, ruleId })).toMatchObject([
      { remediation: { bot: 'sg_close_ports', params: { ports: [port] } } },
    ]);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('S3-%i is about a grant', (number) => {
    const ruleId = `S3-${String(number).padStart(3, '0')}`;
    expect(read({ ...bucket, ruleId })).toMatchObject([{ remediation: { bot: 's3_remove_public_grants' } }]);
  });

  test('of a policy, of a key', () => {
    expect(read({ ...bucket, ruleId: 'S3-014' })).toMatchObject([
      { remediation: { bot: 's3_remove_public_statements' } },
    ]);
    expect(read({ ...bucket, ruleId: 'KMS-002', resource: 'key-1' })).toMatchObject([
      { remediation: { bot: 'kms_enable_rotation', target: { type: 'AWS::KMS::Key', id: 'key-1' } } },
    ]);
  });

  test('of the whole account: whatever the resource is, or none', () => {
    for (const resource of ['Global', null, '']) {
      expect(read({ ...bucket, ruleId: 'GD-001', resource })).toMatchObject([
        { remediation: { bot: 'guardduty_enable', target: { type: 'AWS::::Region' } } },
        { remediation: { bot: 'watch_account', target: { type: 'AWS::::Account', id: ACCOUNT } } },
      ]);
    }
  });

  test.each([
    ['CFM-005', 'AWS::CloudFormation::Stack', 'app'],
    ['CT-003', 'AWS::S3::Bucket', 'open-bucket'],
    ['EBS-009', 'AWS::EC2::Snapshot', 'snap-0a1'],
    ['EC2-019', 'AWS::EC2::Image', 'ami-0a1'],
    ['IAM-001', 'AWS::IAM::AccessKey', 'AKIAIOSFODNN7EXAMPLE'],
    ['KMS-004', 'AWS::KMS::Key', 'key-1'],
    ['Kinesis-001', 'AWS::Kinesis::Stream', 'clicks'],
    ['Lambda-003', 'AWS::Lambda::Function', 'hook'],
    ['RDS-006', 'AWS::RDS::DBInstance', 'orders'],
    ['RDS-008', 'AWS::RDS::DBInstance', 'orders'],
    ['RDS-023', 'AWS::RDS::DBSnapshot', 'orders-1'],
    ['RS-001', 'AWS::Redshift::Cluster', 'dw'],
    ['RS-019', 'AWS::Redshift::Cluster', 'dw'],
    ['RS-023', 'AWS::Redshift::ClusterParameterGroup', 'dw-params'],
    ['S3-012', 'AWS::S3::Bucket', 'open-bucket'],
    ['S3-016', 'AWS::S3::Bucket', 'open-bucket'],
    ['SQS-004', 'AWS::SQS::Queue', 'https://sqs.ap-southeast-2.amazonaws.com/111122223333/jobs'],
    ['TrustedAdvisor-003', 'AWS::IAM::AccessKey', 'AKIAIOSFODNN7EXAMPLE'],
    ['VPC-001', 'AWS::EC2::VPC', 'vpc-0a1'],
  ] as const)('%s names a %s', (ruleId, resource, id) => {
    const bots = [entry('mends', { resource, controls: { conformity: [ruleId] } }), entry('other')];
    expect(read({ ...bucket, ruleId, resource: id }, { catalogue: bots })).toMatchObject([
      { remediation: { bot: 'mends', target: { type: resource, id } } },
    ]);
  });

  test('without a bot are declined', () => {
    expect(read({ ...bucket, ruleId: 'RS-019' }, { catalogue: [] })).toEqual([
      { declined: expect.stringMatching(/RS-019/), withoutRoute: true },
    ]);
    expect(read({ ...bucket, ruleId: '__proto__' })).toEqual([
      { declined: expect.any(String), withoutRoute: true },
    ]);
  });

  test('out of the table are what the bot that config.ts names acts on', () => {
    const routes = { conformity: { 'EKS-001': 'AUTO: lock_user' } };
    expect(read({ ...bucket, ruleId: 'EKS-001', resource: 'bob' }, { routes })).toMatchObject([
      { remediation: { bot: 'lock_user', target: { type: 'AWS::IAM::User', id: 'bob' } } },
    ]);
  });
});

describe('config.ts', () => {
  test.each(['EC2-004', 'ec2-004', 'EC2-*', '*'])(
    'a route for %s wins over the port of the rule',
    (pattern) => {
      const routes = { conformity: { [pattern]: 'AUTO: sg_close_ports ports=1521,1522' } };
      expect(read(securityGroup, { routes })).toMatchObject([
        { remediation: { params: { ports: [1521, 1522] } } },
      ]);
    },
  );

  test('routes of others change nothing', () => {
    const routes = { conformity: { 'EC2-0': 'lock_user' }, guardduty: { '*': 'lock_user' } };
    expect(read(securityGroup, { routes })).toMatchObject([{ remediation: { params: { ports: [1521] } } }]);
  });

  test('a bot that is not enabled, or not there, is not asked', () => {
    const declined = [{ declined: expect.stringMatching(/no route for EC2-004/), withoutRoute: true }];
    expect(read(securityGroup, { isEnabled: () => false })).toEqual(declined);
    expect(read(securityGroup, { catalogue: [] })).toEqual(declined);
  });

  test.each([
    ['LOW', true],
    ['MEDIUM', true],
    ['HIGH', false],
    ['VERY_HIGH', false],
    ['EXTREME', false],
    ['constructor', false],
    [null, false],
  ])('risk %j is under severity 6: %s', (riskLevel, isUnder) => {
    const routes = { conformity: { 'S3-001': { auto: 's3_remove_public_grants', minSeverity: 6 } } };
    const [reading] = read({ ...bucket, riskLevel }, { routes });
    expect(reading).toHaveProperty(isUnder ? 'declined' : 'remediation');
  });
});

describe('the account', () => {
  const queue = 'https://sqs.eu-west-1.amazonaws.com/444455556666/orders';

  test.each([
    [{}, ACCOUNT],
    [{ accountId: '444455556666' }, '444455556666'],
    [{ accountId: 'other', ccrn: 'ccrn:aws:444455556666:S3:global:open-bucket' }, '444455556666'],
    [{ accountId: 'other', ruleId: 'SQS-004', resource: queue }, '444455556666'],
    [{ resource: 'arn:aws:s3:::open-bucket' }, ACCOUNT],
  ])('%j: is named, or is what config.ts says', (changes, account) => {
    const routes = { conformity: { 'SQS-*': 'sqs_remove_public_statements' } };
    expect(read({ ...bucket, ...changes }, { routes })).toMatchObject([
      { remediation: { target: { account } } },
    ]);
  });

  test.each([['other'], ['constructor'], [''], [null]])(
    'Conformity’s own, %j, is none of AWS’s',
    (accountId) => {
      expect(read({ ...bucket, accountId, ccrn: null })).toEqual([
        { unusable: expect.stringMatching(/names no account of AWS.* conformity\.accounts in config\.ts$/) },
      ]);
    },
  );

  test('two of them are none', () => {
    const changes = { accountId: ACCOUNT, resource: 'arn:aws:iam::444455556666:user/alice' };
    expect(read({ ...bucket, ...changes })).toEqual([
      { unusable: 'the check names two accounts: 111122223333 and 444455556666' },
    ]);
  });
});

describe('the check', () => {
  test('names a resource by its ARN: the id that the API takes', () => {
    const resource = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/key-1`;
    expect(read({ ...bucket, ruleId: 'KMS-002', resource })).toMatchObject([
      { remediation: { target: { type: 'AWS::KMS::Key', id: 'key-1' } } },
    ]);
  });

  test('without id, dates and region', () => {
    const { id: _id, ...rest } = bucket;
    const nothing = { createdDate: null, failureDiscoveryDate: '', lastModifiedDate: 1e20, region: null };
    expect(read({ ...rest, ...nothing })).toMatchObject([
      {
        remediation: {
          // Every region finds a bucket.
          target: { region: 'us-east-1' },
          finding: { id: 'S3-001/open-bucket', time: intake.sentAt },
        },
      },
    ]);
    expect(read({ ...securityGroup, region: '' })).toMatchObject([
      { remediation: { target: { region: 'eu-west-1' } } },
    ]);
  });

  test.each<[object, RegExp]>([
    [{ ruleId: 7 }, /ruleId/],
    [{ ruleId: '' }, /ruleId/],
    [{ status: true }, /status/],
    [{ resource: {} }, /resource/],
    [{ extradata: {} }, /extradata/],
    [{ extradata: [null] }, /extradata\.0/],
    [{ lastModifiedDate: [] }, /lastModifiedDate/],
  ])('%j is none of Conformity’s', (changes, reason) => {
    expect(read({ ...bucket, ...changes })).toEqual([{ unusable: expect.stringMatching(reason) }]);
  });

  test('extradata that is no name', () => {
    const extradata = [{ name: 'UserName', value: 7 }, {}];
    const routes = { conformity: { 'IAM-038': 'lock_user' } };
    expect(read({ ...accessKey, extradata }, { routes })).toEqual([
      { unusable: expect.stringMatching(/names no AWS::IAM::User/) },
    ]);
  });
});

test('anything in place of any fields: nothing is thrown, and all is answered', () => {
  readsAnything(conformity, [bucket, securityGroup, accessKey], intake);
});
