import fc from 'fast-check';
import { ACTION_NAME, NOTE_AUTHOR, noteHead } from '../../../shared/security-hub';
import { entry } from '../../../testing/entry';
import { mutated } from '../../../testing/mutated';
import { catalogue } from '../../remediators/catalogue';
import { controlOf } from '../asff';
import type { Intake, Reading } from '../source';
import bucketV2 from './fixtures/securityhub/bucket-v2.json';
import bucket from './fixtures/securityhub/bucket.json';
import customAction from './fixtures/securityhub/custom-action.json';
import guardduty from './fixtures/securityhub/guardduty.json';
import securityGroup from './fixtures/securityhub/security-group.json';
import { securityhub } from './securityhub';

const ACCOUNT = '111122223333';
const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab';
const intake: Intake = {
  catalogue: [
    ...catalogue,
    entry('stop', { resource: 'AWS::EC2::Instance' }),
    entry('drop_user', { resource: 'AWS::IAM::User' }),
  ],
  accountId: ACCOUNT,
  region: 'eu-west-1',
  sentAt: '2026-11-21T12:00:00.000Z',
  messageId: 'message-1',
};
const [asff] = securityGroup.detail.findings;
const [ocsf] = bucketV2.detail.findings;

function read(message: object, changes: Partial<Intake> = {}): Reading[] {
  expect(securityhub.accepts(message)).toBe(true);
  return securityhub.read(message, { ...intake, ...changes });
}

const imported = (...findings: unknown[]) => ({ ...securityGroup, detail: { findings } });
const v2 = (...findings: unknown[]) => ({ ...bucketV2, detail: { findings } });
const changed = (changes: object) => imported({ ...asff, ...changes });
const changedV2 = (changes: object) => v2({ ...ocsf, ...changes });
const on = (Type: unknown, Id: unknown, changes: object = {}) =>
  changed({ Resources: [{ Type, Id, Region: 'eu-west-1' }], ...changes });

/** Our own note on this very state of the finding. */
const noteOf = ({ UpdatedAt = '' }: { UpdatedAt?: string } = {}) => ({
  Text: noteHead(new Date(UpdatedAt).toISOString()),
  UpdatedBy: NOTE_AUTHOR,
});

function botsOf(readings: Reading[]): unknown[] {
  return readings.map((reading) => ('remediation' in reading ? reading.remediation.bot : reading));
}

describe('events as Security Hub sends them', () => {
  test('a security group, of a consolidated control', () => {
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
            source: 'securityhub',
            id: `arn:aws:securityhub:eu-west-1:${ACCOUNT}:security-control/EC2.13/finding/a1b2c3d4-5678-90ab-cdef-EXAMPLE11111`,
            time: '2026-11-21T10:02:52.409Z',
            severity: 'high',
            title: 'Security groups should not allow ingress from 0.0.0.0/0 or ::/0 to port 22',
            securityHub: {
              region: 'eu-west-1',
              control: 'EC2.13',
              productArn: 'arn:aws:securityhub:eu-west-1::product/aws/securityhub',
              repairs: 1,
            },
          },
        },
        severity: 7,
      },
    ]);
  });

  test('a bucket, of a standard’s own control', () => {
    expect(read(bucket)).toMatchObject([
      {
        remediation: {
          bot: 's3_block_all_public_access',
          target: { region: 'eu-west-1', type: 'AWS::S3::Bucket', id: 'open-bucket' },
        },
      },
    ]);
  });

  test('a custom action: two findings, one of CIS by its number, one of the whole account', () => {
    expect(read(customAction)).toMatchObject([
      { remediation: { bot: 'kms_enable_rotation', target: { type: 'AWS::KMS::Key', id: KEY } } },
      {
        remediation: {
          bot: 'iam_turn_on_password_policy',
          target: { type: 'AWS::::Account', id: ACCOUNT, region: 'us-east-1' },
        },
      },
    ]);
  });

  test('a bucket in OCSF: every bot that answers the control', () => {
    const readings = read(bucketV2);
    expect(botsOf(readings)).toEqual(['s3_remove_public_grants', 's3_remove_public_statements']);
    expect(readings[0]).toMatchObject({
      remediation: {
        target: { account: ACCOUNT, region: 'eu-west-1', type: 'AWS::S3::Bucket', id: 'open-bucket' },
        finding: { source: 'securityhub', id: ocsf?.finding_info.uid, time: '2026-11-21T10:00:00.000Z' },
      },
    });
  });

  test('another product’s finding has no control, and is routed by its type', () => {
    expect(read(guardduty)).toEqual([
      { declined: expect.stringMatching(/^no route for arn:aws:guardduty/), withoutRoute: true },
    ]);
    const pattern = 'TTPs/Command and Control/Backdoor:EC2*';
    const routes = { securityhub: { [pattern]: { auto: 'AUTO: stop', minSeverity: 8 } } };
    expect(read(guardduty, { routes })).toMatchObject([
      { remediation: { bot: 'stop', target: { id: 'i-0123456789abcdef0' } } },
    ]);
  });
});

