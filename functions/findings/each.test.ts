import { entry } from '../../testing/entry';
import { routedEach } from './each';
import type { Intake } from './source';

const intake: Intake = {
  catalogue: [entry('on_key'), entry('on_bucket', { resource: 'AWS::S3::Bucket' })],
  accountId: '111122223333',
  region: 'eu-west-1',
  routes: { guardduty: { '*': 'on_key | on_bucket' } },
  sentAt: '2026-11-21T12:00:00.000Z',
  messageId: 'message-1',
};
const said = {
  ...({ source: 'guardduty', id: 'f-1', time: intake.sentAt, keys: ['Any:Type'] } as const),
  ...{ account: '111122223333', region: 'eu-west-1' },
};
const key = { type: 'AWS::KMS::Key', id: 'key-1' };
const bucket = { type: 'AWS::S3::Bucket', id: 'one' };

function targets(...resources: Parameters<typeof routedEach>[1]): unknown[] {
  return routedEach(said, resources, intake).map((reading) =>
    'remediation' in reading
      ? `${reading.remediation.bot} ${reading.remediation.target.region} ${reading.remediation.target.id}`
      : reading,
  );
}

test('each resource of a type is acted on, once', () => {
  expect(targets(bucket, key, { ...bucket, id: 'two' }, bucket)).toEqual([
    'on_key eu-west-1 key-1',
    'on_bucket eu-west-1 one',
    'on_bucket eu-west-1 two',
  ]);
});

test('where it lies', () => {
  expect(targets(bucket, { ...key, region: 'us-east-2' })).toEqual([
    'on_bucket eu-west-1 one',
    'on_key us-east-2 key-1',
  ]);
});

test('what no resource answers is said once', () => {
  const unusable = 'the finding names no AWS::KMS::Key, which on_key acts on';
  expect(targets(bucket, { ...bucket, id: 'two' })).toEqual([
    { unusable },
    'on_bucket eu-west-1 one',
    'on_bucket eu-west-1 two',
  ]);
  expect(targets()).toEqual([
    { unusable },
    { unusable: 'the finding names no AWS::S3::Bucket, which on_bucket acts on' },
  ]);
});

test('users and roles lie in no region, in every partition', () => {
  const catalogue = [entry('on_user', { resource: 'AWS::IAM::User' })];
  const routes = { guardduty: { '*': 'on_user' } };
  const user = { type: 'AWS::IAM::User', id: 'ann', region: 'global' };
  for (const [region, expected] of [
    ['eu-west-1', 'us-east-1'],
    ['cn-northwest-1', 'cn-north-1'],
  ] as const) {
    expect(routedEach({ ...said, region }, [user], { ...intake, catalogue, routes })).toMatchObject([
      { remediation: { target: { region: expected } } },
    ]);
  }
});

describe('the settings of a region', () => {
  const changes = {
    ...intake,
    catalogue: [entry('on_region', { resource: 'AWS::::Region' })],
    routes: { guardduty: { '*': 'on_region' } },
  };
  const region = (resource: Parameters<typeof routedEach>[1][number], seen?: string) =>
    routedEach({ ...said, region: seen }, [resource], changes).map((reading) =>
      'remediation' in reading ? reading.remediation.target.id : reading,
    );

  test('are those of the region that the finding is about, though an account and a user lie in none', () => {
    const account = { type: 'AWS::::Account', id: '111122223333' };
    expect(region(account, 'eu-west-1')).toEqual(['eu-west-1']);
    expect(region({ ...account, region: 'eu-west-2' }, 'eu-west-1')).toEqual(['eu-west-2']);
    const user = { type: 'AWS::IAM::User', id: 'ann', region: 'global' };
    expect(region(user, 'eu-west-1')).toEqual(['eu-west-1']);
  });

  test('are not guessed', () => {
    const unusable = expect.stringMatching(/^the finding names no region/);
    expect(region({ type: 'AWS::::Account', id: '111122223333' })).toEqual([{ unusable }]);
    expect(region({ type: 'AWS::IAM::User', id: 'ann', region: 'us-east-1' })).toEqual([{ unusable }]);
  });
});
