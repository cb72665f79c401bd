import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  GetPolicyCommand,
  LambdaClient,
  paginateListAliases,
} from '@aws-sdk/client-lambda';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import { type Statement, parsePolicy, statementsOf } from '../../../../shared/policy/policy-document';

/** By this name Lambda says that there is no such function, and that it has no policy or URL. */
export const NO_SUCH_FUNCTION = 'ResourceNotFoundException';

/** What all bots on functions share. */
export const FUNCTION = {
  resource: 'AWS::Lambda::Function',
  clients: { lambda: LambdaClient },
  gone: [NO_SUCH_FUNCTION],
} as const;

/**
 * Why this function is left alone; `undefined`: it is not. Copies of a Lambda@Edge function are named after the
 * region of the function itself, and no other name has a dot. Source: CloudFront Developer Guide, Lambda@Edge.
 */
export function untouchableFunction(name: string): string | undefined {
  return name.includes('.')
    ? `${name} is a copy that CloudFront made, which cannot be changed: act on the function in us-east-1`
    : undefined;
}

/** The version or alias that the ARN of a function names: `live` of `arn:…:function:orders:live`. */
export function qualifierOf(arn = ''): string | undefined {
  return arn.split(':')[7];
}

/** In the place of an alias: the function itself. */
export const ITSELF = '';

/** The statements of the policies that a function and its aliases have, by alias; each sorted by Sid. */
export type FunctionPolicies = Readonly<Record<string, readonly Statement[]>>;

/** Reads the policies with `lambda:ListAliases` and `lambda:GetPolicy`; those of single versions are left out. */
export async function policiesOf(client: LambdaClient, FunctionName: string): Promise<FunctionPolicies> {
  const qualifiers = [ITSELF];
  for await (const { Aliases = [] } of paginateListAliases({ client }, { FunctionName })) {
    qualifiers.push(...Aliases.map(({ Name = '' }) => Name));
  }
  const policies: Record<string, readonly Statement[]> = {};
  for (const qualifier of qualifiers.sort()) {
    const reply = client.send(new GetPolicyCommand(at(FunctionName, qualifier)));
    const { Policy } = (await undefinedIfGone(reply, NO_SUCH_FUNCTION)) ?? {};
    if (Policy !== undefined) policies[qualifier] = [...statementsOf(parsePolicy(Policy))].sort(bySid);
  }
  return policies;
}

/** How Lambda's calls name a function, or one of its aliases. */
export function at(FunctionName: string, qualifier: string) {
  return { FunctionName, ...(qualifier !== ITSELF && { Qualifier: qualifier }) };
}

/** Their order means nothing, and AddPermission appends. */
function bySid({ Sid: one = '' }: Statement, { Sid: other = '' }: Statement): number {
  return one.localeCompare(other);
}

/**
 * The call that makes this statement of a function's policy, exactly; `undefined`: AddPermission cannot say it, as
 * where PutResourcePolicy wrote it. For statements that are about everyone. Source: Lambda API, AddPermission.
 */
export function everyonesPermission(FunctionName: string, qualifier: string, statement: Statement) {
  const { Sid, Effect, Principal, Action, Resource, Condition = {}, ...rest } = statement;
  const isEveryone = Principal === '*' || JSON.stringify(Principal) === '{"AWS":"*"}';
  const isPlain = Effect === 'Allow' && isEveryone && typeof Resource === 'string';
  if (!isPlain || Sid === undefined || typeof Action !== 'string' || Object.keys(rest).length > 0)
    return undefined;
  const fields: Partial<AddPermissionCommandInput> = {};
  for (const [operator, keys] of Object.entries(Condition)) {
    for (const [key, value] of Object.entries(keys)) {
      const field = CONDITIONS[`${operator} ${key}`.toLowerCase()];
      if (field === undefined || typeof value !== 'string') return undefined;
      Object.assign(fields, { [field]: field === 'InvokedViaFunctionUrl' ? value === 'true' : value });
    }
  }
  return new AddPermissionCommand({
    ...at(FunctionName, qualifier),
    StatementId: Sid,
    Action,
    Principal: '*',
    ...fields,
  });
}

/** How AddPermission's fields stand in a policy, as far as everyone can come in by them. */
const CONDITIONS: Readonly<Record<string, keyof AddPermissionCommandInput>> = {
  'arnlike aws:sourcearn': 'SourceArn',
  'bool lambda:invokedviafunctionurl': 'InvokedViaFunctionUrl',
  'stringequals lambda:eventsourcetoken': 'EventSourceToken',
  'stringequals lambda:functionurlauthtype': 'FunctionUrlAuthType',
};
