import { AttachRolePolicyCommand, DetachRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { FUNCTION, untouchableFunction } from './lib/functions';
import { policyArnFor, policyArnSchema, policyStatements, rolePolicies, untouchable } from '../iam/lib/iam';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineBot } from '../../../shared/bot/bot';
import type { Statement } from '../../../shared/policy/policy-document';

export const bot = defineBot({
  ...FUNCTION,
  id: 'lambda_detach_blanket_permissions',
  title: 'Detach policies from the role of a Lambda function that allow actions on everything',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  params: z.object({
    keep: z
      .array(policyArnSchema)
      .default([])
      .describe('policies that stay, by ARN; $ACCOUNT_ID stands for the account of the function'),
    shared: z.boolean().default(false).describe('also from a role that other functions use'),
  }),
  from: { keep: 'config', shared: 'config' },
  permissions: {
    read: [
      'lambda:GetFunctionConfiguration',
      'lambda:ListFunctions',
      'iam:ListAttachedRolePolicies',
      'iam:GetPolicy',
      'iam:GetPolicyVersion',
    ],
    write: ['iam:DetachRolePolicy'],
    undo: ['iam:AttachRolePolicy'],
  },
  clients: { lambda: LambdaClient, iam: IAMClient },

  async inspect({ lambda, iam }, { target, params: { keep } }): Promise<State> {
    const { Role = '' } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: target.id }));
    const role = Role.split('/').at(-1) ?? '';
    const attached = (await undefinedIfGone(rolePolicies(iam, role), 'NoSuchEntityException')) ?? [];
    const kept = keep.map((arn) => policyArnFor(arn, target));
    const blanket: Blanket[] = [];
    for (const arn of attached.filter((one) => !kept.includes(one) && !OWN.test(one))) {
      const statements = (await policyStatements(iam, arn)) ?? [];
      if (!statements.some(isBlanket)) continue;
      blanket.push({ arn, denies: statements.some(({ Effect }) => Effect === 'Deny') });
    }
    const sharedWith = blanket.length > 0 ? await othersWith(lambda, Role, target.id) : [];
    return { role, attached, blanket, sharedWith };
  },

  check: ({ role, blanket }) =>
    blanket.length > 0
      ? `its role ${role} may do to every resource what these allow: ${blanket.map(({ arn }) => arn).join(', ')}`
      : undefined,

  plan({ role: RoleName, blanket, sharedWith }, { target, params }) {
    const obstacle = untouchableFunction(target.id) ?? untouchable(RoleName);
    if (obstacle !== undefined) return { held: obstacle };
    if (sharedWith.length > 0 && !params.shared)
      return { held: `other functions use the role too: ${sharedWith.join(', ')}: say shared=true` };
    const free = blanket.filter(({ denies }) => !denies);
    if (free.length === 0)
      return { held: 'what allows it also denies, and detaching that would give rights' };
    return free.map(({ arn: PolicyArn }) => ({ iam: new DetachRolePolicyCommand({ RoleName, PolicyArn }) }));
  },

  undo: ({ role: RoleName, attached }, { now }) =>
    attached
      .filter((arn) => !now.attached.includes(arn))
      .map((PolicyArn) => ({ iam: new AttachRolePolicyCommand({ RoleName, PolicyArn }) })),

  footprint: ({ role, attached }) => ({ role, attached }),
});

interface Blanket {
  readonly arn: string;
  readonly denies: boolean;
}

interface State {
  readonly role: string;
  /** ARNs of all its managed policies. */
  readonly attached: readonly string[];
  readonly blanket: readonly Blanket[];
  /** Other functions with the same role; read only where it matters. */
  readonly sharedWith: readonly string[];
}

/** AWS's own policies for what Lambda does with every function. Source: Lambda Developer Guide, execution role. */
const OWN = /:iam::aws:policy\/service-role\/AWSLambda\w*ExecutionRole$/;

/** Actions that IAM confines to no resource, as far as functions have them. Source: Service Authorization Reference. */
const UNCONFINED = /^(xray:Put\w+|cloudwatch:PutMetricData|\w[\w-]*:(Describe|List)[\w*]*|xray:Get\w*)$/i;

function isBlanket({ Effect, Resource = [], Action = [], Condition, ...rest }: Statement): boolean {
  if (Effect !== 'Allow' || Condition !== undefined || ![Resource].flat().includes('*')) return false;
  return rest.NotAction !== undefined || [Action].flat().some((action) => !UNCONFINED.test(action));
}

async function othersWith(client: LambdaClient, role: string, name: string): Promise<string[]> {
  const others: string[] = [];
  for await (const { Functions = [] } of paginateListFunctions({ client }, {})) {
    for (const { FunctionName = '', Role } of Functions)
      if (Role === role && FunctionName !== name) others.push(FunctionName);
  }
  return others.sort();
}
