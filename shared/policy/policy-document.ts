import * as z from 'zod';
import { isConfined, letsOnlyFixedOut, listOf, testsOf } from './conditions';

const strings = z.union([z.string(), z.array(z.string())]);
const principal = z.union([z.string(), z.record(z.string(), strings)]);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const statementSchema = z.looseObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principal.optional(),
  NotPrincipal: principal.optional(),
  Action: strings.optional(),
  Resource: strings.optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.union([scalar, z.array(scalar)]))).optional(),
});

const policySchema = z.looseObject({
  Version: z.string().optional(),
  Statement: z.union([statementSchema, z.array(statementSchema)]),
});

/** A statement of a resource policy; elements that are not looked at are kept as they are. */
export type Statement = z.infer<typeof statementSchema>;

/** A resource policy. Source: IAM User Guide, Grammar of the IAM JSON policy language. */
export type Policy = z.infer<typeof policySchema>;

/** Reads the text of a resource policy; throws a sentence when it is none. */
export function parsePolicy(text: string): Policy {
  const policy = policySchema.safeParse(parseJson(text));
  if (!policy.success) throw new Error(`the resource policy is malformed: ${z.prettifyError(policy.error)}`);
  // zod rebuilds objects with the keys it knows first; what is written back must have the order it came in.
  return JSON.parse(text) as Policy;
}

/** Its statements, where one may stand without a list. */
export function statementsOf({ Statement }: Policy): readonly Statement[] {
  return Array.isArray(Statement) ? Statement : [Statement];
}

/**
 * The statement, by itself, lets in people whom it does not name: an Allow for everyone (or for everyone but some)
 * without a condition that confines it. Source: S3 User Guide, Blocking public access, The meaning of "public".
 */
export function isPublic(statement: Statement): boolean {
  const { Effect, Principal, NotPrincipal, Condition } = statement;
  const lets = (member: Member) => isOpen(member, Condition);
  const open = NotPrincipal === undefined ? principalsOf(Principal).some(lets) : !isConfined(Condition);
  return Effect === 'Allow' && open;
}

/**
 * The public statements of a policy. One that a Deny of the same policy confines is none: what everyone is allowed
 * and everyone outside a VPC endpoint is denied is open to that endpoint only, and removing it would cut that off.
 */
export function publicStatements(policy: Policy): readonly Statement[] {
  const statements = statementsOf(policy);
  const shields = statements.filter(isShield);
  return statements.filter(
    (statement) => isPublic(statement) && !shields.some((shield) => isAbout(shield, statement)),
  );
}

/**
 * The policy without the given statements of it. Where one also names principals, these keep their access and only
 * "everyone" goes. All else stays as it is; `Statement` may be left empty, which no service accepts.
 */
export function withoutPublic(policy: Policy, remove = publicStatements(policy)): Policy {
  const removed = new Set(remove);
  const kept = statementsOf(policy).flatMap((statement) =>
    removed.has(statement) ? narrowed(statement) : [statement],
  );
  const [only] = kept;
  return { ...policy, Statement: only && !Array.isArray(policy.Statement) ? only : kept };
}

/**
 * An Allow without conditions gives the action to the account or to users or roles of it: what is left of a policy
 * can then still be changed from within the account.
 */
export function allowsAccount(policy: Policy, account: string, action: string): boolean {
  return statementsOf(policy).some(
    ({ Effect, Principal, Action, Condition }) =>
      Effect === 'Allow' &&
      Object.keys(Condition ?? {}).length === 0 &&
      principalsOf(Principal).some(
        ({ kind, name }) => kind === 'AWS' && (name === account || name.split(':')[4] === account),
      ) &&
      covers(lower(Action), lower(action)),
  );
}

/** The policy with one statement more; its Sid is left out where another one has it. */
export function withStatement(policy: Policy | undefined, { Sid, ...rest }: Statement): Policy {
  const statements = policy ? statementsOf(policy) : [];
  const isTaken = statements.some((other) => other.Sid === Sid);
  const added = { ...(Sid !== undefined && !isTaken && { Sid }), ...rest };
  return { ...(policy ?? { Version: '2012-10-17' }), Statement: [...statements, added] };
}

