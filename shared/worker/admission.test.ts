import { enabling } from '../../testing/entry';
import type { Config } from '../config';
import { admit } from './admission';
import type { Target } from '../resources/target';

const ACCOUNT = '111122223333';
const HOME = { accountId: ACCOUNT, region: 'eu-west-1' };
const bucket: Target = { account: ACCOUNT, region: 'eu-west-1', type: 'AWS::S3::Bucket', id: 'website-1' };

/** Why nobody may run a bot on the target. */
function refusal(config: Config, home: typeof HOME, target: Target): string | undefined {
  const bot = { id: 'any', resource: target.type as `AWS::${string}::${string}`, from: {} };
  const admission = admit({ config, home, bot, target, byHand: true });
  return 'refused' in admission ? admission.refused : undefined;
}

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

describe('admit', () => {
  const home = HOME;
  const bot = { id: 's3_enable_versioning', resource: 'AWS::S3::Bucket', from: {} } as const;
  const config = enabling(bot.id);
  const asked = (changes: Partial<Target> = {}, extra: object = {}) =>
    admit({ config, home, bot, target: { ...bucket, ...changes }, ...extra });

  test('what may run', () => {
    expect(asked()).toEqual({ settings: config.bots[bot.id] });
  });

  test('what is exempt says why', () => {
    const exemptions = [{ resource: 'website-*', owner: 'web team', reason: 'public on purpose' }];
    expect(asked({}, { config: { ...config, exemptions } })).toEqual({ exempt: 'public on purpose' });
    expect(asked({ id: 'b' }, { config: { ...config, exemptions } })).toHaveProperty('settings');
  });

  test('a place is judged by account and region alone', () => {
    const at = (account: string, region: string) =>
      admit({ config: { ...config, regions: ['eu-west-1'] }, home, bot, target: { account, region } });
    expect(at(ACCOUNT, 'eu-west-1')).toHaveProperty('settings');
    expect(at(ACCOUNT, 'us-east-1')).toMatchObject({ refused: expect.stringMatching(/^region us-east-1/) });
    expect(at('999999999999', 'eu-west-1')).toMatchObject({ refused: expect.stringMatching(/^account/) });
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
