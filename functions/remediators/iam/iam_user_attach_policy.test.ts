import { IAMClient } from '@aws-sdk/client-iam';
import { newAccount } from '../../../testing/account';
import { READ, otherUsers, policy, user } from './fixtures/iam';
import { remediate } from '../../../shared/bot/run';
import { testBot } from '../../../testing/contract';
import { catalogueEntry } from '../../../tools/catalogue';
import { readWords, splitWords } from '../../findings/words';
import { bot } from './iam_user_attach_policy';

const params = { policyArn: 'arn:aws:iam::$ACCOUNT_ID:policy/wanted' };
const violation = /^arn:aws:iam::\d{12}:policy\/wanted is not attached$/;

testBot(bot, {
  violating: [
    {
      name: 'a user under a path with another policy, beside another user',
      given: async (account) => {
        const other = await policy(account, 'other');
        await policy(account, 'wanted');
        await user(account, 'bob', other);
        return user(account, 'ann', other);
      },
      params,
      violation,
      writes: ['iam:AttachUserPolicy'],
      after: { attached: true },
      untouched: otherUsers,
    },
    {
      name: 'a policy under a path',
      given: async (account) => {
        await policy(account, 'wanted', READ, '/team/red/');
        return user(account, 'ann');
      },
      params: { policyArn: 'arn:aws:iam::$ACCOUNT_ID:policy/team/red/wanted' },
      violation: /policy\/team\/red\/wanted is not attached$/,
      writes: ['iam:AttachUserPolicy'],
    },
    {
      name: 'there is no such policy',
      given: (account) => user(account, 'ann'),
      params,
      violation,
      writes: [],
      held: /^there is no policy arn:aws:iam::\d{12}:policy\/wanted$/,
    },
    {
      name: 'no policy is named',
      given: (account) => user(account, 'ann'),
      violation: 'the policy is not attached',
      writes: [],
      held: /give policyArn/,
    },
  ],
  compliant: [
    {
      name: 'attached already',
      given: async (account) => user(account, 'ann', await policy(account, 'wanted')),
      params,
    },
  ],
  gone: 'nobody',
});

describe('iam_user_attach_policy', () => {
  const at = (account: string, id: string) => ({
    target: { account, region: 'eu-west-1', type: bot.resource, id },
    params,
  });

  // AttachPolicy: moto knows no quota of policies, and every policy of its can be attached.
  test('ten policies are attached: held at once, since trying again cannot help', async () => {
    const account = await newAccount();
    await policy(account, 'wanted');
    const id = await user(account, 'ann');
    account.script({
      AttachUserPolicy: () => {
        throw Object.assign(new Error('Cannot exceed quota for PoliciesPerUser: 10'), {
          name: 'LimitExceededException',
        });
      },
    });
    const aws = { iam: account.client(IAMClient) };
    expect(await remediate(bot, { aws, ...at(account.account, id), mode: 'apply' })).toMatchObject({
      outcome: 'held',
      reason: expect.stringMatching(/quota/),
    });
  });

  test('a policy that only services may attach is held', async () => {
    const account = await newAccount();
    const id = await user(account, 'ann');
    account.script({ GetPolicy: () => ({ Policy: { IsAttachable: false } }) });
    const aws = { iam: account.client(IAMClient) };
    expect(await remediate(bot, { aws, ...at(account.account, id), mode: 'apply' })).toMatchObject({
      outcome: 'held',
      reason: expect.stringMatching(/cannot be attached/),
    });
  });

  test('undo leaves what was attached before', () => {
    const state = { policy: 'arn', attached: true };
    expect(bot.undo(state, { ...at('123456789012', 'ann'), now: state })).toEqual([]);
  });

  test.each([
    'policy_arn=arn:aws:iam::$ACCOUNT_ID:policy/wanted',
    'arn:aws:iam::$ACCOUNT_ID:policy/wanted',
    'policyArn="arn:aws:iam::$ACCOUNT_ID:policy/wanted"',
  ])('%s is understood', (text) => {
    expect(readWords(catalogueEntry(bot, 'iam'), splitWords(text))).toEqual({ params });
  });

  test('what is no ARN of a policy is refused', () => {
    expect(readWords(catalogueEntry(bot, 'iam'), ['arn:aws:iam::aws:role/admin'])).toHaveProperty('wrong');
    expect(
      bot.params.safeParse({ policyArn: 'arn:aws-cn:iam::aws:policy/job-function/ViewOnly' }).success,
    ).toBe(true);
  });
});