/** Everyone is denied the action on the resource, both of which may hold wildcards, for requests without TLS. */
export function deniesPlainHttp(policy: Policy, action: string, resource: string): boolean {
  return statementsOf(policy).some(
    (statement) =>
      statement.Effect === 'Deny' &&
      principalsOf(statement.Principal).some(({ kind, name }) => kind === 'AWS' && name === '*') &&
      covers(lower(statement.Action), lower(action)) &&
      covers(statement.Resource, resource) &&
      testsOf(statement.Condition).every(
        ({ set, operator, key, values }) =>
          set === undefined &&
          operator === 'bool' &&
          key === 'aws:securetransport' &&
          values.some((value) => value.toLowerCase() === 'false'),
      ),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`the resource policy is not JSON: ${text.slice(0, 80)}`, { cause });
  }
}

/** One of those whom a statement is about; `kind`: `AWS`, `Service`, `Federated`, `CanonicalUser`. */
export interface Member {
  readonly kind: string;
  readonly name: string;
}

/** All whom the element names. */
export function principalsOf(principal: Statement['Principal']): Member[] {
  if (principal === undefined) return [];
  if (typeof principal === 'string') return [{ kind: 'AWS', name: principal }];
  return Object.entries(principal).flatMap(([kind, names]) => listOf(names).map((name) => ({ kind, name })));
}

/** Everyone, or somebody in whatever account: `arn:aws:iam::*:root`. */
function isAnyone({ kind, name }: Member): boolean {
  // Whoever has an account with a web identity provider comes in by its name; providers of one's own have ARNs.
  if (kind === 'Federated') return !name.startsWith('arn:');
  return name === '*' || (kind === 'AWS' && /[*?]/.test(name.split(':')[4] ?? ''));
}

/** The condition does not confine this member of the principal, who may be anyone. */
function isOpen(member: Member, condition: Statement['Condition']): boolean {
  return isAnyone(member) && !isConfined(condition, member.kind === 'Federated' ? member.name : undefined);
}

function narrowed(statement: Statement): Statement[] {
  const { Principal, Condition } = statement;
  if (Principal === undefined || typeof Principal === 'string') return [];
  const named = Object.entries(Principal).flatMap(([kind, names]) => {
    const left = listOf(names).filter((name) => !isOpen({ kind, name }, Condition));
    return left.length > 0 ? [[kind, Array.isArray(names) ? left : names]] : [];
  });
  return named.length > 0 ? [{ ...statement, Principal: Object.fromEntries(named) as typeof Principal }] : [];
}

/** Denies everyone something, save from fixed places or for named principals. */
function isShield({ Effect, Principal, NotPrincipal, Condition }: Statement): boolean {
  const everyone =
    NotPrincipal === undefined
      ? principalsOf(Principal).some(({ kind, name }) => kind === 'AWS' && name === '*')
      : !principalsOf(NotPrincipal).some(isAnyone);
  return Effect === 'Deny' && everyone && letsOnlyFixedOut(Condition);
}

/** The Deny is about all that the statement allows. */
function isAbout(deny: Statement, allow: Statement): boolean {
  return (
    covers(lower(deny.Action), lower(allow.Action)) &&
    (isOfOneResource(deny) || covers(deny.Resource, allow.Resource))
  );
}

/** Statements of ECR name no resource: they are about the repository that they hang on. */
function isOfOneResource({ Resource, ...rest }: Statement): boolean {
  return Resource === undefined && !('NotResource' in rest);
}

type Strings = string | readonly string[];

/** Every pattern of `narrow` lies within one of `wide`. What is left unsaid (NotAction, NotResource) does not. */
function covers(wide: Strings | undefined, narrow: Strings | undefined): boolean {
  if (wide === undefined || narrow === undefined) return false;
  return listOf(narrow).every((one) => listOf(wide).some((pattern) => isWithin(one, pattern)));
}

/** Whether the text, itself a pattern, matches `pattern`; no pattern makes this slow, as one of a regular expression could. */
export function isWithin(text: string, pattern: string): boolean {
  let [at, next, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    // `?` stands for one character, so not for the `*` of a pattern that is to lie within.
    if (pattern[next] === '*') [star, mark] = [next++, at];
    else if (pattern[next] === text[at] || (pattern[next] === '?' && text[at] !== '*'))
      [at, next] = [at + 1, next + 1];
    else if (star >= 0) [at, next] = [++mark, star + 1];
    else return false;
  }
  while (pattern[next] === '*') next++;
  return next === pattern.length;
}

function lower(strings: Strings | undefined): string[] | undefined {
  return strings === undefined ? undefined : listOf(strings).map((one) => one.toLowerCase());
}