describe('routes', () => {
  const order = (key: string) => ({ routes: { securityhub: { [key]: 'AUTO: sg_close_ports 22' } } });

  test.each(['EC2.13', 'ec2.13', 'EC2.*', 'security-control/EC2.13', 'Software and Configuration Checks/*'])(
    'by %s',
    (key) => {
      expect(read(securityGroup, order(key))).toMatchObject([{ remediation: { params: { ports: [22] } } }]);
    },
  );

  test('by the name of the custom action', () => {
    const repairNow = { ...customAction, detail: { ...customAction.detail, actionName: 'RepairNow' } };
    const routes = { securityhub: { RepairNow: 'AUTO: kms_enable_rotation 180' } };
    expect(read(repairNow, { routes })).toMatchObject([
      { remediation: { bot: 'kms_enable_rotation' } },
      { unusable: 'the finding names no AWS::KMS::Key, which kms_enable_rotation acts on' },
    ]);
  });

  test('the action of the stack asks for a repair by the bots’ controls, whoever has been notified', () => {
    const pressed = {
      ...customAction,
      resources: [`arn:aws:securityhub:eu-west-1:${ACCOUNT}:action/custom/selfhealprodeu`],
      detail: {
        actionName: ACTION_NAME,
        findings: [{ ...asff, Workflow: { Status: 'NOTIFIED' }, Note: noteOf(asff) }],
      },
    };
    expect(botsOf(read(pressed, { stage: 'prod-eu' }))).toEqual(['sg_close_ports']);
    // People at the command line read it too.
    expect(botsOf(read(pressed))).toEqual(['sg_close_ports']);
    expect(read(pressed, { stage: 'dev' })).toEqual([{ declined: expect.stringMatching(/another stage/) }]);
    const own = { ...pressed, resources: [`arn:aws:securityhub:eu-west-1:${ACCOUNT}:action/custom/Repair`] };
    expect(botsOf(read(own, { stage: 'dev' }))).toEqual(['sg_close_ports']);
  });

  test('a custom action for tickets or chats asks for no repair', () => {
    const ticket = { ...customAction, detail: { ...customAction.detail, actionName: 'SendToJira' } };
    expect(read(ticket)).toEqual([{ declined: expect.stringMatching(/SendToJira is for somebody else/) }]);
  });

  test.each<[object, boolean]>([
    [{ Normalized: 70, Label: 'HIGH' }, true],
    [{ Normalized: 69, Label: 'MEDIUM' }, false],
    [{ Label: 'HIGH' }, true],
    [{ Label: 'MEDIUM' }, false],
    [{ Label: 'constructor' }, true],
    [{}, true],
  ])('a least severity of 7 and %j', (Severity, isLoud) => {
    const routes = { securityhub: { 'EC2.13': { auto: 'AUTO: sg_close_ports', minSeverity: 7 } } };
    const [reading = {}] = read(changed({ Severity }), { routes });
    expect('remediation' in reading).toBe(isLoud);
  });

  test.each<[object, boolean]>([
    [{ severity: 'High', severity_id: 4 }, true],
    [{ severity: 'Medium', severity_id: 3 }, false],
    [{ severity: null, severity_id: 6 }, true],
    [{ severity: 'Fatal', severity_id: 6 }, true],
    [{ severity: undefined, severity_id: 2 }, false],
  ])('a least severity of 7 and %j in OCSF', (severity, isLoud) => {
    const routes = { securityhub: { 'S3.2': { auto: 'AUTO: s3_remove_public_grants', minSeverity: 7 } } };
    const [reading = {}] = read(changedV2(severity), { routes });
    expect('remediation' in reading).toBe(isLoud);
  });
});

