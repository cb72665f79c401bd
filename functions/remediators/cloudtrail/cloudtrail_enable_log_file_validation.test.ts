import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { newAccount } from '../../../testing/account';
import { testSetting } from '../../../testing/setting';
import { trail } from './fixtures/trails';
import { bot } from './cloudtrail_enable_log_file_validation';

testSetting(bot, {
  given: async (account, value) => {
    await trail(account, { Name: 'neighbour' });
    return trail(account, { EnableLogFileValidation: value, IsMultiRegionTrail: true });
  },
  wrong: false,
  right: true,
  violation: 'the log files of the trail cannot be validated',
  writes: ['cloudtrail:UpdateTrail'],
  untouched: async ({ client }, id) => {
    const { trailList = [] } = await client(CloudTrailClient).send(new DescribeTrailsCommand({}));
    return trailList.map(({ LogFileValidationEnabled, ...one }) =>
      one.Name === id ? one : { ...one, LogFileValidationEnabled },
    );
  },
  gone: 'missing',
});

describe('how a trail is found', () => {
  const find = async (changes: object, id = 'theirs') => {
    const account = await newAccount();
    await trail(account, { IsMultiRegionTrail: true });
    const target = { account: account.account, region: 'us-east-1', type: bot.resource, id, ...changes };
    return bot.finder?.find({ cloudtrail: account.client(CloudTrailClient, 'us-east-1') }, target);
  };

  test('from where there is but a replica, in its home region', async () => {
    expect(await find({})).toMatchObject({ region: 'eu-west-1', id: 'theirs' });
  });

  test('not where it is another account’s, nor where there is none', async () => {
    expect(await find({ account: '444455556666' })).toMatchObject({
      held: expect.stringMatching(/belongs to the organization/),
    });
    expect(await find({}, 'missing')).toBeUndefined();
  });
});
