import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  PutBucketLoggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { statementsOf, parsePolicy } from '../../../shared/policy/policy-document';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { newAccount } from '../../../testing/account';
import { type Settings, bucketWith, settingsBut } from './fixtures/bucket';
import { bot } from './s3_enable_logging';

const nameIn = ({ account, region }: Account) => `${account}s3accesslogs${region}`;
const delivery = (arn: string, account: string, extra: object = {}) => ({
  Sid: 'S3ServerAccessLogsOfThisAccount',
  Effect: 'Allow',
  Principal: { Service: 'logging.s3.amazonaws.com' },
  Action: 's3:PutObject',
  Resource: `${arn}/*`,
  Condition: { StringEquals: { 'aws:SourceAccount': account } },
  ...extra,
});
const reader = (arn: string) => ({
  Sid: 'Reader',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::444455556666:root' },
  Action: 's3:GetObject',
  Resource: `${arn}/*`,
});
/** PutBucketLogging: moto answers 500 where a statement of the log bucket has a principal that is a string. */
const tls = (arn: string) => ({
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: 's3:*',
  Resource: [arn, `${arn}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});
/** What CloudBots writes: for one bucket. */
const ofAnother = (arn: string) => ({
  Effect: 'Allow',
  Principal: { Service: 'logging.s3.amazonaws.com' },
  Action: 's3:PutObject',
  Resource: `${arn}/*`,
  Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::another' } },
});

type Make = (arn: string, account: string) => object;
/** A bucket beside a log bucket that is there already. */
const beside =
  (log: Settings & { readonly statements?: readonly Make[] }, settings: Settings = {}) =>
  async (account: Account) => {
    const { statements, ...rest } = log;
    const policy = statements && {
      policy: (arn: string) => ({
        Version: '2012-10-17',
        Statement: statements.map((make) => make(arn, account.account)),
      }),
    };
    await bucketWith({ ...rest, ...policy, name: nameIn })(account);
    return bucketWith(settings)(account);
  };

const CREATE = ['s3:CreateBucket', 's3:PutBucketPublicAccessBlock'];
const POLICY = 's3:PutBucketPolicy';
const LOG = 's3:PutBucketLogging';
const violation = 'requests to the bucket are not logged: turn logging on';
const block = { BlockPublicAcls: true };
const after = { logging: { TargetBucket: expect.stringMatching(/^\d{12}s3accesslogseu-west-1$/) as string } };

/** All of the logged bucket but its logging, and all of the log bucket but that it takes logs. */
const untouched = async (account: Account, id: string) => ({
  source: await settingsBut('logging')(account, id),
  log: await settingsBut(
    'policy',
    'block',
    'ownership',
    'acl',
    'encryption',
  )(account, nameIn(account)).then((settings) =>
    JSON.stringify(settings).includes('team') ? settings : 'made by the bot',
  ),
  statements: (await statementsIn(account)).filter((text) => !text.includes('SourceAccount')),
});

async function statementsIn(account: Account): Promise<string[]> {
  const reply = await account
    .client(S3Client)
    .send(new GetBucketPolicyCommand({ Bucket: nameIn(account) }))
    .catch(() => ({ Policy: '{"Statement":[]}' }));
  return statementsOf(parsePolicy(reply.Policy ?? '')).map((one) => JSON.stringify(one));
}

testBot(bot, {
  violating: [
    {
      name: 'no log bucket yet',
      given: bucketWith(),
      violation,
      writes: [...CREATE, POLICY, LOG],
      after,
      untouched: settingsBut('logging'),
    },
    {
      name: 'no log bucket yet, and a bucket with everything',
      given: bucketWith({
        versioning: 'Enabled',
        replicated: true,
        website: { IndexDocument: { Suffix: 'i' } },
        encryption: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
        policy: tls,
        ownership: 'ObjectWriter',
      }),
      violation,
      writes: [...CREATE, POLICY, LOG],
      after,
      untouched: settingsBut('logging'),
    },
    {
      name: 'a log bucket that was made and never closed',
      given: beside({}),
      violation,
      writes: ['s3:PutBucketPublicAccessBlock', POLICY, LOG],
      after,
      untouched,
    },
    {
      name: 'a log bucket that was closed and got no policy',
      given: beside({ block }),
      violation,
      writes: [POLICY, LOG],
      after,
      untouched,
    },
    {
      name: 'a log bucket that is ready',
      given: beside({ statements: [delivery] }),
      violation,
      writes: [LOG],
      after,
      untouched,
    },
    {
      name: 'a log bucket that is ready, in other words',
      given: beside({ statements: [reader, (arn, account) => delivery(arn, account, { Sid: 'Mine' }), tls] }),
      violation,
      writes: [LOG],
      after,
      untouched,
    },
    {
      name: 'a log bucket with statements of others, which stay',
      given: beside({ statements: [reader, tls], versioning: 'Enabled' }),
      violation,
      writes: [POLICY, LOG],
      after,
      untouched,
    },
    {
      name: 'a log bucket of CloudBots, open for another bucket only',
      given: beside({ statements: [ofAnother] }),
      violation,
      writes: [POLICY, LOG],
      after,
      untouched,
    },
    {
      name: 'a log bucket whose policy knows the name but says something else',
      given: beside({ statements: [(arn, account) => delivery(arn, account, { Effect: 'Deny' })] }),
      violation,
      writes: [POLICY, LOG],
      after,
    },
    {
      name: 'a log bucket with keys of S3',
      given: beside({
        block,
        encryption: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
      }),
      violation,
      writes: [POLICY, LOG],
      after,
      untouched,
    },
    {
      name: 'a log bucket with KMS, into which S3 cannot write',
      given: beside({ encryption: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } } }),
      violation,
      writes: [],
      held: /^S3 cannot deliver logs into \d{12}s3accesslogseu-west-1, whose default encryption is by KMS$/,
    },
    {
      name: 'a bucket by the log bucket’s name that lies in another region',
      given: async (account) => {
        const CreateBucketConfiguration = { LocationConstraint: 'us-west-2' } as const;
        await account
          .client(S3Client, 'us-west-2')
          .send(new CreateBucketCommand({ Bucket: nameIn(account), CreateBucketConfiguration }));
        return bucketWith()(account);
      },
      violation,
      writes: [],
      held: /^the log bucket \d{12}s3accesslogseu-west-1 lies in us-west-2, and S3 delivers logs within eu-west-1 only/,
    },
  ],
  compliant: [
    {
      name: 'it logs elsewhere, and that is respected',
      given: async (account) => {
        const logs = randomUUID();
        await bucketWith({
          name: () => logs,
          policy: (arn) => ({ Statement: [delivery(arn, account.account)] }),
        })(account);
        const Bucket = await bucketWith()(account);
        const LoggingEnabled = { TargetBucket: logs, TargetPrefix: 'mine/' };
        await account
          .client(S3Client)
          .send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: { LoggingEnabled } }));
        return Bucket;
      },
    },
    { name: 'the log bucket itself: it would log its own logs', given: bucketWith({ name: nameIn }) },
  ],
  gone: randomUUID(),
});

