import { enabling } from '../../testing/entry';
import type { Exemption } from '../config';
import { admit, exemptionFor, refusal } from './admission';
import type { Target } from '../resources/target';

const ACCOUNT = '111122223333';
const HOME = { accountId: ACCOUNT, region: 'eu-west-1' };
const bucket: Target = { account: ACCOUNT, region: 'eu-west-1', type: 'AWS::S3::Bucket', id: 'website-1' };
const TODAY = '2026-11-21';

describe('where bots may act', () => {
  test('in the installation’s account, in every region that AWS has', () => {
    expect(refusal(enabling(), HOME, bucket)).toBeUndefined();
    for (const region of ['us-east-1', 'me-south-1', 'ap-southeast-7']) {
      expect(refusal(enabling(), HOME, { ...bucket, region })).toBeUndefined();
    }
  });

  test('nowhere else', () => {
    expect(refusal(enabling(), { ...HOME, accountId: '999999999999' }, bucket)).toMatch(
      /^account 111122223333 is not/,
    );
    expect(refusal(enabling(), HOME, { ...bucket, region: 'xx-far-1' })).toMatch(/^region xx-far-1 is not/);
  });

  test('where config.ts names regions, only there, also in one that is newer than this code', () => {
    const config = { ...enabling(), regions: ['eu-central-9'] };
    expect(refusal(config, HOME, bucket)).toMatch(/^region eu-west-1 is not/);
    expect(refusal(config, HOME, { ...bucket, region: 'eu-central-9' })).toBeUndefined();
    expect(refusal({ ...enabling(), regions: [] }, HOME, bucket)).toMatch(/^region eu-west-1 is not/);
  });
});