describe('what is settled asks for nothing', () => {
  test.each<[object, RegExp]>([
    [{ Workflow: { Status: 'SUPPRESSED' } }, /workflow is SUPPRESSED/],
    [{ Workflow: { Status: 'RESOLVED' } }, /workflow is RESOLVED/],
    [{ RecordState: 'ARCHIVED' }, /ARCHIVED/],
    [{ Compliance: { Status: 'PASSED', SecurityControlId: 'EC2.13' } }, /compliance is PASSED/],
    [{ Compliance: { Status: 'NOT_AVAILABLE' } }, /compliance is NOT_AVAILABLE/],
    [{ Compliance: { Status: 'WARNING' }, GeneratorId: 'prowler-x' }, /compliance is WARNING/],
  ])('%j', (changes, reason) => {
    expect(read(changed(changes))).toEqual([{ declined: expect.stringMatching(reason) }]);
  });

  test.each<[object, RegExp]>([
    [{ activity_name: 'Close' }, /closed/],
    [{ activity_name: null, activity_id: 3 }, /closed/],
    [{ status: 'Suppressed' }, /status is SUPPRESSED/],
    [{ status: 'Resolved' }, /status is RESOLVED/],
    [{ status: null, status_id: 4 }, /status is RESOLVED/],
    [{ status: null, status_id: 5 }, /status is ARCHIVED/],
    [{ compliance: { control: 'S3.2', status: 'Pass', status_id: 1 } }, /compliance is PASS/],
    [{ compliance: { control: 'S3.2', status_id: 1 } }, /compliance is PASS/],
    [{ compliance: { control: 'S3.2' } }, /compliance is absent/],
    [{ cloud: { provider: 'GCP', account: { uid: 'project' } } }, /about GCP/],
    [{ cloud: null }, /about no cloud/],
  ])('OCSF: %j', (changes, reason) => {
    expect(read(changedV2(changes))).toEqual([{ declined: expect.stringMatching(reason) }]);
  });

  test.each([
    { Workflow: { Status: 'NOTIFIED' } },
    { Workflow: null },
    { Compliance: { Status: 'WARNING', SecurityControlId: 'EC2.13' } },
    { Compliance: null },
  ])('but not %j', (changes) => {
    expect(botsOf(read(changed(changes)))).toEqual(['sg_close_ports']);
  });

  test.each([
    { status: 'In Progress' },
    { status: null, status_id: null },
    { status: 'Other', status_id: 99 },
  ])('but not, in OCSF, %j', (changes) => {
    expect(botsOf(read(changedV2(changes)))).toHaveLength(2);
  });
});

