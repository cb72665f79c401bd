/** What findings name otherwise than IAM does, on local AWS; AWS's forms of unique ids, which moto does not give, are scripted. */
import {
  CreateUserCommand,
  IAMClient,
  type ListUsersCommandInput,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { type Account, newAccount } from '../../../../testing/account';
import { accessKey, user } from '../fixtures/iam';
import { findKey } from './access-keys';
import { findRole, findUser } from './find';

const at = ({ account }: Account, type: string, id: string) => ({ account, region: 'us-east-1', type, id });
const ID = 'AIDACKCEVSQ6C2EXAMPLE';

describe('a user', () => {
  const pages = (account: Account) => {
    account.script({
      ListUsers: ({ Marker }: ListUsersCommandInput) =>
        Marker === undefined
          ? {
              Users: [{ UserName: 'bob', UserId: 'AIDAOTHEROTHEROTHER1' }],
              IsTruncated: true,
              Marker: 'next',
            }
          : { Users: [{ UserName: 'ann', UserId: ID, Path: '/team/' }], IsTruncated: false },
    });
    return { iam: account.client(IAMClient) };
  };

  test('by the unique id, on whatever page', async () => {
    const account = await newAccount();
    expect(await findUser.find(pages(account), at(account, 'AWS::IAM::User', ID))).toMatchObject({
      id: 'ann',
    });
  });

  test('whom nobody has is gone', async () => {
    const account = await newAccount();
    const target = at(account, 'AWS::IAM::User', 'AIDANOBODYNOBODYNOBO');
    expect(await findUser.find(pages(account), target)).toBeUndefined();
  });

  test('by the name: nothing is asked', async () => {
    const account = await newAccount();
    account.script({
      ListUsers: () => {
        throw new Error('asked');
      },
    });
    const target = at(account, 'AWS::IAM::User', 'ann');
    expect(await findUser.find({ iam: account.client(IAMClient) }, target)).toEqual(target);
  });
});

test('a role by its unique id', async () => {
  const account = await newAccount();
  account.script({
    ListRoles: () => ({ Roles: [{ RoleName: 'app', RoleId: 'AROACKCEVSQ6C2EXAMPLE' }], IsTruncated: false }),
  });
  const target = at(account, 'AWS::IAM::Role', 'AROACKCEVSQ6C2EXAMPLE');
  expect(await findRole.find({ iam: account.client(IAMClient) }, target)).toMatchObject({ id: 'app' });
});

describe('the key of a user', () => {
  const find = async (account: Account) =>
    findKey.find({ iam: account.client(IAMClient) }, at(account, 'AWS::IAM::User', 'ann'));

  test('is the only one', async () => {
    const account = await newAccount();
    const id = await accessKey(account, await user(account, 'ann'));
    expect(await find(account)).toMatchObject({ type: 'AWS::IAM::AccessKey', id });
  });

  test('is the active one of two', async () => {
    const account = await newAccount();
    const name = await user(account, 'ann');
    const [old, id] = [await accessKey(account, name), await accessKey(account, name)];
    const Status = 'Inactive';
    await account
      .client(IAMClient)
      .send(new UpdateAccessKeyCommand({ UserName: name, AccessKeyId: old, Status }));
    expect(await find(account)).toMatchObject({ type: 'AWS::IAM::AccessKey', id });
  });

  test('of two active ones none is guessed', async () => {
    const account = await newAccount();
    const name = await user(account, 'ann');
    await accessKey(account, name);
    await accessKey(account, name);
    expect(await find(account)).toEqual({
      held: expect.stringMatching(/^user ann has several access keys, AKIA.*: say/),
    });
  });

  test('who has none is gone', async () => {
    const account = await newAccount();
    await account.client(IAMClient).send(new CreateUserCommand({ UserName: 'ann' }));
    expect(await find(account)).toBeUndefined();
  });

  test('a key is itself', async () => {
    const account = await newAccount();
    const target = at(account, 'AWS::IAM::AccessKey', 'AKIAIOSFODNN7EXAMPLE');
    expect(await findKey.find({ iam: account.client(IAMClient) }, target)).toEqual(target);
  });
});