describe('s3_enable_logging', () => {
  const run = async (account: Account, id: string, state?: Awaited<ReturnType<typeof bot.inspect>>) => {
    const s3 = account.client(S3Client);
    const context = { target: { ...account, type: bot.resource, id }, params: {} };
    const found = state ?? (await bot.inspect({ s3 }, context));
    if (!found) throw new Error('gone');
    for (const step of stepsOf(bot.plan(found, context))) await s3.send(step.s3 as never);
  };

  test('the log bucket is closed to the public, and open to S3 for this account alone', async () => {
    const account = await newAccount();
    await run(account, await bucketWith()(account));
    const s3 = account.client(S3Client);
    const Bucket = nameIn(account);
    const closed = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(Object.values(closed.PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true]);
    expect(await statementsIn(account)).toEqual([
      JSON.stringify(delivery(`arn:aws:s3:::${Bucket}`, account.account)),
    ]);
  });

  test('a second bucket needs no second statement, and two at one time write the same', async () => {
    const account = await newAccount();
    const [one, two, three] = [
      await bucketWith()(account),
      await bucketWith()(account),
      await bucketWith()(account),
    ];
    await run(account, one);
    const context = { target: { ...account, type: bot.resource, id: three }, params: {} };
    const stale = await bot.inspect({ s3: account.client(S3Client) }, context);
    await run(account, two);
    await run(account, three, stale);
    expect(await statementsIn(account)).toHaveLength(1);
  });

  test('a name that another account has taken is never written to', async () => {
    const [account, squatter] = [await newAccount(), await newAccount()];
    const id = await bucketWith()(account);
    await bucketWith({ name: () => nameIn(account) })(squatter);
    // HeadBucket: moto does not look at ExpectedBucketOwner.
    const answer = (input: Readonly<Record<string, unknown>>) => {
      if (input.Bucket === id) return { BucketRegion: account.region };
      expect(input).toMatchObject({ ExpectedBucketOwner: account.account });
      throw Object.assign(new Error('Forbidden'), { name: '403' });
    };
    account.script({ HeadBucket: answer });
    await expect(run(account, id)).rejects.toThrow('Forbidden');
  });

  test('in us-east-1 no location is named, and in other partitions the ARN is theirs', () => {
    const inputs = (region: string) => {
      const target = { account: '123456789012', region, type: bot.resource, id: 'b' };
      return stepsOf(bot.plan({ region }, { target, params: {} })).map(({ s3 }) => s3.input);
    };
    const [create, , policy] = inputs('us-east-1');
    expect(create).toMatchObject({ Bucket: '123456789012s3accesslogsus-east-1' });
    expect(create).not.toHaveProperty('CreateBucketConfiguration.LocationConstraint');
    expect(create).toHaveProperty('CreateBucketConfiguration.Tags', [
      { Key: 'selfheal', Value: 'access-logs' },
    ]);
    expect(policy).toMatchObject({
      Policy: expect.stringContaining('"arn:aws:s3:::123456789012s3accesslogsus-east-1/*"'),
    });
    expect(inputs('cn-north-1')[2]).toMatchObject({ Policy: expect.stringContaining('"arn:aws-cn:s3:::') });
  });

  test('a finding that names another region than the bucket has: held', () => {
    const target = { account: '123456789012', region: 'us-east-1', type: bot.resource, id: 'b' };
    expect(bot.plan({ region: 'eu-west-1' }, { target, params: {} })).toEqual({
      held: 'the bucket lies in eu-west-1, where its log bucket has to be made: name that region, not us-east-1',
    });
  });
});