describe('what an update needs', () => {
  const hubOf = (message: object) =>
    read(message).map((reading) =>
      'remediation' in reading ? reading.remediation.finding.securityHub : reading,
    );
  const product = asff?.ProductArn;

  test('the product, the region in which the finding came in, and how many repairs it asks for', () => {
    const elsewhere = { ...changed({ Region: 'us-east-1' }), region: 'eu-central-1' };
    expect(hubOf(elsewhere)).toEqual([
      { region: 'eu-central-1', productArn: product, repairs: 1, control: 'EC2.13' },
    ]);
    const Resources = ['sg-1', 'sg-2'].map((Id) => ({ Type: 'AwsEc2SecurityGroup', Id }));
    const both = { region: 'eu-west-1', productArn: product, repairs: 2, control: 'EC2.13' };
    expect(hubOf(changed({ Resources }))).toEqual([both, both]);
  });

  test('in OCSF metadata.uid', () => {
    const hub = { region: 'eu-west-1', metadataUid: ocsf?.metadata.uid, repairs: 2, control: 'S3.2' };
    expect(hubOf(bucketV2)).toEqual([hub, hub]);
  });

  test.each([
    { ...securityGroup, account: '999999999999' },
    { ...securityGroup, region: undefined },
    changed({ ProductArn: 7 }),
    changed({ ProductArn: 'x'.repeat(2049) }),
  ])('the hub of another account, or one that is not named, is not updated', (message) => {
    expect(hubOf(message)).toEqual([undefined]);
  });
});

describe('our own updates, which Security Hub sends again', () => {
  const time = '2026-11-21T10:02:52.409Z';
  const Note = { Text: `${noteHead(time)}held`, UpdatedBy: NOTE_AUTHOR, UpdatedAt: time };
  const answered = [{ declined: expect.stringMatching(/selfheal has answered this state/) }];

  test.each(['NEW', 'NOTIFIED'])('%s with our note on this state of the finding is declined', (Status) => {
    expect(read(changed({ Note, Workflow: { Status } }))).toEqual(answered);
  });

  test('in OCSF by its comment', () => {
    const comment = `${noteHead('2026-11-21T10:00:00.000Z')}held`;
    expect(read(changedV2({ comment }))).toEqual(answered);
  });

  test('also when part of the finding cannot be used: it lies with the dead letters already', () => {
    const routes = { securityhub: { 'EC2.13': 'AUTO: sg_close_ports | AUTO: no_such_bot' } };
    expect(read(changed({}), { routes })).toHaveLength(2);
    expect(read(changed({ Note }), { routes })).toEqual(answered);
  });

  test.each([
    { Note, UpdatedAt: '2026-11-22T10:02:52.409Z' },
    { Note: { ...Note, UpdatedBy: 'ann' } },
    { Note: { ...Note, Text: 'a ticket' } },
    { Note: null },
    { Note: 7 },
  ])('a finding that its product has renewed, or with the note of somebody else, is not: %j', (changes) => {
    expect(botsOf(read(changed(changes)))).toEqual(['sg_close_ports']);
  });

  test('nor what a person asks for by hand', () => {
    const [first] = customAction.detail.findings;
    const UpdatedAt = first?.UpdatedAt ?? '';
    const noted = { ...Note, Text: `${noteHead(new Date(UpdatedAt).toISOString())}planned` };
    const asked = {
      ...customAction,
      detail: { ...customAction.detail, findings: [{ ...first, Note: noted }] },
    };
    expect(botsOf(read(asked))).toEqual(['kms_enable_rotation']);
  });
});

test.each([
  ['EC2.13', 'EC2.13'],
  ['security-control/EC2.13', 'EC2.13'],
  ['aws-foundational-security-best-practices/v/1.0.0/EC2.13', 'EC2.13'],
  ['nist-800-53/v/5.0.0/KMS.4', 'KMS.4'],
  ['service-managed-aws-control-tower/v/1.0.0/S3.8', 'S3.8'],
  ['arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/4.1', 'EC2.13'],
  ['cis-aws-foundations-benchmark/v/1.4.0/2.1.5.2', 'S3.8'],
  ['cis-aws-foundations-benchmark/v/1.4.0/3.8', 'KMS.4'],
  ['cis-aws-foundations-benchmark/v/9.9.9/3.8', undefined],
  ['pci-dss/v/3.2.1/PCI.S3.2', 'S3.2'],
  ['pci-dss/v/3.2.1/PCI.Moon.2', undefined],
  ['arn:aws:guardduty:eu-west-1:111122223333:detector/1', undefined],
  ['3.8', undefined],
  ['', undefined],
  [undefined, undefined],
  [`${'a/v/1.1/'.repeat(100)}EC2.13`, undefined],
])('%j is of control %s', (generator, control) => {
  expect(controlOf(generator)).toBe(control);
});

