import {
  DeleteAccessKeyCommand,
  IAMClient,
  UpdateAccessKeyCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import { newAccount } from '../../../../testing/account';
import { accessKey as newKey, user } from '../fixtures/iam';
import { accessKey } from './access-keys';

/** The commands that a client sends, by name. */
function listen(iam: IAMClient): string[] {
  const sent: string[] = [];
  iam.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        sent.push(commandName.replace(/Command$/, ''));
        return next(args);
      },
    { step: 'initialize' },
  );
  return sent;
}

test('whose a key is, IAM is asked once while the key is there', async () => {
  const account = await newAccount();
  const iam = account.client(IAMClient);
  const id = await newKey(account, await user(account, 'ann'));
  const sent = listen(iam);
  expect(await accessKey(iam, id)).toEqual({ user: 'ann', active: true });
  await account
    .client(IAMClient)
    .send(new UpdateAccessKeyCommand({ UserName: 'ann', AccessKeyId: id, Status: 'Inactive' }));
  expect(await accessKey(iam, id)).toEqual({ user: 'ann', active: false });
  expect(sent).toEqual(['GetAccessKeyLastUsed', 'ListAccessKeys', 'ListAccessKeys']);
});

test('a user that is renamed meanwhile keeps the key: it is found under the new name, and not taken for gone', async () => {
  const account = await newAccount();
  const iam = account.client(IAMClient);
  const id = await newKey(account, await user(account, 'ann'));
  await accessKey(iam, id);
  await iam.send(new UpdateUserCommand({ UserName: 'ann', NewUserName: 'anna' }));
  // UpdateUser: moto's keys keep the name of their user, so IAM's answer is scripted.
  account.script({ GetAccessKeyLastUsed: () => ({ UserName: 'anna', AccessKeyLastUsed: {} }) });
  expect(await accessKey(iam, id)).toEqual({ user: 'anna', active: true });
});

test('a key that is deleted is gone, whatever IAM would answer about it', async () => {
  const account = await newAccount();
  const iam = account.client(IAMClient);
  const id = await newKey(account, await user(account, 'ann'));
  await accessKey(iam, id);
  await iam.send(new DeleteAccessKeyCommand({ UserName: 'ann', AccessKeyId: id }));
  account.script({
    GetAccessKeyLastUsed: () => {
      throw Object.assign(new Error('no'), { name: 'AccessDenied' });
    },
  });
  expect(await accessKey(iam, id)).toBeUndefined();
  // Of another key, or after the run, nothing is taken for granted.
  const later = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 301_000);
  await expect(accessKey(iam, id)).rejects.toMatchObject({ name: 'AccessDenied' });
  later.mockRestore();
  await expect(accessKey(iam, 'AKIAIOSFODNN7EXAMPLE')).rejects.toMatchObject({ name: 'AccessDenied' });
});
