import { EC2Client } from '@aws-sdk/client-ec2';
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { remediate } from '../../../shared/bot/run';
import { testBot } from '../../../testing/contract';
import { newAccount } from '../../../testing/account';
import { endedInstance, newInstance, otherInstances } from './fixtures/instance';
import { attach, profile } from './fixtures/profile';
import { readWords, splitWords } from '../../findings/words';
import { catalogue } from '../catalogue';
import { bot } from './ec2_attach_instance_role';

const ATTACH = 'ec2:AssociateIamInstanceProfile';
const OTHER = 'arn:aws:iam::111122223333:instance-profile/web';

testBot(bot, {
  violating: [
    {
      name: 'no profile, beside an instance without one',
      given: async (account) => {
        await profile(account, 'web');
        await newInstance(account);
        return newInstance(account);
      },
      params: { profile: 'web' },
      violation: 'the instance has no instance profile, not web',
      writes: [ATTACH],
      after: { attached: { arn: expect.stringMatching(/:instance-profile\/web$/) as string } },
      untouched: otherInstances,
    },
    {
      name: 'an ARN with a path, in the account of the instance',
      given: async (account) => {
        await profile(account, 'web', '/team/core/');
        return newInstance(account);
      },
      params: { profile: 'arn:aws:iam::$ACCOUNT_ID:instance-profile/team/core/web' },
      violation: 'the instance has no instance profile',
      writes: [ATTACH],
    },
    {
      name: 'another profile, whatever the finding says of roles',
      given: async (account) => {
        await profile(account, 'web');
        const id = await newInstance(account);
        await attach(account, id, await profile(account, 'other'));
        return id;
      },
      params: { profile: 'web' },
      violation: /^the instance has the instance profile arn:aws:iam::\d+:instance-profile\/other, not web$/,
      writes: [],
      held: /another instance profile/,
    },
    {
      name: 'the role of a profile that is called like it, as the console makes them',
      given: async (account) => {
        await profile(account, 'web', '/', 'web');
        return newInstance(account);
      },
      params: { profile: 'arn:aws:iam::$ACCOUNT_ID:role/web' },
      violation: 'the instance has no instance profile, not arn:aws:iam::$ACCOUNT_ID:role/web',
      writes: [ATTACH],
      after: { attached: { arn: expect.stringMatching(/:instance-profile\/web$/) as string } },
    },
    {
      name: 'the role of a profile of another name, which the bot has no right to attach',
      given: async (account) => {
        await profile(account, 'web');
        return newInstance(account);
      },
      params: { profile: 'arn:aws:iam::$ACCOUNT_ID:role/web-role' },
      violation: 'the instance has no instance profile',
      writes: [],
      held: /^arn:aws:iam::\$ACCOUNT_ID:role\/web-role is in \S+\/web, .*: name that profile$/,
    },
    {
      name: 'a role that two profiles hold',
      given: async (account) => {
        await profile(account, 'web');
        const [InstanceProfileName, RoleName] = ['second', 'web-role'];
        const iam = account.client(IAMClient);
        await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
        await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
        return newInstance(account);
      },
      params: { profile: 'arn:aws:iam::$ACCOUNT_ID:role/web-role' },
      violation: 'the instance has no instance profile',
      writes: [],
      held: /is in \S+\/second and \S+\/web: name one of these$/,
    },
    {
      name: 'a role of another account, whose name exists here too',
      given: async (account) => {
        await profile(account, 'web');
        return newInstance(account);
      },
      params: { profile: 'arn:aws:iam::111122223333:role/web-role' },
      violation: 'the instance has no instance profile',
      writes: [],
      held: /has no instance profile arn:aws:iam::111122223333:role/,
    },
    {
      name: 'a profile that does not exist',
      given: (account) => newInstance(account),
      params: { profile: 'web' },
      violation: 'the instance has no instance profile',
      writes: [],
      held: /^account \d+ has no instance profile web: make it first$/,
    },
    {
      name: 'a profile of another account, whose name exists here too',
      given: async (account) => {
        await profile(account, 'web');
        return newInstance(account);
      },
      params: { profile: OTHER },
      violation: 'the instance has no instance profile',
      writes: [],
      held: /has no instance profile arn:aws:iam::111122223333/,
    },
    {
      name: 'a profile without a role',
      given: async ({ client, ...account }) => {
        await client(IAMClient).send(new CreateInstanceProfileCommand({ InstanceProfileName: 'web' }));
        return newInstance({ client, ...account });
      },
      params: { profile: 'web' },
      violation: 'the instance has no instance profile',
      writes: [],
      held: /holds no role/,
    },
    {
      name: 'has the profile of that name here, and one of another account is asked for',
      given: async (account) => {
        const id = await newInstance(account);
        await attach(account, id, await profile(account, 'web'));
        return id;
      },
      params: { profile: OTHER },
      violation: `not ${OTHER}`,
      writes: [],
      held: /another instance profile/,
    },
    {
      name: 'nobody says which profile',
      given: (account) => newInstance(account),
      violation: 'nothing says which',
      writes: [],
      held: /^name /,
    },
  ],
  compliant: [
    {
      name: 'has that profile',
      given: async (account) => {
        const id = await newInstance(account);
        await attach(account, id, await profile(account, 'web'));
        return id;
      },
      params: { profile: 'web' },
    },
  ],
});

describe('ec2_attach_instance_role', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'i-1' };
  const entry = catalogue.find(({ id }) => id === bot.id);
  const ARN = 'arn:aws-cn:iam::$ACCOUNT_ID:instance-profile/web';
  const ROLE = 'arn:aws:iam::111122223333:role/web-role';

  test.each([ARN, `role_arn=${ARN}`, `profile=${ARN}`, `role_arn=${ROLE}`])('the words %s', (text) => {
    const profile = text.split('=').at(-1);
    expect(entry && readWords(entry, splitWords(text))).toEqual({ params: { profile } });
  });

  test.each(['arn:aws:lambda:eu-west-1:111122223333:function:x', 'a b', ''])('%j is refused', (profile) => {
    expect(() => bot.params.parse({ profile })).toThrow(/instance profile/);
  });

  test.each([
    ['was never there', () => Promise.resolve('i-00000000000000000')],
    ['has been terminated', endedInstance],
  ])('an instance that %s is gone', async (_name, given) => {
    const account = await newAccount();
    const id = await given(account);
    const aws = { ec2: account.client(EC2Client), iam: account.client(IAMClient) };
    const job = { aws, target: { ...target, id }, params: { profile: 'web' }, mode: 'apply' } as const;
    expect(await remediate(bot, job)).toEqual({ outcome: 'gone' });
  });
});
