import { entry } from '../../../testing/entry';
import { readerOf, readsAnything } from '../../../testing/reading';
import { catalogue } from '../../remediators/catalogue';
import type { Intake } from '../source';
import { config } from './config';
import compliant from './fixtures/config/compliant.json';
import deliveryChannel from './fixtures/config/delivery-channel.json';
import key from './fixtures/config/key.json';
import securityGroup from './fixtures/config/security-group.json';

const ACCOUNT = '111122223333';
const intake: Intake = {
  catalogue: [...catalogue, entry('lock_user', { resource: 'AWS::IAM::User' })],
  accountId: ACCOUNT,
  region: 'us-east-2',
  sentAt: '2026-11-21T12:00:00.000Z',
  messageId: 'message-1',
};

const read = readerOf(config, intake);

/** The change of the key's compliance, with other words in it. */
function changed(changes: object): object {
  return { ...key, detail: { ...key.detail, ...changes } };
}

function verdict(complianceType: unknown): object {
  return changed({ newEvaluationResult: { ...key.detail.newEvaluationResult, complianceType } });
}

describe('changes as AWS Config sends them', () => {
  test('a key, by a rule of Security Hub', () => {
    expect(read(key)).toEqual([
      {
        remediation: {
          version: 1,
          bot: 'kms_enable_rotation',
          target: {
            account: ACCOUNT,
            region: 'eu-west-1',
            type: 'AWS::KMS::Key',
            id: '1234abcd-12ab-34cd-56ef-1234567890ab',
          },
          params: {},
          finding: {
            source: 'config',
            id: `${key.detail.configRuleName}/AWS::KMS::Key/${key.detail.resourceId}`,
            time: '2026-11-21T09:58:12.345Z',
            title: `not compliant with ${key.detail.configRuleName}`,
          },
        },
      },
    ]);
  });

  test('a security group, by a rule that is not called by its identifier', () => {
    expect(read(securityGroup)).toMatchObject([
      { remediation: { bot: 'sg_close_ports', target: { id: 'sg-0a1b2c3d4e5f60718' } } },
    ]);
  });

  test('what is compliant now', () => {
    expect(read(compliant)).toEqual([
      { declined: 'the verdict is COMPLIANT; only NON_COMPLIANT asks for a repair' },
    ]);
  });

  test('a message of the delivery channel’s topic, about the account, with an annotation', () => {
    expect(read(deliveryChannel)).toMatchObject([
      {
        remediation: {
          bot: 'iam_turn_on_password_policy',
          target: { type: 'AWS::::Account', id: ACCOUNT, region: 'us-east-1' },
          finding: { title: 'Account password policy does not meet the specified requirements' },
        },
      },
    ]);
  });
});

test.each(['COMPLIANT', 'NOT_APPLICABLE', 'INSUFFICIENT_DATA', 'non_compliant', '', null, undefined])(
  'the verdict %j asks for nothing',
  (complianceType) => {
    expect(read(verdict(complianceType))).toEqual([{ declined: expect.stringMatching(/^the verdict is/) }]);
  },
);

test('no verdict asks for nothing', () => {
  expect(read(changed({ newEvaluationResult: null }))).toEqual([
    { declined: expect.stringMatching(/^the verdict is absent/) },
  ]);
});

test('rules of selfheal are left to their own function', () => {
  expect(read(changed({ configRuleName: 'selfheal-prod-kms_enable_rotation' }))).toEqual([
    { declined: expect.stringMatching(/is a rule of selfheal/) },
  ]);
});

