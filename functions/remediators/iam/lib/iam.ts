import {
  GetAccountPasswordPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  type IAMClient,
  SimulatePrincipalPolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListAttachedUserPolicies,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import type { Context } from '../../../../shared/bot/bot';
import type { Target } from '../../../../shared/resources/target';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import { type Statement, parsePolicy, statementsOf } from '../../../../shared/policy/policy-document';

/** By this name IAM says that there is no such user, role, policy or key. */
export const NO_SUCH_ENTITY = 'NoSuchEntityException';

/** ARNs of the managed policies that are attached to the user itself, sorted. */
export async function userPolicies(client: IAMClient, UserName: string): Promise<string[]> {
  const arns: string[] = [];
  for await (const page of paginateListAttachedUserPolicies({ client }, { UserName }))
    arns.push(...(page.AttachedPolicies ?? []).map(({ PolicyArn = '' }) => PolicyArn));
  return arns.sort();
}

/** ARNs of the managed policies that are attached to the role, sorted. */
export async function rolePolicies(client: IAMClient, RoleName: string): Promise<string[]> {
  const arns: string[] = [];
  for await (const page of paginateListAttachedRolePolicies({ client }, { RoleName }))
    arns.push(...(page.AttachedPolicies ?? []).map(({ PolicyArn = '' }) => PolicyArn));
  return arns.sort();
}

/**
 * Why a role is left alone: it is service-linked, IAM Identity Center's, or selfheal's own. `undefined`: it is not.
 * Where its path is not at hand, its name tells of the first two; IAM denies bots selfheal's own.
 */
export function untouchable(
  name: string,
  path?: string,
  context?: Pick<Context<unknown>, 'target' | 'home'>,
): string | undefined {
  const isOf = (folder: string, prefix: string) =>
    path === undefined ? name.startsWith(prefix) : path.startsWith(folder);
  if (isOf('/aws-service-role/', 'AWSServiceRoleFor'))
    return `${name} is a service-linked role, which only its service changes`;
  if (isOf('/aws-reserved/', 'AWSReservedSSO_'))
    return `${name} belongs to IAM Identity Center: change its permission set there`;
  const { target, home } = context ?? {};
  // By its path, which who trusts selfheal's roles trusts as well: a name could be anybody's.
  const isOwn = home !== undefined && target?.account === home.account && path?.startsWith(home.rolePath);
  return isOwn ? `${name} is a role of selfheal, which would cut itself off: change it by hand` : undefined;
}

/** The text of a policy document: IAM gives it percent-encoded (RFC 3986), local AWS as it was put. */
export function documentText(document = ''): string {
  return /^\s*\{/.test(document) ? document : decodeURIComponent(document);
}

/** Statements of the text of a policy document. */
export function statementsIn(text: string): readonly Statement[] {
  return statementsOf(parsePolicy(text));
}

/** The statement is, always and without an exception, about every action on every resource. */
export function isAboutAll({ Action = [], Resource = [], Condition }: Statement): boolean {
  const actions = [Action].flat();
  const anything = actions.includes('*') || actions.includes('*:*');
  return anything && [Resource].flat().includes('*') && Condition === undefined;
}

/** The statements in force of a managed policy; `undefined`: there is no such policy. */
export async function policyStatements(
  iam: IAMClient,
  PolicyArn: string,
): Promise<readonly Statement[] | undefined> {
  const version = async () => {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    return iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }));
  };
  const reply = await undefinedIfGone(version(), NO_SUCH_ENTITY);
  return reply && statementsIn(documentText(reply.PolicyVersion?.Document));
}

/** An ARN of a managed policy; `$ACCOUNT_ID` in it stands for the account of the target, as in CloudBots. */
export const policyArnSchema = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::(aws|\d{12}|\$ACCOUNT_ID):policy\/[\w+=,.@/-]+$/,
    'give the ARN of a managed policy: arn:aws:iam::$ACCOUNT_ID:policy/name',
  );

/** The ARN with the account of the target in it. */
export function policyArnFor(arn: string, { account }: Target): string {
  return arn.replace('$ACCOUNT_ID', account);
}

/** Parameters of the bots that attach a policy. Config.ts may leave it to the findings to name one. */
export const attachParams = z.object({
  policyArn: policyArnSchema
    .optional()
    .describe('the managed policy to attach; $ACCOUNT_ID in it stands for the account of the resource'),
});

/** A managed policy that is wanted on a user or a role. */
export interface Attachment {
  readonly policy: string;
  readonly attached: boolean;
  /** Why it cannot be attached. */
  readonly obstacle?: string;
}

/** How it stands with the wanted policy, given the ARNs of those that are attached. */
export async function attachmentOf(
  iam: IAMClient,
  { policyArn }: z.output<typeof attachParams>,
  target: Target,
  attached: readonly string[],
): Promise<Attachment> {
  if (policyArn === undefined)
    return { policy: 'the policy', attached: false, obstacle: 'no policy is named: give policyArn' };
  const policy = policyArnFor(policyArn, target);
  if (attached.includes(policy)) return { policy, attached: true };
  const obstacle = await notAttachable(iam, policy);
  return { policy, attached: false, ...(obstacle !== undefined && { obstacle }) };
}

/** Why the policy cannot be attached, or `undefined`. */
export async function notAttachable(iam: IAMClient, PolicyArn: string): Promise<string | undefined> {
  const reply = await undefinedIfGone(iam.send(new GetPolicyCommand({ PolicyArn })), NO_SUCH_ENTITY);
  if (!reply) return `there is no policy ${PolicyArn}`;
  return reply.Policy?.IsAttachable === false
    ? `${PolicyArn} cannot be attached to users and roles`
    : undefined;
}

/**
 * Whether the user of that ARN may change the password: its own policies say yes or no; where they say nothing, the
 * account's password policy may allow it to all.
 */
export async function mayChangePassword(iam: IAMClient, arn: string): Promise<boolean> {
  const input = { PolicySourceArn: arn, ActionNames: ['iam:ChangePassword'], ResourceArns: [arn] };
  const { EvaluationResults = [] } = await iam.send(new SimulatePrincipalPolicyCommand(input));
  const decision = EvaluationResults[0]?.EvalDecision;
  if (decision !== 'implicitDeny') return decision === 'allowed';
  const policy = iam.send(new GetAccountPasswordPolicyCommand({}));
  const reply = await undefinedIfGone(policy, NO_SUCH_ENTITY);
  return reply?.PasswordPolicy?.AllowUsersToChangePassword ?? false;
}
