import { GetLoginProfileCommand, IAMClient } from '@aws-sdk/client-iam';
import { accessKey, keysOfAll, user, withPassword } from './fixtures/iam';
import { ago } from './fixtures/key-lives';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_user_disable_unused_password';

/** A user with a password that was made and last used so many days ago: moto keeps no use, and makes all now. */
const password =
  (made: number, used?: number) =>
  async (account: Account): Promise<string> => {
    await withPassword(account, await user(account, 'bob'));
    const UserName = await withPassword(account, await user(account, 'ann'));
    await accessKey(account, UserName);
    let there = true;
    account.script({
      GetUser: () => ({ User: { UserName, ...(used !== undefined && { PasswordLastUsed: ago(used) }) } }),
      GetLoginProfile: ({ UserName: name }) => {
        if (!there && name === UserName)
          throw Object.assign(new Error('gone'), { name: 'NoSuchEntityException' });
        return { LoginProfile: { UserName: name, CreateDate: ago(made) } };
      },
      DeleteLoginProfile: ({ UserName: name }) => {
        there = name !== UserName;
        return {};
      },
    });
    return UserName;
  };
const irreversible = /give the user a new one/;
const writes = ['iam:DeleteLoginProfile'];

testBot(bot, {
  violating: [
    {
      name: 'not used for long',
      given: password(400, 46),
      params: { days: 45 },
      violation: 'the console password is unused for 46 days',
      writes,
      irreversible,
      untouched: async (account) => [
        await keysOfAll(account),
        await account
          .client(IAMClient)
          .send(new GetLoginProfileCommand({ UserName: 'bob' }))
          .then(() => 'there'),
      ],
    },
    {
      name: 'made long ago and never used',
      given: password(90),
      violation: 'the console password is unused for 90 days',
      writes,
      irreversible,
    },
  ],
  compliant: [
    { name: 'used lately', given: password(400, 89) },
    { name: 'made anew since its last use', given: password(3, 400) },
    { name: 'unused for less than the days asked for', given: password(40), params: { days: 45 } },
    { name: 'no password, on AWS as it is', given: (account) => user(account, 'ann') },
  ],
  gone: 'nobody',
});
