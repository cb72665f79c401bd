import { randomUUID } from 'node:crypto';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { ServerSideEncryptionRule } from '@aws-sdk/client-s3';
import { catalogueEntry } from '../../../tools/catalogue';
import { readWords } from '../../findings/words';
import { type Account, testBot } from '../../../testing/contract';
import { newAccount } from '../../../testing/account';
import { OWNER, type Settings, bucketWith, group, settingsBut, user } from './fixtures/bucket';
import { keyWithAlias } from '../kms/fixtures/key';
import { bot } from './s3_enable_encryption';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/0d990263-018e-4e65-a703-eff731de951e';
const OTHER = KEY.replace('0d99', 'ffff');
const kms = { type: 'kms', key: KEY } as const;
const by = (
  SSEAlgorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse',
  KMSMasterKeyID?: string,
): ServerSideEncryptionRule => ({
  ApplyServerSideEncryptionByDefault: { SSEAlgorithm, ...(KMSMasterKeyID && { KMSMasterKeyID }) },
});
const writes = ['s3:PutEncryptionConfiguration'];
const untouched = settingsBut('encryption');

/** DescribeKey: the id of a key of moto is not known before it is made, so the key that the parameters name is scripted. */
const withKey =
  (settings: Settings = {}, key: object = {}) =>
  (account: Account) => {
    account.script({
      DescribeKey: () => ({ KeyMetadata: { KeyState: 'Enabled', KeySpec: 'SYMMETRIC_DEFAULT', ...key } }),
    });
    return bucketWith(settings)(account);
  };
const wanted = (algorithm: 'aws:kms' | 'aws:kms:dsse', bucketKey?: boolean) => ({
  rule: { ...by(algorithm, KEY), ...(bucketKey !== undefined && { BucketKeyEnabled: bucketKey }) },
});

