import {
  CreateUserCommand,
  IAMClient,
  ListUsersCommand,
  UpdateAccountPasswordPolicyCommand,
  type UpdateAccountPasswordPolicyCommandInput,
} from '@aws-sdk/client-iam';
import fc from 'fast-check';
import type * as z from 'zod';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { bot, type PasswordPolicy } from './iam_turn_on_password_policy';

const account =
  (policy?: UpdateAccountPasswordPolicyCommandInput) =>
  async ({ client, account: id }: Account) => {
    const iam = client(IAMClient);
    await iam.send(new CreateUserCommand({ UserName: 'ana' }));
    if (policy) await iam.send(new UpdateAccountPasswordPolicyCommand(policy));
    return id;
  };
const untouched = async ({ client }: Account) =>
  (await client(IAMClient).send(new ListUsersCommand({}))).Users;

const STRONG = {
  MinimumPasswordLength: 14,
  RequireSymbols: true,
  RequireNumbers: true,
  RequireUppercaseCharacters: true,
  RequireLowercaseCharacters: true,
  AllowUsersToChangePassword: true,
  MaxPasswordAge: 90,
  PasswordReusePrevention: 24,
  HardExpiry: false,
};
const strong: PasswordPolicy = {
  minimumPasswordLength: 14,
  requireSymbols: true,
  requireNumbers: true,
  requireUppercaseCharacters: true,
  requireLowercaseCharacters: true,
  allowUsersToChangePassword: true,
  maxPasswordAge: 90,
  passwordReusePrevention: 24,
  hardExpiry: false,
};
const writes = ['iam:UpdateAccountPasswordPolicy'];
const none = { requireSymbols: false, requireNumbers: false };

testBot(bot, {
  violating: [
    {
      name: 'no policy',
      given: account(),
      violation: 'the account has no password policy: set one',
      writes,
      after: { policy: strong },
      untouched,
    },
    {
      name: 'weak in every field, and passwords never expire',
      given: account({ MinimumPasswordLength: 6 }),
      violation:
        'the password policy is weaker than asked: minimumPasswordLength is 6, not 14, requireSymbols is off, not true, requireNumbers is off, not true, requireUppercaseCharacters is off, not true, requireLowercaseCharacters is off, not true, maxPasswordAge is off, not 90, passwordReusePrevention is off, not 24',
      writes,
      after: { policy: { ...strong, allowUsersToChangePassword: false } },
      untouched,
    },
    {
      name: 'stricter here and weaker there: what is stricter stays',
      given: account({
        ...STRONG,
        MinimumPasswordLength: 20,
        MaxPasswordAge: 30,
        PasswordReusePrevention: 5,
        AllowUsersToChangePassword: false,
        HardExpiry: true,
      }),
      violation: /asked: passwordReusePrevention is 5, not 24$/,
      writes,
      after: {
        policy: {
          ...strong,
          minimumPasswordLength: 20,
          maxPasswordAge: 30,
          allowUsersToChangePassword: false,
          hardExpiry: true,
        },
      },
    },
    {
      name: 'hard expiry and the right to change passwords, as asked',
      given: account(STRONG),
      params: { hardExpiry: true, allowUsersToChangePassword: false },
      violation: /asked: allowUsersToChangePassword is true, not false, hardExpiry is off, not true$/,
      writes,
      after: { policy: { ...strong, allowUsersToChangePassword: false, hardExpiry: true } },
    },
    {
      name: 'a first policy that would be weaker than what AWS asks for by itself',
      given: account(),
      params: none,
      violation: 'no password policy',
      held: /three kinds of characters, a policy that asks for 2 is weaker/,
      writes: [],
    },
  ],
  compliant: [
    { name: 'just as asked', given: account(STRONG) },
    {
      name: 'stricter in every field',
      given: account({ ...STRONG, MinimumPasswordLength: 32, MaxPasswordAge: 1, HardExpiry: true }),
    },
    {
      name: 'less is asked than there is',
      given: account(STRONG),
      params: { minimumPasswordLength: 6, maxPasswordAge: 1095, passwordReusePrevention: 1, ...none },
    },
  ],
});

test.each([
  { minimumPasswordLength: 5 },
  { minimumPasswordLength: 129 },
  { maxPasswordAge: 0 },
  { maxPasswordAge: 1096 },
  { passwordReusePrevention: 0 },
  { passwordReusePrevention: 25 },
  { minimumPasswordLength: 14.5 },
  { requireSymbols: 'False' },
])('out of range: %j', (input) => {
  expect(bot.params.safeParse(input).success).toBe(false);
});

