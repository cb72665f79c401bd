import { CreateKeyPairCommand, DescribeKeyPairsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { newAccount } from '../../../testing/account';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './ec2_delete_key_pair';

const pair = async ({ client }: Account, KeyName: string, Tags: { Key: string; Value: string }[] = []) => {
  const tags = Tags.length > 0 && { TagSpecifications: [{ ResourceType: 'key-pair' as const, Tags }] };
  const { KeyPairId = '' } = await client(EC2Client).send(new CreateKeyPairCommand({ KeyName, ...tags }));
  return { KeyName, KeyPairId };
};
const others = async ({ client }: Account, id: string) => {
  const { KeyPairs = [] } = await client(EC2Client).send(new DescribeKeyPairsCommand({}));
  return { pairs: KeyPairs.filter(({ KeyName }) => KeyName !== id) };
};

testBot(bot, {
  violating: [
    {
      name: 'with tags, beside another',
      given: async (account) => {
        await pair(account, 'other');
        return (await pair(account, 'leaked', [{ Key: 'team', Value: 'red' }])).KeyName;
      },
      violation: /^the key pair is there \(rsa, [\w:]+\)$/,
      writes: ['ec2:DeleteKeyPair'],
      after: {},
      untouched: others,
    },
  ],
  compliant: [{ name: 'no such key pair', given: () => Promise.resolve('nothing') }],
});

describe('ec2_delete_key_pair', () => {
  const find = async (account: Account, id: string) => {
    const target = { account: account.account, region: account.region, type: bot.resource, id };
    return bot.finder?.find({ ec2: account.client(EC2Client) }, target);
  };

  test('by its id', async () => {
    const account = await newAccount();
    await pair(account, 'other');
    const { KeyName, KeyPairId } = await pair(account, 'leaked');
    expect(await find(account, KeyPairId)).toMatchObject({ id: KeyName });
    expect(await find(account, KeyName)).toMatchObject({ id: KeyName });
  });

  test('an id that is gone', async () => {
    expect(await find(await newAccount(), 'key-0123456789abcdef0')).toBeUndefined();
  });

  test('a key that EC2 does not give cannot be brought back', () => {
    const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'leaked' };
    const before = { pair: { publicKey: '', type: 'rsa' as const, fingerprint: '', tags: [] } };
    expect(bot.undo(before, { target, params: {}, now: {} })).toHaveProperty('irreversible');
  });
});
