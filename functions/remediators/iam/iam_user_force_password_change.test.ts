import {
  GetLoginProfileCommand,
  IAMClient,
  UpdateAccountPasswordPolicyCommand,
  UpdateLoginProfileCommand,
} from '@aws-sdk/client-iam';
import { user, withPassword } from './fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_user_force_password_change';

type Decision = 'allowed' | 'implicitDeny' | 'explicitDeny';

/** A user with a password, as IAM's simulator judges it: SimulatePrincipalPolicy, which moto lacks. */
const given =
  (decision: Decision, { mustChange = false, forAll }: { mustChange?: boolean; forAll?: boolean } = {}) =>
  async (account: Account) => {
    const iam = account.client(IAMClient);
    await withPassword(account, await user(account, 'bob'));
    const id = await withPassword(account, await user(account, 'ann'));
    await iam.send(new UpdateLoginProfileCommand({ UserName: id, PasswordResetRequired: mustChange }));
    if (forAll !== undefined)
      await iam.send(new UpdateAccountPasswordPolicyCommand({ AllowUsersToChangePassword: forAll }));
    account.script({
      SimulatePrincipalPolicy: ({ PolicySourceArn, ResourceArns }) => {
        const arn = `arn:aws:iam::${account.account}:user/team/red/ann`;
        if (PolicySourceArn !== arn || String(ResourceArns) !== arn) throw new Error('another user');
        return { EvaluationResults: [{ EvalActionName: 'iam:ChangePassword', EvalDecision: decision }] };
      },
    });
    return id;
  };

const params = { users: ['team/*'] };
const violation = 'the user may keep the console password';

testBot(bot, {
  violating: [
    {
      name: 'a user whose policies allow the change, beside another',
      given: given('allowed'),
      params,
      violation,
      writes: ['iam:UpdateLoginProfile'],
      after: { is: true },
      untouched: async ({ client }) => {
        const { LoginProfile } = await client(IAMClient).send(
          new GetLoginProfileCommand({ UserName: 'bob' }),
        );
        return LoginProfile?.PasswordResetRequired;
      },
    },
    {
      name: 'a user for whom the account’s password policy allows it',
      given: given('implicitDeny', { forAll: true }),
      params,
      violation,
      writes: ['iam:UpdateLoginProfile'],
    },
    {
      name: 'nobody allows it: the user would be locked out',
      given: given('implicitDeny', { forAll: false }),
      params,
      violation,
      writes: [],
      held: /would be locked out: allow it first$/,
    },
    {
      name: 'a user whom config.ts does not name',
      given: given('allowed'),
      params: { users: ['team/blue/*', 'ann'] },
      violation,
      writes: [],
      held: /^team\/red\/ann is not among the users of/,
    },
    {
      name: 'an account without a password policy allows nothing by it',
      given: given('implicitDeny'),
      params,
      violation,
      writes: [],
      held: /would be locked out/,
    },
    {
      name: 'a Deny overrules the account’s password policy',
      given: given('explicitDeny', { forAll: true }),
      params,
      violation,
      writes: [],
      held: /would be locked out/,
    },
  ],
  compliant: [
    { name: 'must change it already', given: given('allowed', { mustChange: true }) },
    { name: 'a user who has no password', given: (account) => user(account, 'ann') },
  ],
  gone: 'nobody',
});