describe('the target', () => {
  const routes = { securityhub: { 'EC2.13': 'AUTO: drop_user' } };

  test('what lies in no region is reached through the partition’s own', () => {
    expect(read(on('AwsIamUser', `arn:aws:iam::${ACCOUNT}:user/team/ann`), { routes })).toMatchObject([
      { remediation: { target: { type: 'AWS::IAM::User', id: 'ann', region: 'us-east-1' } } },
    ]);
    const china = changed({
      Region: 'cn-northwest-1',
      Resources: [
        { Type: 'AwsIamUser', Id: `arn:aws-cn:iam::${ACCOUNT}:user/ann`, Region: 'cn-northwest-1' },
      ],
    });
    expect(read(china, { routes })).toMatchObject([{ remediation: { target: { region: 'cn-north-1' } } }]);
  });

  test('the resource’s region comes before the finding’s', () => {
    const group = { Type: 'AwsEc2SecurityGroup', Id: 'sg-1' };
    const regions = [{ ...group, Region: 'us-east-2' }, group].map((resource) =>
      read(changed({ Region: 'us-west-2', Resources: [resource] })),
    );
    expect(regions).toMatchObject([
      [{ remediation: { target: { region: 'us-east-2', id: 'sg-1' } } }],
      [{ remediation: { target: { region: 'us-west-2' } } }],
    ]);
  });

  test('every resource is acted on where it lies', () => {
    const Resources = [
      { Type: 'AwsEc2SecurityGroup', Id: 'arn:aws:ec2:us-east-1:999999999999:security-group/sg-0' },
      { Type: 'AwsEc2SecurityGroup', Id: 'sg-1', Region: 'eu-west-2' },
      { Type: 'AwsEc2SecurityGroup', Id: 'sg-2' },
      { Type: 'AwsEc2Instance', Id: 'i-1' },
      { Type: 'AwsEc2SecurityGroup', Id: 'sg-3' },
    ];
    expect(read(changed({ Resources }))).toMatchObject([
      { unusable: expect.stringMatching(/sg-0 belongs to account 999999999999, and the finding is about/) },
      { remediation: { target: { id: 'sg-1', region: 'eu-west-2' } } },
      { remediation: { target: { id: 'sg-2', region: 'eu-west-1' } } },
      { remediation: { target: { id: 'sg-3', region: 'eu-west-1' } } },
    ]);
  });

  test.each([
    ['AwsQuantumBit', `arn:aws:quantum:eu-west-1:${ACCOUNT}:bit/1`],
    ['Other', 'something'],
    [null, null],
  ])('%s %s is not named, which people hear of', (type, id) => {
    expect(read(on(type, id))).toMatchObject([
      { unusable: 'sg_close_ports is enabled for this, and the finding names no AWS::EC2::SecurityGroup' },
    ]);
  });

  test('of another account than the finding is refused, with both', () => {
    const theirs = on('AwsEc2SecurityGroup', 'arn:aws:ec2:eu-west-1:999999999999:security-group/sg-1');
    expect(read(theirs)).toMatchObject([
      {
        unusable: expect.stringMatching(
          /account 999999999999, and the finding is about account 111122223333/,
        ),
      },
    ]);
  });

  test('of another account than its owner is refused, in OCSF', () => {
    const [resource] = ocsf?.resources ?? [];
    const resources = [{ ...resource, owner: { account: { uid: '999999999999' } } }];
    expect(read(changedV2({ resources }))).toMatchObject([
      {
        unusable: expect.stringMatching(
          /account 999999999999, and the finding is about account 111122223333/,
        ),
      },
    ]);
  });

  test.each(['yesterday', '', null])('updated %j: as old as the message', (UpdatedAt) => {
    expect(read(changed({ UpdatedAt }))).toMatchObject([
      { remediation: { finding: { time: intake.sentAt } } },
    ]);
  });
});

