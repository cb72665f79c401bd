/** Orders for accounts, regions and partitions in which nothing can be done: what becomes of the message. */
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { bot } from '../../functions/remediators/kms/kms_enable_rotation';
import { type Fault, newScene, rotates } from '../../testing/scene';
import { queued } from '../../testing/world';
import { CLIENT_DEFAULTS } from '../aws/clients';
import { type Target, partitionOf } from '../resources/target';
import { MAX_ATTEMPTS } from './serve';

/** As STS does: the role is there, and its ExternalId is asked for; one answer tells nothing of which it was. */
const trusting = (roles: Readonly<Record<string, string>>): Fault => {
  return ({ input }) => {
    const { RoleArn = '', ExternalId } = input as AssumeRoleCommandInput;
    const role = Object.entries(roles).find(([name]) => RoleArn.endsWith(`:role/${name}`));
    return role?.[1] === ExternalId && role
      ? undefined
      : {
          name: 'AccessDenied',
          message: `not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
        };
  };
};
const HINT =
  /AccessDenied: arn:aws:iam::\d{12}:role\/selfheal-prod-remediation-kms could not be .*ExternalId.*doctor/;

let random: jest.SpyInstance;
beforeEach(() => {
  random = jest.spyOn(Math, 'random').mockReturnValue(0); // the SDK then retries without delay
});
afterEach(() => {
  random.mockRestore();
});

describe('a session that STS refuses', () => {
  test.each<[string, Fault, RegExp, number]>([
    ['the role is missing', trusting({}), HINT, 1],
    ['its ExternalId is another', trusting({ 'selfheal-prod-remediation-kms': 'another' }), HINT, 1],
    [
      'the installation’s region is not active in the member',
      () => ({ name: 'RegionDisabledException', message: 'STS is not activated in this region' }),
      /^sts:AssumeRole: RegionDisabledException: .*not activated/,
      1,
    ],
  ])(
    '%s: failed and said why, nothing begun; asked again with the next delivery',
    async (_, sts, why, tries) => {
      const scene = await newScene({ bot });
      const { world, faults, asked, deliver } = scene;
      faults.sts = sts;
      expect(await deliver()).toEqual(['failed']);
      expect(asked).toHaveLength(tries);
      expect(world.told).toMatchObject([
        { outcome: 'failed', attempt: 1, reason: expect.stringMatching(why) },
      ]);
      expect(await queued(world)).toEqual({ visible: 1, inFlight: 0 });
      expect(await world.journal.list()).toEqual([]);
      expect(await rotates(scene)).toBe(false);

      faults.sts = trusting({ 'selfheal-prod-remediation-kms': 'selfheal-1' });
      expect(await deliver()).toEqual(['fixed']);
      expect(asked).toHaveLength(tries + 1);
      expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
      expect(await world.journal.list()).toMatchObject([{ status: 'fixed', before: { is: false } }]);
    },
  );

  test('STS is throttled: no try is counted and nobody is told; asked again with the next delivery', async () => {
    const scene = await newScene({ bot });
    scene.faults.sts = () => ({ name: 'Throttling', message: 'Rate exceeded' });
    for (let delivery = 1; delivery <= 2; delivery++) {
      expect(await scene.deliver()).toEqual(['waiting']);
    }
    expect(scene.asked).toHaveLength(2 * CLIENT_DEFAULTS.maxAttempts);
    expect(scene.world.told).toEqual([]);
    expect(await queued(scene.world)).toEqual({ visible: 1, inFlight: 0 });
    scene.faults.sts = trusting({ 'selfheal-prod-remediation-kms': 'selfheal-1' });
    expect(await scene.deliver()).toEqual(['fixed']);
    expect(scene.world.told).toMatchObject([{ outcome: 'fixed', attempt: 1 }]);
  });

  test('for good: given up after the last try, with the reason', async () => {
    const scene = await newScene({ bot });
    scene.faults.sts = trusting({});
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++)
      expect(await scene.deliver()).toEqual(['failed']);
    expect(await scene.aside()).toMatchObject({ as: 'dead', reason: expect.stringMatching(HINT) });
    expect(scene.world.told).toMatchObject([{ outcome: 'failed' }, { outcome: 'dead-lettered' }]);
    expect(scene.carriedOut).toEqual([]);
  });
});

test.each<[string, Partial<Target>, RegExp]>([
  ['an account that is not named', { account: '999999999999' }, /account 999999999999 is not one of the acc/],
  ['aws-cn', { region: 'cn-north-1' }, /cn-north-1 lies in partition aws-cn, and this installation in aws:/],
  ['aws-us-gov', { region: 'us-gov-west-1' }, /us-gov-west-1 lies in partition aws-us-gov, and this/],
  ['an ARN of aws-cn', { id: 'arn:aws-cn:kms:cn-north-1:111122223333:key/k' }, /ARN is of partition aws-cn/],
  ['an unknown region', { region: 'eu-moon-1' }, /^NotAllowed: region eu-moon-1 is not one .* config.ts$/],
])('%s: given up at once, and STS is not even asked', async (_, changes, why) => {
  const { world, asked, carriedOut, deliver, aside } = await newScene({ bot, target: changes });
  await deliver();
  expect(world.told).toMatchObject([{ outcome: 'dead-lettered', reason: expect.stringMatching(why) }]);
  expect(await aside()).toMatchObject({ as: 'dead', reason: expect.stringMatching(why) });
  expect([asked, carriedOut, await world.journal.list()]).toEqual([[], [], []]);
});

test.each(['cn-north-1', 'us-gov-west-1'])(
  'at home in %s, role and policy are of its partition',
  async (region) => {
    const scene = await newScene({ bot, home: region });
    expect(await scene.deliver()).toEqual(['fixed']);
    const [{ RoleArn, Policy = '' } = {}] = scene.asked;
    const partition = partitionOf(region);
    expect(RoleArn).toBe(`arn:${partition}:iam::${scene.member.account}:role/selfheal-prod-remediation-kms`);
    expect(new Set(Policy.match(/arn:[^:]*/g))).toEqual(new Set([`arn:${partition}`]));
  },
);
