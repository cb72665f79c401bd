import { GetUserPolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { catalogueEntry } from '../../../tools/catalogue';
import { newAccount } from '../../../testing/account';
import { ALLOW_ALL, DENY_ALL, READ, otherUsers, policy, user, withInline } from './fixtures/iam';
import { remediate } from '../../../shared/bot/run';
import { testBot } from '../../../testing/contract';
import { readWords, splitWords } from '../../findings/words';
import { bot } from './iam_user_delete_inline_policies';

const DELETE = 'iam:DeleteUserPolicy';
const ATTACH = 'iam:AttachUserPolicy';
const MIXED = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    ...[ALLOW_ALL, DENY_ALL].map((text) => (JSON.parse(text) as { Statement: object[] }).Statement[0]),
  ],
});
const attach = ['arn:aws:iam::$ACCOUNT_ID:policy/managed', 'arn:aws:iam::$ACCOUNT_ID:policy/team/red/second'];

testBot(bot, {
  violating: [
    {
      name: 'two policies, one of which only denies and stays; another user has one too',
      given: async (account) => {
        const other = await policy(account, 'other');
        await withInline(account, await user(account, 'bob'), { read: READ });
        return withInline(account, await user(account, 'ann', other), {
          write: ALLOW_ALL,
          AWSRevokeOlderSessions: DENY_ALL,
          read: READ,
        });
      },
      violation: /^inline policies give the user rights: read, write$/,
      writes: [DELETE, DELETE],
      after: { inline: [{ name: 'AWSRevokeOlderSessions' }] },
      untouched: otherUsers,
    },
    {
      name: 'managed policies are attached first, those that are not attached yet',
      given: async (account) => {
        await policy(account, 'second', READ, '/team/red/');
        const managed = await policy(account, 'managed');
        return withInline(account, await user(account, 'ann', managed), { read: READ });
      },
      params: { attach },
      violation: 'inline policies give the user rights: read',
      writes: [ATTACH, DELETE],
      after: { inline: [], missing: [] },
    },
    {
      name: 'a managed policy that does not exist: nothing is deleted',
      given: async (account) => withInline(account, await user(account, 'ann'), { read: READ }),
      params: { attach },
      violation: 'inline policies give the user rights: read',
      writes: [],
      held: /^there is no policy arn:aws:iam::\d{12}:policy\/managed; there is no policy .*second$/,
    },
    {
      name: 'a policy that allows and denies',
      given: async (account) => withInline(account, await user(account, 'ann'), { mixed: MIXED }),
      violation: 'inline policies give the user rights: mixed',
      writes: [],
      held: /^mixed also denies/,
    },
  ],
  compliant: [
    {
      name: 'no inline policies',
      given: async (account) => user(account, 'ann', await policy(account, 'other')),
    },
    {
      name: 'one that only denies: sessions that were revoked stay so',
      given: async (account) =>
        withInline(account, await user(account, 'ann'), { AWSRevokeOlderSessions: DENY_ALL }),
    },
  ],
  gone: 'nobody',
});

describe('iam_user_delete_inline_policies', () => {
  test('what allows and denies stays, is said, and the rest is deleted', async () => {
    const account = await newAccount();
    const id = await withInline(account, await user(account, 'ann'), { mixed: MIXED, read: READ });
    const run = async () =>
      remediate(bot, {
        aws: { iam: account.client(IAMClient) },
        target: { account: account.account, region: account.region, type: bot.resource, id },
        params: { attach: [] },
        mode: 'apply',
        settle: { tries: 0, delayMs: 0 },
      });
    const still = expect.stringMatching(/^mixed also denies/) as string;
    expect(await run()).toMatchObject({ outcome: 'held', reason: still, calls: [{ action: DELETE }] });
    expect(await run()).toMatchObject({ outcome: 'held', reason: still });
  });

  test('documents are read as IAM gives them, percent-encoded, and put back as they were', async () => {
    const account = await newAccount();
    const id = await withInline(account, await user(account, 'ann'), { read: READ });
    const iam = account.client(IAMClient);
    account.script({
      GetUserPolicy: () => ({ PolicyName: 'read', PolicyDocument: encodeURIComponent(READ) }),
    });
    const context = {
      target: { account: account.account, region: account.region, type: bot.resource, id },
      params: { attach: [] },
    };
    const state = await bot.inspect({ iam }, context);
    expect(state).toMatchObject({ inline: [{ name: 'read', document: READ, allows: true, denies: false }] });
    const now = { inline: [], missing: [], obstacles: [] };
    expect(state && bot.undo(state, { ...context, now })).toMatchObject([
      { iam: { input: { UserName: id, PolicyName: 'read', PolicyDocument: READ } } },
    ]);
    await expect(
      iam.send(new GetUserPolicyCommand({ UserName: id, PolicyName: 'read' })),
    ).resolves.toBeDefined();
  });

  test('a policy that is deleted meanwhile does not make the user look gone', async () => {
    const account = await newAccount();
    const id = await withInline(account, await user(account, 'ann'), { read: READ });
    account.script({
      GetUserPolicy: () => {
        throw Object.assign(new Error('gone'), { name: 'NoSuchEntityException' });
      },
    });
    const target = { account: account.account, region: account.region, type: bot.resource, id };
    const aws = { iam: account.client(IAMClient) };
    expect(await bot.inspect(aws, { target, params: { attach: [] } })).toMatchObject({ inline: [] });
  });

  test.each([attach.join(','), attach.join(' '), `attach=${attach.join(',')}`])(
    '%s is understood',
    (text) => {
      expect(readWords(catalogueEntry(bot, 'iam'), splitWords(text))).toEqual({ params: { attach } });
    },
  );
});