test('CloudBots words: nine by position, or by their own names', () => {
  expect(bot.words?.order).toEqual(Object.keys(strong));
  expect(Object.keys(bot.words?.names ?? {})).toEqual(Object.keys(STRONG));
});

test('for any policy and any wish: never weaker than before, as strong as asked, and undone exactly', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: '123456789012' };
  fc.assert(
    fc.property(policies, wishes, (policy, wish) => {
      const context = { target, params: bot.params.parse(wish) };
      const plan = bot.plan({ policy }, context);
      if ('held' in plan) {
        expect(policy).toBeUndefined();
        return;
      }
      const [result] = stepsOf(plan).map(({ iam }) => stateOf(iam.input));
      if (!result) throw new Error('nothing planned');
      expect(bot.check({ policy: result }, context)).toBeUndefined();
      expect(weakerFields(result, { ...strong, ...context.params })).toEqual([]);
      if (!policy) {
        // AWS's own least where an account has no policy.
        expect(result.minimumPasswordLength).toBeGreaterThanOrEqual(8);
        return;
      }
      expect(weakerFields(result, policy)).toEqual([]);
      if (wish.allowUsersToChangePassword === undefined) {
        expect(result.allowUsersToChangePassword).toBe(policy.allowUsersToChangePassword);
      }
      const undo = bot.undo({ policy }, { ...context, now: { policy: result } });
      expect('irreversible' in undo || undo.map(({ iam }) => stateOf(iam.input))).toEqual([policy]);
    }),
    { numRuns: 1000 },
  );
});

/** What AWS would show after such a call. */
function stateOf(input: Partial<UpdateAccountPasswordPolicyCommandInput>): PasswordPolicy {
  return {
    minimumPasswordLength: input.MinimumPasswordLength ?? 6,
    requireSymbols: input.RequireSymbols ?? false,
    requireNumbers: input.RequireNumbers ?? false,
    requireUppercaseCharacters: input.RequireUppercaseCharacters ?? false,
    requireLowercaseCharacters: input.RequireLowercaseCharacters ?? false,
    allowUsersToChangePassword: input.AllowUsersToChangePassword ?? false,
    maxPasswordAge: input.MaxPasswordAge ?? 0,
    passwordReusePrevention: input.PasswordReusePrevention ?? 0,
    hardExpiry: input.HardExpiry ?? false,
  };
}

/** Who may change passwords is neither weak nor strong. */
type Strength = Omit<PasswordPolicy, 'allowUsersToChangePassword'>;

function weakerFields(one: Strength, other: Strength): string[] {
  const strength = (policy: Strength) => ({
    minimumPasswordLength: policy.minimumPasswordLength,
    requireSymbols: Number(policy.requireSymbols),
    requireNumbers: Number(policy.requireNumbers),
    requireUppercaseCharacters: Number(policy.requireUppercaseCharacters),
    requireLowercaseCharacters: Number(policy.requireLowercaseCharacters),
    maxPasswordAge: policy.maxPasswordAge === 0 ? -Infinity : -policy.maxPasswordAge,
    passwordReusePrevention: policy.passwordReusePrevention,
    hardExpiry: Number(policy.hardExpiry),
  });
  const theirs = Object.entries(strength(other));
  const ours = new Map(Object.entries(strength(one)));
  return theirs.filter(([field, value]) => (ours.get(field) ?? -Infinity) < value).map(([field]) => field);
}

const policies: fc.Arbitrary<PasswordPolicy | undefined> = fc.option(
  fc.record({
    minimumPasswordLength: fc.integer({ min: 6, max: 128 }),
    requireSymbols: fc.boolean(),
    requireNumbers: fc.boolean(),
    requireUppercaseCharacters: fc.boolean(),
    requireLowercaseCharacters: fc.boolean(),
    allowUsersToChangePassword: fc.boolean(),
    maxPasswordAge: fc.integer({ min: 0, max: 1095 }),
    passwordReusePrevention: fc.integer({ min: 0, max: 24 }),
    hardExpiry: fc.boolean(),
  }),
  { nil: undefined },
);
const wishes: fc.Arbitrary<z.input<typeof bot.params>> = fc.record(
  {
    minimumPasswordLength: fc.integer({ min: 6, max: 128 }),
    requireSymbols: fc.boolean(),
    requireNumbers: fc.boolean(),
    requireUppercaseCharacters: fc.boolean(),
    requireLowercaseCharacters: fc.boolean(),
    allowUsersToChangePassword: fc.boolean(),
    maxPasswordAge: fc.integer({ min: 1, max: 1095 }),
    passwordReusePrevention: fc.integer({ min: 1, max: 24 }),
    hardExpiry: fc.boolean(),
  },
  { requiredKeys: [] },
);