describe('what is malformed', () => {
  test('one finding of many does not take its neighbours with it', () => {
    const odd = [null, 7, 'x', [], {}, { ...asff, AwsAccountId: 7 }, { ...asff, Resources: [7] }];
    const readings = read(imported(asff, ...odd, asff));
    expect(readings).toHaveLength(odd.length + 2);
    expect(botsOf([readings[0], readings.at(-1)] as Reading[])).toEqual(['sg_close_ports', 'sg_close_ports']);
    for (const reading of readings.slice(1, -1)) {
      expect(reading).toEqual({ unusable: expect.stringMatching(/^not a finding in ASFF: /) });
    }
    expect(read(v2({}, ocsf))).toMatchObject([{ unusable: expect.stringMatching(/OCSF/) }, {}, {}]);
  });

  test.each([
    {},
    { detail: null },
    { detail: { findings: {} } },
    { detail: { findings: [], actionName: 7 } },
  ])('%j is no event of Security Hub’s', (changes) => {
    const { detail: _, ...event } = securityGroup;
    expect(read({ ...event, ...changes })).toEqual([
      { unusable: expect.stringMatching(/^not an event of Security Hub: detail/) },
    ]);
  });

  test('an event without findings', () => {
    expect(read(imported())).toEqual([{ declined: 'the event carries no findings' }]);
  });

  test('other events are left to others', () => {
    expect(securityhub.accepts({ ...securityGroup, 'detail-type': 'Security Hub Insight Results' })).toBe(
      false,
    );
    expect(securityhub.accepts({ ...securityGroup, source: 'aws.guardduty' })).toBe(false);
    expect(securityhub.accepts(asff ?? {})).toBe(false);
  });

  test('anything at every field: nothing is thrown, no finding is lost', () => {
    fc.assert(
      fc.property(mutated([securityGroup, bucket, customAction, guardduty, bucketV2]), (message) => {
        expect(securityhub.read(message, intake).length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });
});

test('a control on the settings of a region: in the region of the finding, though it names the account', () => {
  const Compliance = { Status: 'FAILED', SecurityControlId: 'EC2.7' };
  const settings = (changes: object) =>
    read(on('AwsAccount', `AWS::::Account:${ACCOUNT}`, { Compliance, ...changes }));
  expect(settings({ Region: 'eu-west-1', GeneratorId: 'security-control/EC2.7' })).toMatchObject([
    {
      remediation: {
        bot: 'ec2_enable_ebs_encryption',
        target: { region: 'eu-west-1', type: 'AWS::::Region', id: 'eu-west-1' },
      },
    },
  ]);
});

test('a managed policy of AWS itself is no resource of the account: kept with the reason', () => {
  const Compliance = { Status: 'FAILED', SecurityControlId: 'IAM.1' };
  const policy = on('AwsIamPolicy', 'arn:aws:iam::aws:policy/AdministratorAccess', { Compliance });
  expect(read(policy)).toMatchObject([{ unusable: expect.stringMatching(/the finding names no AWS::/) }]);
  expect(read(policy, { routes: { securityhub: { 'IAM.1': 'iam_detach_policy' } } })).toEqual([
    { unusable: 'the finding names no AWS::IAM::ManagedPolicy, which iam_detach_policy acts on' },
  ]);
});