describe('members', () => {
  const accounts = { mode: 'multi', externalId: 'x', accounts: ['444455556666'] } as const;
  const inAccount = (account: string) => ({ ...bucket, account });

  test.each([
    ['a listed one', accounts, '444455556666', undefined],
    ['home', accounts, ACCOUNT, undefined],
    ['any other', accounts, '777788889999', /not one of the accounts in config.ts/],
    ['a denied one', { ...accounts, deny: ['444455556666'] }, '444455556666', /deny list/],
    ['home, denied', { ...accounts, deny: [ACCOUNT] }, ACCOUNT, /deny list/],
    // AWS Organizations is asked by the coordinator.
    ['one of an organization', { ...accounts, organization: 'o-a1b2c3d4e5' }, '777788889999', undefined],
    ['single mode', { mode: 'single' } as const, '444455556666', /is not this installation's account/],
  ])('%s', (_what, members, account, expected) => {
    const reason = refusal({ ...enabling(), accounts: members }, HOME, inAccount(account));
    if (expected === undefined) expect(reason).toBeUndefined();
    else expect(reason).toMatch(expected);
  });
});

test('an account is in no region: where a finding about it arose does not matter', () => {
  const account: Target = { account: ACCOUNT, region: 'us-east-1', type: 'AWS::::Account', id: ACCOUNT };
  expect(refusal({ ...enabling(), regions: ['eu-west-1'] }, HOME, account)).toBeUndefined();
  expect(refusal(enabling(), { ...HOME, accountId: '999999999999' }, account)).toMatch(/^account/);
});

describe('partitions', () => {
  const CHINA = { accountId: ACCOUNT, region: 'cn-north-1' };
  const GOV = { accountId: ACCOUNT, region: 'us-gov-east-1' };
  const topic = (arn: string, region: string) => ({ ...bucket, type: 'AWS::SNS::Topic', id: arn, region });
  const user = (region: string) => ({ ...bucket, type: 'AWS::IAM::User', id: 'ann', region });

  test.each<[typeof HOME, Target]>([
    [HOME, topic(`arn:aws:sns:eu-west-1:${ACCOUNT}:t`, 'eu-west-1')],
    [HOME, user('us-east-1')],
    [CHINA, { ...bucket, region: 'cn-northwest-1' }],
    [CHINA, topic(`arn:aws-cn:sns:cn-north-1:${ACCOUNT}:t`, 'cn-north-1')],
    [CHINA, user('cn-north-1')],
    [GOV, topic(`arn:aws-us-gov:sns:us-gov-west-1:${ACCOUNT}:t`, 'us-gov-west-1')],
  ])('from $region, $id in its own', (home, target) => {
    expect(refusal(enabling(), home, target)).toBeUndefined();
  });

  test.each<[typeof HOME, Target, RegExp]>([
    [HOME, { ...bucket, region: 'cn-north-1' }, /^region cn-north-1 lies in partition aws-cn, .* in aws:/],
    [HOME, { ...bucket, region: 'us-gov-west-1' }, /^region us-gov-west-1 lies in partition aws-us-gov/],
    [HOME, user('cn-north-1'), /^region cn-north-1 lies in partition aws-cn/],
    [CHINA, bucket, /^region eu-west-1 lies in partition aws, and this installation in aws-cn: .*deploy/],
    [GOV, user('us-east-1'), /^region us-east-1 lies in partition aws, and this installation in aws-us-gov/],
    [HOME, topic(`arn:aws-cn:sns:cn-north-1:${ACCOUNT}:t`, 'eu-west-1'), /^the ARN is of partition aws-cn/],
    [CHINA, topic(`arn:aws:sns:eu-west-1:${ACCOUNT}:t`, 'cn-north-1'), /^the ARN is of partition aws,/],
  ])('from $region never across: %j', (home, target, reason) => {
    expect(refusal(enabling(), home, target)).toMatch(reason);
    // Naming the region in config.ts opens no way over.
    expect(refusal({ ...enabling(), regions: [target.region] }, home, target)).toMatch(reason);
  });
});

describe('an exemption', () => {
  const reason = (exemption: Partial<Exemption>, target = bucket) =>
    exemptionFor(
      { ...enabling(), exemptions: [{ reason: 'public on purpose', ...exemption }] },
      's3_block_all_public_access',
      target,
      TODAY,
    );

  test.each<Partial<Exemption>>([
    {},
    { bot: 's3_block_all_public_access' },
    { account: ACCOUNT },
    { region: 'eu-*' },
    { resource: 'website-1' },
    { resource: 'website-*' },
    { resource: '*-1' },
    { resource: 'web*-*' },
    { resource: '*' },
    { bot: 's3_block_all_public_access', account: ACCOUNT, region: 'eu-west-1', resource: 'website-1' },
    { until: '2026-11-22' },
  ])('%j covers the bucket', (exemption) => {
    expect(reason(exemption)).toBe('public on purpose');
  });

  test.each<Partial<Exemption>>([
    { bot: 'kms_enable_rotation' },
    { account: '999999999999' },
    { region: 'us-*' },
    { resource: 'website' },
    { resource: 'ebsite-1' },
    { resource: 'website-1?' },
    { resource: 'website.1' },
    { resource: '' },
    { resource: 'website-*', region: 'us-east-1' },
    { until: TODAY },
    { until: '2025-12-31' },
  ])('%j does not', (exemption) => {
    expect(reason(exemption)).toBeUndefined();
  });

  test('takes what means something in a pattern as it is written', () => {
    const id = 'a.b+c(d)[e]{f}|g^h$i\\j?k\nl';
    expect(reason({ resource: id }, { ...bucket, id })).toBe('public on purpose');
    expect(reason({ resource: 'a.b*l' }, { ...bucket, id })).toBe('public on purpose');
    expect(reason({ resource: id }, { ...bucket, id: 'axb' })).toBeUndefined();
  });

  test('the first that covers gives the reason; without any there is none', () => {
    const exemptions = [
      { region: 'us-*', reason: 'one' },
      { resource: '*', reason: 'two' },
      { reason: 'three' },
    ];
    const config = { ...enabling(), exemptions };
    expect(exemptionFor(config, 'kms_enable_rotation', bucket, TODAY)).toBe('two');
    expect(exemptionFor(enabling(), 'kms_enable_rotation', bucket, TODAY)).toBeUndefined();
  });
});

describe('patterns of exemptions', () => {
  const covers = (resource: string, id: string) =>
    exemptionFor({ ...enabling(), exemptions: [{ resource, reason: 'x' }] }, 'any', { ...bucket, id }, TODAY);

  test.each([
    ['website-*', 'website-1'],
    ['*', ''],
    ['a*b*c', 'abc'],
    ['a*b*c', 'a-b-b-c-c'],
    ['*.logs', 'eu.logs'],
    ['a*a', 'aa'],
    ['a.c', 'a.c'],
  ])('%s stands for %s', (pattern, id) => {
    expect(covers(pattern, id)).toBe('x');
  });

  test.each([
    ['website-*', 'my-website-1'],
    ['a*a', 'a'],
    ['a*b*c', 'acb'],
    ['ab*ba', 'aba'],
    ['a.c', 'abc'],
    ['a*', 'A1'],
  ])('%s does not stand for %s', (pattern, id) => {
    expect(covers(pattern, id)).toBeUndefined();
  });

  test('are matched without going back, however many stars and dashes there are', () => {
    // With backtracking this would take longer than anybody waits.
    expect(covers('*-*-*-*-*-*-*-*-*-x', '-'.repeat(2048))).toBeUndefined();
  });
});

describe('admit', () => {
  const home = HOME;
  const bot = { id: 's3_enable_versioning', resource: 'AWS::S3::Bucket', from: {} } as const;
  const config = enabling(bot.id);
  const asked = (changes: Partial<Target> = {}, extra: object = {}) =>
    admit({ config, home, bot, target: { ...bucket, ...changes }, ...extra });

  test('what may run', () => {
    expect(asked()).toEqual({ settings: config.bots[bot.id] });
  });

  test.each<[string, Partial<Target>, object, object]>([
    ['another type', { type: 'AWS::KMS::Key' }, {}, { code: 'WrongType' }],
    ['not enabled', {}, { config: enabling() }, { code: 'NotEnabled' }],
    ['another account', { account: '999999999999' }, {}, { code: 'NotAllowed' }],
    [
      'parameters',
      {},
      { params: { said: {}, defaults: {}, wrong: () => 'ports: no list' } },
      { code: 'BadParameters', refused: 'ports: no list' },
    ],
    ['a name that is not its own', { id: 'arn:aws:s3:::b' }, {}, { code: 'NotAllowed' }],
  ])('%s is refused', (_what, changes, extra, expected) => {
    expect(asked(changes, extra)).toMatchObject(expected);
  });

  test('a person may run what is not enabled, and nothing else that is refused', () => {
    expect(asked({}, { config: enabling(), byHand: true })).toMatchObject({ settings: { enabled: false } });
    expect(asked({ account: '999999999999' }, { byHand: true })).toMatchObject({ code: 'NotAllowed' });
  });

  test('the region of a bucket counts once it has been read', () => {
    const regions = { config: { ...config, regions: ['eu-central-1'] } };
    expect(asked({}, { ...regions, isLocated: false })).toHaveProperty('settings');
    expect(asked({}, regions)).toMatchObject({ refused: expect.stringMatching(/^region eu-west-1/) });
  });

  test('AWS’s unique id is no name to run under', () => {
    const user: Target = {
      ...bucket,
      region: 'us-east-1',
      type: 'AWS::IAM::User',
      id: 'AIDACKCEVSQ6C2EXAMPLE',
    };
    const request = { config: enabling('iam_quarantine_user'), home, target: user };
    const on = { id: 'iam_quarantine_user', resource: 'AWS::IAM::User', from: {} } as const;
    expect(admit({ ...request, bot: on, isLocated: false })).toHaveProperty('settings');
    expect(admit({ ...request, bot: on })).toMatchObject({
      refused: expect.stringMatching(/name it by its name/),
    });
  });
});