testBot(bot, {
  violating: [
    {
      // GetBucketEncryption: AWS has had a rule for every bucket since 2023, moto has none for a new one.
      name: 'no default encryption',
      given: bucketWith(),
      violation: 'objects are encrypted by default with nothing: use keys of S3',
      writes,
      after: { rule: by('AES256') },
      untouched,
    },
    {
      name: 'no default encryption, beside everything else',
      given: bucketWith({
        versioning: 'Enabled',
        replicated: true,
        website: { IndexDocument: { Suffix: 'i' } },
        grants: [user(OWNER, 'FULL_CONTROL'), user('1', 'READ')],
        ownership: 'ObjectWriter',
      }),
      params: { type: 'S3' },
      violation: 'nothing',
      writes,
      after: { rule: by('AES256') },
      untouched,
    },
    {
      name: 'keys of S3, and a key of yours is asked for',
      given: withKey({ encryption: by('AES256') }),
      params: kms,
      violation: 'objects are encrypted by default with AES256: use a KMS key of yours',
      writes,
      after: wanted('aws:kms', true),
      untouched,
    },
    {
      name: 'nothing, and a key of yours is asked for',
      given: withKey(),
      params: { ...kms, type: 'KMS' },
      violation: 'with nothing: use a KMS key of yours',
      writes,
      after: wanted('aws:kms', true),
      untouched,
    },
    {
      name: "AWS's own key, without a name",
      given: withKey({ encryption: by('aws:kms') }),
      params: kms,
      violation: 'with aws:kms: use a KMS key of yours',
      writes,
      after: wanted('aws:kms'),
      untouched,
    },
    {
      name: "AWS's own key by its alias",
      given: withKey({ encryption: { ...by('aws:kms', 'alias/aws/s3'), BucketKeyEnabled: true } }),
      params: kms,
      violation: 'aws:kms',
      writes,
      after: wanted('aws:kms', true),
      untouched,
    },
    {
      name: "AWS's own key by the ARN of its alias, with bucket keys",
      given: withKey({
        encryption: {
          ...by('aws:kms', 'arn:aws:kms:eu-west-1:111122223333:alias/aws/s3'),
          BucketKeyEnabled: true,
        },
        policy: (arn) => ({
          Statement: { Effect: 'Allow', Principal: { AWS: '1' }, Action: 's3:*', Resource: arn },
        }),
      }),
      params: kms,
      violation: 'aws:kms',
      writes,
      after: wanted('aws:kms', true),
      untouched,
    },
    {
      name: 'DSSE stays DSSE',
      given: withKey({ encryption: by('aws:kms:dsse') }),
      params: kms,
      violation: 'with aws:kms:dsse: use a KMS key of yours',
      writes,
      after: wanted('aws:kms:dsse'),
      untouched,
    },
    {
      name: 'no key is named',
      given: bucketWith({ encryption: by('AES256') }),
      params: { type: 'kms' },
      violation: 'AES256',
      writes: [],
      held: /^kms needs a key: name it$/,
    },
    {
      name: 'a key of another region',
      given: withKey({ encryption: by('AES256') }),
      params: { type: 'kms', key: KEY.replace('eu-west-1', 'us-east-1') },
      violation: 'AES256',
      writes: [],
      held: /^the bucket lies in eu-west-1, the key arn:aws:kms:us-east-1:\S+ does not$/,
    },
    {
      name: 'a key by its alias, which is written as its ARN',
      given: async (account) => {
        await keyWithAlias(account);
        return bucketWith({ encryption: by('AES256') })(account);
      },
      params: { type: 'kms', key: 'alias/mine' },
      violation: 'AES256',
      writes,
      after: {
        rule: {
          ApplyServerSideEncryptionByDefault: {
            SSEAlgorithm: 'aws:kms',
            KMSMasterKeyID: expect.stringMatching(/^arn:aws:kms:eu-west-1:\d+:key\//) as string,
          },
          BucketKeyEnabled: true,
        },
      },
      untouched,
    },
    {
      name: 'the key of AWS is no key of yours',
      given: bucketWith({ encryption: by('AES256') }),
      params: { type: 'kms', key: 'alias/aws/s3' },
      violation: 'AES256',
      writes: [],
      held: /^alias\/aws\/s3 is a key of AWS/,
    },
    {
      name: 'a key that is not there',
      given: bucketWith({ encryption: by('AES256') }),
      params: kms,
      violation: 'AES256',
      writes: [],
      held: /^there is no key arn:/,
    },
    {
      name: 'a key that is off',
      given: withKey({ encryption: by('AES256') }, { KeyState: 'Disabled' }),
      params: kms,
      violation: 'AES256',
      writes: [],
      held: /is Disabled and SYMMETRIC_DEFAULT: S3 needs/,
    },
    {
      name: 'a key for signing',
      given: withKey({ encryption: by('AES256') }, { KeySpec: 'RSA_2048' }),
      params: kms,
      violation: 'AES256',
      writes: [],
      held: /is Enabled and RSA_2048: S3 needs/,
    },
    {
      name: 'access logs are delivered by the policy',
      given: withKey({
        encryption: by('AES256'),
        policy: (arn) => ({
          Statement: {
            Effect: 'Allow',
            Principal: { Service: 'logging.s3.amazonaws.com' },
            Action: 's3:PutObject',
            Resource: `${arn}/*`,
          },
        }),
      }),
      params: kms,
      violation: 'AES256',
      writes: [],
      held: /^access logs are delivered into the bucket/,
    },
    {
      name: 'access logs are delivered by the ACL',
      given: withKey({ grants: [user(OWNER, 'FULL_CONTROL'), group('s3/LogDelivery', 'WRITE')] }),
      params: kms,
      violation: 'nothing',
      writes: [],
      held: /^access logs are delivered into the bucket/,
    },
  ],
  compliant: [
    { name: 'keys of S3', given: bucketWith({ encryption: by('AES256') }) },
    { name: 'KMS is no less than keys of S3', given: bucketWith({ encryption: by('aws:kms', KEY) }) },
    { name: 'nor is DSSE', given: bucketWith({ encryption: by('aws:kms:dsse') }) },
    { name: 'the key itself', given: bucketWith({ encryption: by('aws:kms', KEY) }), params: kms },
    { name: 'another key of yours', given: bucketWith({ encryption: by('aws:kms', OTHER) }), params: kms },
    {
      name: 'another key by its alias',
      given: bucketWith({ encryption: by('aws:kms', 'alias/team') }),
      params: kms,
    },
    {
      name: 'DSSE with another key',
      given: bucketWith({ encryption: by('aws:kms:dsse', OTHER) }),
      params: kms,
    },
  ],
  gone: randomUUID(),
});

describe('s3_enable_encryption', () => {
  const context = {
    target: { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'b' },
    params: bot.params.parse(kms),
  };

  // PutBucketEncryption: moto does not keep BlockedEncryptionTypes.
  test('what else the rule says stays: SSE-C remains blocked', () => {
    const BlockedEncryptionTypes = { EncryptionType: ['SSE-C' as const] };
    const rule = { ...by('AES256'), BucketKeyEnabled: false, BlockedEncryptionTypes };
    const written = (Rule: ServerSideEncryptionRule) => [
      { s3: { input: { Bucket: 'b', ServerSideEncryptionConfiguration: { Rules: [Rule] } } } },
    ];
    expect(bot.plan({ rule, isEnough: false, arn: KEY }, context)).toMatchObject(
      written({ ...by('aws:kms', KEY), BlockedEncryptionTypes }),
    );
    const undo = bot.undo({ rule, isEnough: false }, { ...context, now: { isEnough: true } });
    expect(undo).toMatchObject(written(rule));
  });

  test('a real key of moto, on and off', async () => {
    const account = await newAccount();
    const keys = account.client(KMSClient);
    const { KeyMetadata } = await keys.send(new CreateKeyCommand({}));
    const id = await bucketWith({ encryption: by('AES256') })(account);
    const aws = Object.fromEntries(
      Object.entries(bot.clients).map(([name, Class]) => [name, account.client(Class as typeof KMSClient)]),
    ) as never;
    const at = {
      target: { ...context.target, account: account.account, id },
      params: bot.params.parse({ type: 'kms', key: KeyMetadata?.Arn }),
    };
    expect(await bot.inspect(aws, at)).not.toHaveProperty('obstacle');
    await keys.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
    expect(await bot.inspect(aws, at)).toMatchObject({ obstacle: expect.stringMatching(/is Disabled/) });
  });

  test.each([
    [['s3'], { type: 's3' }],
    [['KMS', KEY], { type: 'KMS', key: KEY }],
    [['key=' + KEY, 'type=kms'], { type: 'kms', key: KEY }],
    [['kms', 'alias/mine'], { type: 'kms', key: 'alias/mine' }],
    [['kms', KEY.replace(/key.*/, 'alias/mine')], { type: 'kms', key: KEY.replace(/key.*/, 'alias/mine') }],
    [['kms', KEY.replace(/.*\//, '')], { type: 'kms', key: KEY.replace(/.*\//, '') }],
  ])('CloudBots words: %j', (words, params) => {
    expect(readWords(catalogueEntry(bot, 's3'), words)).toEqual({ params });
  });

  test.each([[['aes']], [['kms', 'arn:aws:s3:::b']], [['kms', KEY, 'exec_function_arn=arn:aws:lambda']]])(
    'refused: %j',
    (words) => {
      expect(readWords(catalogueEntry(bot, 's3'), words)).toHaveProperty('wrong');
    },
  );
});
