/** Where a resource lies: what its identifier says, never a guess. The shapes are those of real findings. */
import { catalogue } from '../remediators/catalogue';
import { enabling } from '../../testing/entry';
import type { Config } from '../../shared/config';
import { type Rules, readFinding } from './read';

const ACCOUNT = '123456789012';
const all = enabling(...catalogue.map(({ id }) => id));

function read(finding: object, config: Config = all) {
  const rules: Rules = { config, catalogue, accountId: ACCOUNT, region: 'us-east-1' };
  const message = { text: JSON.stringify(finding), sentAt: '2026-11-21T10:00:00Z', messageId: 'm-1' };
  return readFinding(rules, message).readings;
}

function asff(control: string, Resources: object[], extra: object = {}): object {
  const finding = {
    Id: 'finding-1',
    ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/securityhub',
    AwsAccountId: ACCOUNT,
    GeneratorId: `security-control/${control}`,
    Compliance: { Status: 'FAILED', SecurityControlId: control },
    Workflow: { Status: 'NEW' },
    RecordState: 'ACTIVE',
    UpdatedAt: '2026-11-21T10:00:00Z',
    Resources,
    ...extra,
  };
  return {
    source: 'aws.securityhub',
    'detail-type': 'Security Hub Findings - Imported',
    account: ACCOUNT,
    region: 'us-east-1',
    detail: { findings: [finding] },
  };
}

const at = (bot: string, region: string, id: string) => ({ remediation: { bot, target: { region, id } } });
const arn = (rest: string) => `arn:aws:${rest}`;

describe('the region in the ARN', () => {
  const orders = { Type: 'AwsRdsDbInstance', Id: arn(`rds:eu-west-1:${ACCOUNT}:db:orders`) };

  test.each([{ Region: 'us-east-1' }, {}, { Region: '' }, { Region: 'global' }])(
    'wins over that of the finding: %j',
    (extra) => {
      expect(read(asff('RDS.2', [orders], extra))).toMatchObject([
        at('rds_set_private', 'eu-west-1', 'orders'),
      ]);
    },
  );

  test('contradicts what is said of the resource: refused, with both', () => {
    expect(read(asff('RDS.2', [{ ...orders, Region: 'us-east-1' }]))).toMatchObject([
      { unusable: expect.stringMatching(/lies in eu-west-1 by its ARN, and in us-east-1 by the finding/) },
    ]);
  });

  test('two security groups of two regions, and one that contradicts itself beside them', () => {
    const group = (region: string, id: string) => ({
      Type: 'AwsEc2SecurityGroup',
      Id: arn(`ec2:${region}:${ACCOUNT}:security-group/${id}`),
    });
    const resources = [
      group('eu-west-1', 'sg-0a1'),
      group('eu-central-1', 'sg-0b2'),
      { ...group('eu-west-2', 'sg-0c3'), Region: 'us-east-1' },
    ];
    expect(read(asff('EC2.19', resources, { Region: 'us-east-1' }))).toMatchObject([
      at('sg_close_ports', 'eu-west-1', 'sg-0a1'),
      at('sg_close_ports', 'eu-central-1', 'sg-0b2'),
      { unusable: expect.stringMatching(/eu-west-2 by its ARN, and in us-east-1/) },
    ]);
  });

  test('of a queue and a topic', () => {
    const config = {
      ...all,
      routes: { securityhub: { 'SQS.3': 'sqs_remove_public_statements', 'SNS.4': 'sns_set_topic_private' } },
    };
    const queue = { Type: 'AwsSqsQueue', Id: arn(`sqs:eu-west-1:${ACCOUNT}:q`) };
    expect(read(asff('SQS.3', [queue], { Region: 'us-east-1' }), config)).toMatchObject([
      at('sqs_remove_public_statements', 'eu-west-1', `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/q`),
    ]);
    const topic = { Type: 'AwsSnsTopic', Id: arn(`sns:eu-west-1:${ACCOUNT}:t`) };
    expect(read(asff('SNS.4', [topic], { Region: 'us-east-1' }), config)).toMatchObject([
      at('sns_set_topic_private', 'eu-west-1', topic.Id),
    ]);
  });

  test('in OCSF, and of Prowler', () => {
    const prowler = {
      metadata: { event_code: 'rds_instance_no_public_access', product: { name: 'Prowler' } },
      finding_info: { uid: 'prowler-1' },
      status_code: 'FAIL',
      time: 1_763_719_092,
      cloud: { provider: 'aws', region: 'us-east-1', account: { uid: ACCOUNT } },
      resources: [{ type: 'AwsRdsDbInstance', uid: orders.Id }],
    };
    expect(read(prowler)).toMatchObject([at('rds_set_private', 'eu-west-1', 'orders')]);
    const [resource] = prowler.resources;
    expect(read({ ...prowler, resources: [{ ...resource, region: 'us-east-1' }] })).toMatchObject([
      { unusable: expect.stringMatching(/eu-west-1 by its ARN, and in us-east-1/) },
    ]);
  });

  test('no region anywhere: nothing is guessed', () => {
    const group = { Type: 'AwsEc2SecurityGroup', Id: 'sg-0a1' };
    expect(read(asff('EC2.19', [group]))).toMatchObject([
      {
        unusable: expect.stringMatching(/^the finding names no region for AWS::EC2::SecurityGroup "sg-0a1"/),
      },
    ]);
  });

  test('an ARN of another account than the finding’s: refused, with both', () => {
    const theirs = { ...orders, Id: orders.Id.replace(ACCOUNT, '999999999999') };
    expect(read(asff('RDS.2', [theirs]))).toMatchObject([
      {
        unusable: expect.stringMatching(
          /account 999999999999, and the finding is about account 123456789012/,
        ),
      },
    ]);
  });
});

