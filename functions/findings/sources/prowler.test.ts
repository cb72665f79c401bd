import { botsOf, readerOf, readsAnything } from '../../../testing/reading';
import { catalogue } from '../../remediators/catalogue';
import type { Intake } from '../source';
import keyAsff from './fixtures/prowler/key-asff.json';
import passwordPolicy from './fixtures/prowler/password-policy.json';
import securityGroup from './fixtures/prowler/security-group.json';
import { prowler } from './prowler';

const ACCOUNT = '111122223333';
const intake: Intake = {
  catalogue,
  accountId: ACCOUNT,
  region: 'eu-west-1',
  sentAt: '2026-11-21T12:00:00.000Z',
  messageId: 'message-1',
};

const read = readerOf(prowler, intake);

const UNNAMED = {
  unusable: 'sg_close_ports is enabled for this, and the finding names no AWS::EC2::SecurityGroup',
  isOfResource: true,
};

describe('findings as Prowler writes them', () => {
  test('a security group in OCSF', () => {
    expect(read(securityGroup)).toEqual([
      {
        remediation: {
          version: 1,
          bot: 'sg_close_ports',
          target: {
            account: ACCOUNT,
            region: 'eu-west-1',
            type: 'AWS::EC2::SecurityGroup',
            id: 'sg-0a1b2c3d4e5f60718',
          },
          params: { ports: [22] },
          finding: {
            source: 'prowler',
            id: securityGroup.finding_info.uid,
            time: new Date(securityGroup.time * 1000).toISOString(),
            title: securityGroup.finding_info.title,
            severity: 'high',
          },
        },
        severity: 7,
      },
    ]);
  });

  test('the password policy: the account is the target', () => {
    expect(read(passwordPolicy)).toMatchObject([
      {
        remediation: {
          bot: 'iam_turn_on_password_policy',
          target: { account: ACCOUNT, region: 'us-east-1', type: 'AWS::::Account', id: ACCOUNT },
        },
      },
    ]);
  });

  test('a key in ASFF', () => {
    expect(read(keyAsff)).toMatchObject([
      {
        remediation: {
          bot: 'kms_enable_rotation',
          target: { region: 'eu-west-1', id: '1234abcd-12ab-34cd-56ef-1234567890ab' },
          finding: { source: 'prowler', id: keyAsff.Id, time: '2026-11-21T10:07:03.000Z' },
        },
      },
    ]);
  });
});

test('routes name the check', () => {
  const routes = {
    prowler: { 'ec2_securitygroup_*': { auto: 'AUTO: sg_close_ports 22', minSeverity: 7 } },
  };
  expect(read(securityGroup, { routes })).toMatchObject([{ remediation: { params: { ports: [22] } } }]);
  expect(read({ ...securityGroup, severity: 'Low' }, { routes })).toMatchObject([
    { declined: expect.stringMatching(/severity 1 is under the 7/) },
  ]);
});

describe('only a failed check that is not muted asks for a repair', () => {
  test.each<[object, RegExp]>([
    [{ status_code: 'PASS' }, /status is PASS/],
    [{ status_code: 'MANUAL' }, /status is MANUAL/],
    [{ status_code: null }, /status is absent/],
    [{ status: 'Suppressed', status_id: 3 }, /status is SUPPRESSED/],
    [{ status: undefined, status_id: 3 }, /status is SUPPRESSED/],
    [{ cloud: { provider: 'azure', account: { uid: 'a' } } }, /about azure, not AWS/],
    [{ cloud: undefined }, /about no cloud, not AWS/],
  ])('%j', (changes, reason) => {
    expect(read({ ...securityGroup, ...changes })).toEqual([{ declined: expect.stringMatching(reason) }]);
  });

  test.each(['PASSED', 'WARNING', 'NOT_AVAILABLE'])('ASFF: %s', (Status) => {
    expect(read({ ...keyAsff, Compliance: { Status } })).toEqual([
      { declined: expect.stringMatching(/only FAILED ask for a repair$/) },
    ]);
  });
});

test('a time without a zone is taken as UTC where there is no number', () => {
  const changes = { time: null, time_dt: '2026-11-21T11:07:03.913874' };
  expect(read({ ...securityGroup, ...changes })).toMatchObject([
    { remediation: { finding: { time: '2026-11-21T11:07:03.913Z' } } },
  ]);
  expect(read({ ...securityGroup, time: 'never', time_dt: '' })).toMatchObject([
    { remediation: { finding: { time: intake.sentAt } } },
  ]);
});

test.each([
  ['AwsEc2SecurityGroup', 'sg-1', ['sg_close_ports']],
  ['Other', `arn:aws:ec2:eu-west-1:${ACCOUNT}:security-group/sg-1`, ['sg_close_ports']],
  ['Other', 'sg-1', [UNNAMED]],
  ['AwsQuantumBit', 'arn:aws:quantum:::bit', [UNNAMED]],
])('a resource of type %s, %s', (type, uid, expected) => {
  expect(botsOf(read({ ...securityGroup, resources: [{ type, uid }] }))).toEqual(expected);
});

test.each<[object, RegExp]>([
  [{ ...securityGroup, finding_info: {} }, /OCSF: finding_info\.uid/],
  [{ ...securityGroup, cloud: { provider: 'aws', account: { uid: 7 } } }, /OCSF: cloud\.account\.uid/],
  [{ ...securityGroup, resources: 'sg-1' }, /OCSF: resources/],
  [{ ...keyAsff, AwsAccountId: null }, /ASFF: AwsAccountId/],
  [{ ...keyAsff, Severity: 'HIGH' }, /ASFF: Severity/],
])('malformed: %#', (message, reason) => {
  expect(read(message)).toEqual([{ unusable: expect.stringMatching(reason) }]);
});

test('other messages are left to other sources', () => {
  const product = { ...securityGroup.metadata, product: { name: 'Security Hub' } };
  expect(prowler.accepts({ ...securityGroup, metadata: product })).toBe(false);
  expect(prowler.accepts({ ...securityGroup, metadata: null })).toBe(false);
  expect(prowler.accepts({ ...keyAsff, GeneratorId: 'security-control/KMS.4' })).toBe(false);
  expect(prowler.accepts({ source: 'aws.securityhub', detail: { findings: [keyAsff] } })).toBe(false);
});

test('anything at every field: nothing is thrown, and the finding is answered for', () => {
  readsAnything(prowler, [securityGroup, passwordPolicy, keyAsff], intake);
});

test('settings of a region: those of the resource’s, where the finding itself names none', () => {
  const GeneratorId = 'prowler-ec2_ebs_default_encryption';
  const on = (Resources: object[]) => read({ ...keyAsff, GeneratorId, Resources });
  const resource = { Type: 'AwsAccount', Id: `arn:aws:ec2:eu-west-2:${ACCOUNT}:volume`, Region: 'eu-west-2' };
  expect(on([resource])).toMatchObject([
    { remediation: { bot: 'ec2_enable_ebs_encryption', target: { region: 'eu-west-2', id: 'eu-west-2' } } },
  ]);
  const unusable = expect.stringMatching(/^the finding names no region/);
  expect(on([{ ...resource, Region: undefined }])).toEqual([{ unusable }]);
  expect(on([])).toEqual([{ unusable }]);
});
