import {
  DeleteAccountPasswordPolicyCommand,
  GetAccountPasswordPolicyCommand,
  UpdateAccountPasswordPolicyCommand,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { ACCOUNT } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

/** The account's policy; 0 stands for "never" where AWS leaves the field out. */
export interface PasswordPolicy {
  readonly minimumPasswordLength: number;
  readonly requireSymbols: boolean;
  readonly requireNumbers: boolean;
  readonly requireUppercaseCharacters: boolean;
  readonly requireLowercaseCharacters: boolean;
  readonly allowUsersToChangePassword: boolean;
  readonly maxPasswordAge: number;
  readonly passwordReusePrevention: number;
  readonly hardExpiry: boolean;
}

const params = z.object({
  minimumPasswordLength: z.int().min(6).max(128).default(14).describe('least characters of a password'),
  requireSymbols: z.boolean().default(true).describe('at least one symbol'),
  requireNumbers: z.boolean().default(true).describe('at least one digit'),
  requireUppercaseCharacters: z.boolean().default(true).describe('at least one letter A to Z'),
  requireLowercaseCharacters: z.boolean().default(true).describe('at least one letter a to z'),
  allowUsersToChangePassword: z
    .boolean()
    .optional()
    .describe('users may change their own password; not given: as it is, and yes in a new policy'),
  maxPasswordAge: z.int().min(1).max(1095).default(90).describe('days after which a password expires'),
  passwordReusePrevention: z.int().min(1).max(24).default(24).describe('last passwords not to be used again'),
  hardExpiry: z
    .boolean()
    .default(false)
    .describe('true locks out users whose password has expired until an administrator helps them'),
});

export const bot = defineBot({
  ...ACCOUNT,
  id: 'iam_turn_on_password_policy',
  title: 'Turn on a strong password policy for IAM users',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'posture',
  params,
  from: {
    minimumPasswordLength: 'finding',
    requireSymbols: 'finding',
    requireNumbers: 'finding',
    requireUppercaseCharacters: 'finding',
    requireLowercaseCharacters: 'finding',
    allowUsersToChangePassword: 'finding',
    maxPasswordAge: 'finding',
    passwordReusePrevention: 'finding',
    hardExpiry: 'config',
  },
  words: {
    order: [
      'minimumPasswordLength',
      'requireSymbols',
      'requireNumbers',
      'requireUppercaseCharacters',
      'requireLowercaseCharacters',
      'allowUsersToChangePassword',
      'maxPasswordAge',
      'passwordReusePrevention',
      'hardExpiry',
    ],
    names: {
      MinimumPasswordLength: 'minimumPasswordLength',
      RequireSymbols: 'requireSymbols',
      RequireNumbers: 'requireNumbers',
      RequireUppercaseCharacters: 'requireUppercaseCharacters',
      RequireLowercaseCharacters: 'requireLowercaseCharacters',
      AllowUsersToChangePassword: 'allowUsersToChangePassword',
      MaxPasswordAge: 'maxPasswordAge',
      PasswordReusePrevention: 'passwordReusePrevention',
      HardExpiry: 'hardExpiry',
    },
  },
  permissions: {
    read: ['iam:GetAccountPasswordPolicy'],
    write: ['iam:UpdateAccountPasswordPolicy'],
    undo: ['iam:UpdateAccountPasswordPolicy', 'iam:DeleteAccountPasswordPolicy'],
  },

  async inspect({ iam }) {
    const reply = await undefinedIfGone(
      iam.send(new GetAccountPasswordPolicyCommand({})),
      'NoSuchEntityException',
    );
    const policy = reply?.PasswordPolicy;
    return {
      policy: policy && {
        minimumPasswordLength: policy.MinimumPasswordLength ?? AWS_DEFAULT.minimumPasswordLength,
        requireSymbols: policy.RequireSymbols ?? false,
        requireNumbers: policy.RequireNumbers ?? false,
        requireUppercaseCharacters: policy.RequireUppercaseCharacters ?? false,
        requireLowercaseCharacters: policy.RequireLowercaseCharacters ?? false,
        allowUsersToChangePassword: policy.AllowUsersToChangePassword ?? false,
        maxPasswordAge: policy.MaxPasswordAge ?? 0,
        passwordReusePrevention: policy.PasswordReusePrevention ?? 0,
        hardExpiry: policy.HardExpiry ?? false,
      },
    };
  },

  check({ policy }, { params }) {
    if (!policy) return 'the account has no password policy: set one';
    const wanted = hardened(policy, params);
    const weak = FIELDS.filter((field) => policy[field] !== wanted[field]);
    const list = weak
      .map((field) => `${field} is ${policy[field] || 'off'}, not ${wanted[field]}`)
      .join(', ');
    return weak.length > 0 ? `the password policy is weaker than asked: ${list}` : undefined;
  },

  plan({ policy }, { params }) {
    const kinds = KINDS.filter((kind) => params[kind]).length;
    if (!policy && kinds < 3) {
      return {
        held: `AWS itself asks for three kinds of characters, a policy that asks for ${kinds} is weaker`,
      };
    }
    return [{ iam: update(hardened(policy ?? AWS_DEFAULT, params)) }];
  },

  undo: ({ policy }) => [
    policy ? { iam: update(policy) } : { iam: new DeleteAccountPasswordPolicyCommand({}) },
  ],
});

const KINDS = [
  'requireSymbols',
  'requireNumbers',
  'requireUppercaseCharacters',
  'requireLowercaseCharacters',
] as const;
const FIELDS = [
  'minimumPasswordLength',
  ...KINDS,
  'allowUsersToChangePassword',
  'maxPasswordAge',
  'passwordReusePrevention',
  'hardExpiry',
] as const;

/** What AWS asks for where an account has no policy, as far as a policy can say it. */
const AWS_DEFAULT: PasswordPolicy = {
  minimumPasswordLength: 8,
  requireSymbols: false,
  requireNumbers: false,
  requireUppercaseCharacters: false,
  requireLowercaseCharacters: false,
  allowUsersToChangePassword: true,
  maxPasswordAge: 0,
  passwordReusePrevention: 0,
  hardExpiry: false,
};

/** Field by field the stricter of what is and what is asked; who may change passwords is neither, so it is as asked. */
function hardened(policy: PasswordPolicy, asked: z.output<typeof params>): PasswordPolicy {
  return {
    minimumPasswordLength: Math.max(policy.minimumPasswordLength, asked.minimumPasswordLength),
    requireSymbols: policy.requireSymbols || asked.requireSymbols,
    requireNumbers: policy.requireNumbers || asked.requireNumbers,
    requireUppercaseCharacters: policy.requireUppercaseCharacters || asked.requireUppercaseCharacters,
    requireLowercaseCharacters: policy.requireLowercaseCharacters || asked.requireLowercaseCharacters,
    allowUsersToChangePassword: asked.allowUsersToChangePassword ?? policy.allowUsersToChangePassword,
    maxPasswordAge: Math.min(policy.maxPasswordAge || Infinity, asked.maxPasswordAge),
    passwordReusePrevention: Math.max(policy.passwordReusePrevention, asked.passwordReusePrevention),
    hardExpiry: policy.hardExpiry || asked.hardExpiry,
  };
}

/** A field that is left out becomes AWS's default, so all are sent, but for the two for which 0 is not a number. */
function update(policy: PasswordPolicy): UpdateAccountPasswordPolicyCommand {
  const { maxPasswordAge, passwordReusePrevention } = policy;
  return new UpdateAccountPasswordPolicyCommand({
    MinimumPasswordLength: policy.minimumPasswordLength,
    RequireSymbols: policy.requireSymbols,
    RequireNumbers: policy.requireNumbers,
    RequireUppercaseCharacters: policy.requireUppercaseCharacters,
    RequireLowercaseCharacters: policy.requireLowercaseCharacters,
    AllowUsersToChangePassword: policy.allowUsersToChangePassword,
    HardExpiry: policy.hardExpiry,
    ...(maxPasswordAge > 0 && { MaxPasswordAge: maxPasswordAge }),
    ...(passwordReusePrevention > 0 && { PasswordReusePrevention: passwordReusePrevention }),
  });
}