describe('AWS’s unique ids', () => {
  const user = { Type: 'AwsIamUser', Id: arn(`iam::${ACCOUNT}:user/AIDACKCEVSQ6C2EXAMPLE`) };

  test('are names where the details tell these', () => {
    const named = { ...user, Details: { AwsIamUser: { UserName: 'bot' } } };
    expect(read(asff('IAM.2', [named]))).toMatchObject([
      at('iam_user_delete_inline_policies', 'us-east-1', 'bot'),
      at('iam_user_detach_policies', 'us-east-1', 'bot'),
    ]);
    const database = {
      Type: 'AwsRdsDbInstance',
      Id: arn(`rds:eu-west-1:${ACCOUNT}:db:db-ABCDEFGHIJKLMNOPQR`),
      Details: { AwsRdsDbInstance: { DBInstanceIdentifier: 'orders' } },
    };
    expect(read(asff('RDS.2', [database]))).toMatchObject([at('rds_set_private', 'eu-west-1', 'orders')]);
  });

  test('reach the bot, which finds the name, where they do not', () => {
    expect(read(asff('IAM.2', [user]))).toMatchObject([
      at('iam_user_delete_inline_policies', 'us-east-1', 'AIDACKCEVSQ6C2EXAMPLE'),
      at('iam_user_detach_policies', 'us-east-1', 'AIDACKCEVSQ6C2EXAMPLE'),
    ]);
  });

  test.each([
    ['IAM_NO_INLINE_POLICY_CHECK', 'iam-no-inline-policy-check', 'AWS::IAM::User', 'AIDACKCEVSQ6C2EXAMPLE'],
    [
      'RDS_INSTANCE_PUBLIC_ACCESS_CHECK',
      'rds-instance-public-access-check',
      'AWS::RDS::DBInstance',
      'db-ABCDEFGHIJKLMNOPQR',
    ],
  ])('in verdicts of AWS Config: %s', (_identifier, configRuleName, resourceType, resourceId) => {
    const detail = {
      ...{ awsAccountId: ACCOUNT, awsRegion: 'eu-west-1', configRuleName, resourceType, resourceId },
      newEvaluationResult: { complianceType: 'NON_COMPLIANT' },
    };
    const event = { source: 'aws.config', 'detail-type': 'Config Rules Compliance Change', detail };
    expect(read(event)).toMatchObject([{ remediation: { target: { type: resourceType, id: resourceId } } }]);
  });
});

test('the spellings of cluster snapshots', () => {
  const snapshot = (spelling: string) => ({
    Type: 'AwsRdsDbClusterSnapshot',
    Id: arn(`rds:eu-west-1:${ACCOUNT}:${spelling}:aur1-snap`),
  });
  for (const spelling of ['dbclustersnapshot', 'cluster-snapshot']) {
    expect(read(asff('RDS.1', [snapshot(spelling)]))).toMatchObject([
      at('rds_cluster_snapshot_set_private', 'eu-west-1', 'aur1-snap'),
    ]);
  }
});

describe('Conformity', () => {
  const check = {
    id: 'ccc:HJzFMHchx:RDS-008:RDS:eu-west-1:orders',
    organisationId: 'HJdoJr9hx',
    accountId: 'HJzFMHchx',
    ruleId: 'RDS-008',
    region: 'eu-west-1',
    resource: 'orders',
    status: 'FAILURE',
    ccrn: 'ccrn:aws:HJzFMHchx:RDS:eu-west-1:orders',
    lastModifiedDate: 1_763_719_092_345,
  };

  test('its own account id is no account of AWS: nothing is guessed', () => {
    expect(read(check)).toEqual([{ unusable: expect.stringMatching(/conformity\.accounts in config\.ts/) }]);
  });

  test('config.ts says which account it is', () => {
    expect(read(check, { ...all, conformity: { accounts: { HJzFMHchx: ACCOUNT } } })).toMatchObject([
      at('rds_set_private', 'eu-west-1', 'orders'),
    ]);
    expect(read(check, { ...all, conformity: { accounts: { HJzFMHchx: '999999999999' } } })).toEqual([
      { unusable: expect.stringMatching(/^account 999999999999 is not this installation/) },
    ]);
  });
});

test('CloudGuard needs no entity for what is missing in an account', () => {
  const finding = {
    findingKey: 'key-1',
    status: 'Failed',
    reportTime: '2026-11-21T10:00:00Z',
    account: { id: ACCOUNT, vendor: 'AWS' },
    rule: { name: 'no password policy', complianceTags: 'AUTO: iam_turn_on_password_policy' },
  };
  for (const entity of [{}, { entity: null }]) {
    expect(read({ ...finding, ...entity })).toMatchObject([
      at('iam_turn_on_password_policy', 'us-east-1', ACCOUNT),
    ]);
  }
});