describe('rules', () => {
  const GROUP = { resourceType: 'AWS::EC2::SecurityGroup', resourceId: 'sg-1' };
  const BUCKET = { resourceType: 'AWS::S3::Bucket', resourceId: 'open-bucket' };
  test.each<[string, object, string[]]>([
    ['restricted-common-ports', GROUP, ['sg_close_ports']],
    ['securityhub-restricted-ssh-33f8347e', GROUP, ['sg_close_ports']],
    ['securityhub-vpc-sg-port-restriction-check-38a80c22', GROUP, ['sg_close_ports']],
    ['restricted-ssh-conformance-pack-szsm1uv0w', GROUP, ['sg_close_ports']],
    ['INCOMING_SSH_DISABLED', GROUP, ['sg_close_ports']],
    ['AWSControlTower_AWS-GR_RESTRICTED_SSH', GROUP, ['sg_close_ports']],
    ['AWSControlTower_AWS-GR_RESTRICTED_COMMON_PORTS', GROUP, ['sg_close_ports']],
    [
      'AWSControlTower_AWS-GR_S3_BUCKET_PUBLIC_READ_PROHIBITED',
      BUCKET,
      ['s3_remove_public_grants', 's3_remove_public_statements'],
    ],
    ['cmk-backing-key-rotation-enabled', {}, ['kms_enable_rotation']],
    ['s3-bucket-level-public-access-prohibited', BUCKET, ['s3_block_all_public_access']],
    [
      'OrgConfigRule-s3-bucket-public-read-prohibited-dbgzf8ba',
      BUCKET,
      ['s3_remove_public_grants', 's3_remove_public_statements'],
    ],
  ])('%s', (configRuleName, resource, bots) => {
    expect(read(changed({ configRuleName, ...resource }))).toMatchObject(
      bots.map((bot) => ({ remediation: { bot } })),
    );
  });

  test('of Control Tower that its catalogue calls otherwise', () => {
    const routes = { config: { S3_BUCKET_VERSIONING_ENABLED: 'AUTO: s3_block_all_public_access' } };
    const rule = { configRuleName: 'AWSControlTower_AWS-GR_S3_VERSIONING_ENABLED', ...BUCKET };
    expect(read(changed(rule), { routes })).toMatchObject([{ remediation: {} }]);
  });

  test.each([
    'my-rule',
    'restricted-rdp',
    'AWSControlTower_',
    'securityhub-',
    'OrgConfigRule',
    '-conformance-pack-1',
  ])('%s has no bot', (rule) => {
    expect(read(changed({ configRuleName: rule }))).toEqual([
      { declined: expect.stringMatching(/^no route/), withoutRoute: true },
    ]);
  });

  test.each([
    key.detail.configRuleName,
    'cmk-backing-key-rotation-enabled',
    'CMK_BACKING_KEY_*',
    'securityhub-*',
  ])('a route may name it %s', (pattern) => {
    const routes = { config: { [pattern]: 'AUTO: kms_enable_rotation periodDays=90' } };
    expect(read(key, { routes })).toMatchObject([{ remediation: { params: { periodDays: 90 } } }]);
  });
});

test('AWS’s unique id of a user stands for the user until the bot has found the name', () => {
  const user = { resourceType: 'AWS::IAM::User', resourceId: 'AIDACKCEVSQ6C2EXAMPLE' };
  expect(read(changed(user), { routes: { config: { '*': 'lock_user' } } })).toMatchObject([
    { remediation: { target: { type: 'AWS::IAM::User', id: 'AIDACKCEVSQ6C2EXAMPLE' } } },
  ]);
});

test('the time is that of the message, of the verdict, or that of sending', () => {
  const time = (changes: object) => read(changed(changes));
  expect(time({ notificationCreationTime: null })).toMatchObject([
    { remediation: { finding: { time: '2026-11-21T09:58:11.405Z' } } },
  ]);
  const newEvaluationResult = { complianceType: 'NON_COMPLIANT' };
  expect(time({ notificationCreationTime: 'now', newEvaluationResult })).toMatchObject([
    { remediation: { finding: { time: intake.sentAt } } },
  ]);
});

test.each<[object, RegExp]>([
  [{ ...key, detail: null }, /detail/],
  [changed({ configRuleName: 7 }), /configRuleName/],
  [changed({ resourceId: undefined }), /resourceId/],
  [changed({ awsAccountId: 111122223333 }), /awsAccountId/],
  [changed({ newEvaluationResult: 'NON_COMPLIANT' }), /newEvaluationResult/],
  [{ ...deliveryChannel, resourceType: [] }, /resourceType/],
])('%j is none of AWS Config’s', (message, reason) => {
  expect(read(message)).toEqual([{ unusable: expect.stringMatching(reason) }]);
});

test('events of others are left to others', () => {
  expect(config.accepts({ ...key, 'detail-type': 'Config Configuration Item Change' })).toBe(false);
  expect(config.accepts({ ...key, source: 'mine' })).toBe(false);
});

test('anything in place of any fields: nothing is thrown, and all is answered', () => {
  readsAnything(config, [key, securityGroup, compliant, deliveryChannel], intake);
});
