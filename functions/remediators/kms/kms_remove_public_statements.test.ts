import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  GetKeyPolicyCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import type { Statement } from '../../../shared/policy/policy-document';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { FRIEND, neighboursIn, neighboursOf, policyText, publicPolicies } from '../../../testing/policies';
import { bot } from './kms_remove_public_statements';

const allowed = { Action: 'kms:Decrypt', Resource: '*' };
const PolicyName = 'default';

const rootOf = (account: string): Statement => ({
  Sid: 'Root',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'kms:*',
  Resource: '*',
});

/** A key with a policy of these statements, behind that of the account's root. */
const key =
  (
    statements: readonly Statement[],
    { root = true, ...input }: CreateKeyCommandInput & { root?: boolean } = {},
  ) =>
  async ({ client, account }: Account) => {
    const kms = client(KMSClient);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand(input));
    const KeyId = KeyMetadata?.KeyId ?? '';
    const Policy = policyText(root ? [rootOf(account), ...statements] : statements);
    await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName, Policy }));
    return KeyId;
  };

const untouched = async ({ client, account }: Account, KeyId: string) => {
  const { Policy } = await client(KMSClient).send(new GetKeyPolicyCommand({ KeyId, PolicyName }));
  return [Policy?.includes(JSON.stringify(rootOf(account))), neighboursIn(Policy, allowed)];
};

const sentence = (fault: string) =>
  `the key policy lets everyone in by statement ${fault}: remove it or name who may`;
const endingWith = (left: readonly Statement[]) => ({
  policy: expect.stringMatching(
    /^\{"Version":"2012-10-17","Id":"kept","Statement":\[\{"Sid":"Root"/,
  ) as unknown,
  creating: false,
  ...(left.length > 0 && {
    policy: expect.stringContaining(
      `"Action":"kms:*","Resource":"*"},${JSON.stringify(left).slice(1)}}`,
    ) as unknown,
  }),
});

const writes = ['kms:PutKeyPolicy'];
const [first, ...others] = publicPolicies(allowed).map(({ name, statements, left, fault }) => ({
  name,
  given: key(statements),
  violation: sentence(fault.replace('number 3', 'number 4')),
  writes,
  after: endingWith(left),
  untouched,
}));
if (!first) throw new Error('no policies');

const world = { Sid: 'World', Effect: 'Allow', Principal: { AWS: '*' }, ...allowed } as const;
const when = (Condition: object) => ({ ...world, Condition }) as Statement;
const viaS3 = { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' };
const own = { 'kms:CallerAccount': '111122223333' };
const held = /nobody of account \d{12} could change the key's policy any more: first allow its root kms:\*/;

testBot(bot, {
  violating: [
    first,
    ...others,
    {
      name: 'everyone by way of a service',
      given: key([when({ StringEquals: { ...viaS3, ...own } }), when({ StringEquals: viaS3 })]),
      violation: sentence('World'),
      writes,
      after: endingWith([when({ StringEquals: { ...viaS3, ...own } })]),
      untouched,
    },
    {
      name: 'everyone may administer, beside the root, which stays',
      given: async (account) => {
        const root = `arn:aws:iam::${account.account}:root`;
        const mixed = { ...world, Action: 'kms:*', Principal: { AWS: [root, '*'] } };
        return key([mixed], { root: false })(account);
      },
      violation: sentence('World'),
      writes,
    },
    {
      name: 'a primary key of several Regions',
      given: key([world], { MultiRegion: true }),
      violation: sentence('World'),
      writes,
      untouched,
    },
    {
      name: 'pending deletion, which a stranger could cancel',
      given: async (account) => {
        const KeyId = await key([world])(account);
        await account.client(KMSClient).send(new ScheduleKeyDeletionCommand({ KeyId }));
        return KeyId;
      },
      violation: sentence('World'),
      writes,
      untouched,
    },
    {
      name: 'the account administers the key by the public statement alone',
      given: key([{ ...world, Action: 'kms:*' }], { root: false }),
      violation: sentence('World'),
      writes: [],
      held,
    },
    {
      name: 'only another account would administer it',
      given: key([world, { ...world, Action: 'kms:*', Principal: { AWS: FRIEND } }], { root: false }),
      violation: sentence('World'),
      writes: [],
      held,
    },
  ],
  compliant: [
    { name: 'the policy of a new key', given: key([]) },
    { name: 'nothing public', given: key(Object.values(neighboursOf(allowed))) },
    { name: 'everyone of one account', given: key([when({ StringEquals: own })]) },
    {
      name: 'everyone, and a Deny that leaves only one account',
      given: key([
        world,
        { ...world, Effect: 'Deny', Action: ['kms:Decrypt'], Condition: { StringNotEquals: own } },
      ]),
    },
    {
      name: 'a key of AWS, whose policy is not read',
      given: (account) => {
        // moto makes no keys of AWS.
        account.script({ DescribeKey: () => ({ KeyMetadata: { KeyId: 'aws', KeyManager: 'AWS' } }) });
        return Promise.resolve('aws');
      },
    },
  ],
  gone: '00000000-0000-0000-0000-000000000000',
});

const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'k' };
const policy = policyText([rootOf(target.account), world]);

test('a replica key that KMS is still making is waited for', () => {
  expect(bot.plan({ policy, creating: true }, { target, params: {} })).toEqual({
    waiting: 'KMS is still making the replica key',
  });
});

test('the check of KMS for lock-out is not skipped', () => {
  const [step] = stepsOf(bot.plan({ policy, creating: false }, { target, params: {} }));
  expect(step?.kms.input).toEqual({
    KeyId: 'k',
    PolicyName,
    Policy: policyText([rootOf(target.account)]),
  });
});
