import type { AssumeRoleCommand, AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import type { Accounts } from '../accounts';
import { sessions } from './sessions';

const HOME = '111122223333';
const MEMBER = '444455556666';
const MULTI: Accounts = { mode: 'multi', externalId: 'selfheal-1', accounts: [MEMBER] };
const bot = {
  id: 'kms_enable_rotation',
  resource: 'AWS::KMS::Key' as const,
  permissions: {
    read: ['kms:DescribeKey'],
    write: ['kms:EnableKeyRotation'],
    undo: ['kms:DisableKeyRotation'],
  },
};
const key = (id: string, account = MEMBER, region = 'eu-west-1') => ({
  account,
  region,
  type: 'AWS::KMS::Key',
  id,
});

function fakeSts(lifeMs = 3_600_000) {
  const asked: AssumeRoleCommandInput[] = [];
  const send = ({ input }: AssumeRoleCommand) => {
    asked.push(input);
    const Expiration = new Date(Date.now() + lifeMs);
    const AccessKeyId = `ASIA${asked.length}`;
    return Promise.resolve({
      Credentials: { AccessKeyId, SecretAccessKey: 's', SessionToken: 't', Expiration },
    });
  };
  return { asked, sts: { send: send as never } };
}

function open(accounts: Accounts | undefined, use: 'read' | 'apply' = 'apply', lifeMs?: number) {
  const { asked, sts } = fakeSts(lifeMs);
  return { asked, ...sessions({ accounts, home: HOME, stage: 'prod', sts, use }) };
}

test('at home: the surrounding credentials, unless config.ts asks for sessions there too', () => {
  expect(open(undefined).credentialsFor(bot, key('k', HOME))).toBeUndefined();
  expect(open(MULTI).credentialsFor(bot, key('k', HOME))).toBeUndefined();
  const scoped = open({ mode: 'single', scopedSessions: true });
  expect(scoped.credentialsFor(bot, key('k', HOME))).toBeInstanceOf(Function);
});

test('in a member: its role, by ExternalId, named after bot and remediation, for this key only', async () => {
  const { asked, credentialsFor } = open({ ...MULTI, roleName: 'healer' });
  await expect(credentialsFor(bot, key('key-1'), 'r-1')?.()).resolves.toMatchObject({ accessKeyId: 'ASIA1' });
  expect(asked).toMatchObject([
    {
      RoleArn: `arn:aws:iam::${MEMBER}:role/healer-kms`,
      RoleSessionName: 'kms_enable_rotation.r-1',
      ExternalId: 'selfheal-1',
      Tags: [{ Key: 'selfheal:bot', Value: bot.id }],
    },
  ]);
  const policy = asked[0]?.Policy ?? '';
  expect(policy).toContain(`arn:aws:kms:eu-west-1:${MEMBER}:key/key-1`);
  expect(policy).not.toContain('kms:DisableKeyRotation');
});

test('who only looks gets no right to write', async () => {
  const { asked, credentialsFor } = open(MULTI, 'read');
  await credentialsFor(bot, key('key-1'))?.();
  expect(asked[0]?.Policy).toContain('kms:DescribeKey');
  expect(asked[0]?.Policy).not.toContain('kms:EnableKeyRotation');
});

test('the partition is the region’s, and the session’s name is one that STS takes', async () => {
  const { asked, credentialsFor } = open(MULTI);
  await credentialsFor(bot, key('k', MEMBER, 'cn-north-1'), 'a/name:that is ‹long›'.repeat(9))?.();
  expect(asked[0]?.RoleArn).toMatch(/^arn:aws-cn:iam::/);
  expect(asked[0]?.RoleSessionName).toMatch(/^kms_enable_rotation\.[\w+=,.@-]{1,23}$/);
});

test('kept while it lives: one session for one resource, another for another', async () => {
  const { asked, credentialsFor } = open(MULTI);
  for (const id of ['a', 'b', 'a', 'b', 'a']) await credentialsFor(bot, key(id))?.();
  expect(asked).toHaveLength(2);
});

test('asked for by two clients at once, one session is opened', async () => {
  const { asked, credentialsFor } = open(MULTI);
  const [one, two] = await Promise.all([
    credentialsFor(bot, key('a'))?.(),
    credentialsFor(bot, key('a'))?.(),
  ]);
  expect(asked).toHaveLength(1);
  expect(two).toEqual(one);
});

test('a session for a whole account serves all keys of it, in all regions', async () => {
  const { asked, credentialsFor } = open({ ...MULTI, sessionScope: 'account' });
  for (const id of ['a', 'b', 'c']) await credentialsFor(bot, key(id))?.();
  await credentialsFor(bot, key('d', MEMBER, 'eu-west-2'))?.();
  expect(asked).toHaveLength(1);
});

test('renewed before a run could outlive it, and when AWS calls it expired', async () => {
  const short = open(MULTI, 'apply', 5 * 60_000);
  await short.credentialsFor(bot, key('a'))?.();
  await short.credentialsFor(bot, key('a'))?.();
  expect(short.asked).toHaveLength(2);
  const long = open(MULTI);
  await long.credentialsFor(bot, key('a'))?.();
  long.forget(key('a'));
  await long.credentialsFor(bot, key('a'))?.();
  expect(long.asked).toHaveLength(2);
});

test('a policy that STS cannot pack is asked for again in its coarse form, and only that', async () => {
  const policies: string[] = [];
  const send = ({ input }: AssumeRoleCommand) => {
    policies.push(input.Policy ?? '');
    const tooLarge = Object.assign(new Error('108% packed'), { name: 'PackedPolicyTooLargeException' });
    if (policies.length === 1) return Promise.reject(tooLarge);
    return Promise.resolve({ Credentials: { AccessKeyId: 'ASIA', SecretAccessKey: 's', SessionToken: 't' } });
  };
  const acting = {
    ...bot,
    permissions: { ...bot.permissions, write: ['ec2:ModifyNetworkInterfaceAttribute'] },
  };
  const { credentialsFor } = sessions({
    ...{ accounts: MULTI, home: HOME, stage: 'prod', use: 'apply' },
    sts: { send: send as never },
  });
  await expect(credentialsFor(acting, key('a'))?.()).resolves.toMatchObject({ accessKeyId: 'ASIA' });
  expect(policies).toHaveLength(2);
  expect(policies[0]).toContain(':network-interface/*');
  expect(policies[1]).not.toContain(':network-interface/*');
  expect(policies[1]).toContain(':key/a');
});

test('named like the entry of the journal: another remediation has another session', async () => {
  const { asked, credentialsFor } = open(MULTI);
  const ids = ['20261121093000-3f9a2c41', '20261121093001-00000000'];
  for (const id of [...ids, ...ids]) await credentialsFor(bot, key('a'), `${bot.id}/${id}`)?.();
  expect(asked.map(({ RoleSessionName }) => RoleSessionName)).toEqual(ids.map((id) => `${bot.id}.${id}`));
});

test('a role that is missing, or asks for another ExternalId: said in one sentence, and asked again next time', async () => {
  let calls = 0;
  const denied = Object.assign(new Error('is not authorized'), { name: 'AccessDenied' });
  const sts = { send: (() => (calls++, Promise.reject(denied))) as never };
  const { credentialsFor } = sessions({ accounts: MULTI, home: HOME, stage: 'prod', sts, use: 'apply' });
  const provide = credentialsFor(bot, key('a'));
  await expect(provide?.()).rejects.toMatchObject({
    name: 'AccessDenied',
    call: 'sts:AssumeRole',
    message: expect.stringMatching(
      /role\/selfheal-prod-remediation-kms could not be assumed.*ExternalId/,
    ) as string,
  });
  await expect(provide?.()).rejects.toThrow();
  expect(calls).toBe(2);
});
