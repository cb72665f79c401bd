import {
  CloudTrailClient,
  DescribeTrailsCommand,
  PutEventSelectorsCommand,
} from '@aws-sdk/client-cloudtrail';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { toCall } from '../../../shared/bot/steps';
import { newAccount } from '../../../testing/account';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { trail } from './fixtures/trails';
import { bot } from './cloudtrail_enable';

const BUCKET = ['s3:CreateBucket', 's3:PutBucketPublicAccessBlock', 's3:PutBucketPolicy'];
const CREATE = 'cloudtrail:CreateTrail';
const START = 'cloudtrail:StartLogging';
const UPDATE = 'cloudtrail:UpdateTrail';

const given =
  (...trails: NonNullable<Parameters<typeof trail>[1]>[]) =>
  async (account: Account) => {
    for (const settings of trails) await trail(account, settings);
    return account.account;
  };

/** HasCustomEventSelectors: moto says of every trail that it has none. */
const custom = async (account: Account, Name: string, ReadWriteType: 'All' | 'WriteOnly') => {
  const cloudtrail = account.client(CloudTrailClient);
  await trail(account, { Name, IsMultiRegionTrail: true });
  const EventSelectors = [{ ReadWriteType, IncludeManagementEvents: true }];
  await cloudtrail.send(new PutEventSelectorsCommand({ TrailName: Name, EventSelectors }));
  const { trailList = [] } = await cloudtrail.send(new DescribeTrailsCommand({}));
  const told = trailList.map((one) => ({ ...one, HasCustomEventSelectors: true }));
  account.script({ DescribeTrails: () => ({ trailList: told }) });
  return account.account;
};

const others = async ({ client }: Account) => {
  const { trailList = [] } = await client(CloudTrailClient).send(new DescribeTrailsCommand({}));
  return trailList.filter(({ Name }) => Name === 'neighbour');
};

testBot(bot, {
  violating: [
    {
      name: 'no trail at all',
      given: given(),
      violation: 'the account has no trail',
      writes: [...BUCKET, CREATE, START],
      after: { trails: [{ name: 'allRegionTrail', all: true, logging: true }] },
    },
    {
      name: 'no trail, and the bucket of an earlier one',
      given: async ({ account, client }) => {
        const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
        const Bucket = `acct${account}cloudtraillogs`;
        await client(S3Client).send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
        return account;
      },
      violation: 'the account has no trail',
      writes: [...BUCKET.slice(1), CREATE, START],
    },
    {
      name: 'one of a single region that was stopped',
      given: given({ Name: 'elsewhere', logging: false }),
      violation: 'no trail that is on',
      writes: [UPDATE, START],
      after: { trails: [{ name: 'elsewhere', all: true, logging: true }] },
    },
    {
      name: 'one of all regions that was stopped, before one of a single region',
      given: given({ Name: 'neighbour' }, { Name: 'main', IsMultiRegionTrail: true, logging: false }),
      violation: 'no trail that is on records the management events of all regions',
      writes: [START],
      after: {
        trails: [
          { name: 'main', logging: true },
          { name: 'neighbour', all: false },
        ],
      },
      untouched: others,
    },
    {
      name: 'one of a single region, beside one that is stopped',
      given: given({ Name: 'neighbour', logging: false }, { Name: 'small' }),
      violation: 'no trail that is on',
      writes: [UPDATE],
      after: { trails: [{ name: 'neighbour' }, { name: 'small', all: true, logging: true }] },
      untouched: others,
    },
    {
      name: 'the name is taken by a trail that records but changes',
      given: (account) => custom(account, 'allRegionTrail', 'WriteOnly'),
      violation: 'no trail that is on',
      writes: [],
      held: /allRegionTrail is there and records something else/,
    },
  ],
  compliant: [
    { name: 'one of all regions', given: given({ IsMultiRegionTrail: true }) },
    { name: 'one that is told to record everything', given: (account) => custom(account, 'main', 'All') },
  ],
});

test('it is looked for where it is at home', async () => {
  const account = await newAccount();
  await trail(account, { IsMultiRegionTrail: true, logging: false });
  const id = account.account;
  const target = { account: id, region: 'us-east-1', type: bot.resource, id };
  const aws = { cloudtrail: account.client(CloudTrailClient, 'us-east-1') };
  expect(await bot.finder?.find(aws as never, target)).toEqual({ ...target, region: 'eu-west-1' });
});

test('a bucket that config.ts names is only delivered to', () => {
  const target = { account: '111122223333', region: 'eu-west-1', type: bot.resource, id: '111122223333' };
  const params = bot.params.parse({ bucketName: 'log-archive' });
  const [create, ...more] = stepsOf(bot.plan({ trails: [] }, { target, params })).map(toCall);
  expect(create).toMatchObject({ action: CREATE, input: { S3BucketName: 'log-archive' } });
  expect(more).toMatchObject([{ action: START }]);
});
