import { isDeepStrictEqual } from 'node:util';
import { listOf, testsOf } from '../../../../shared/policy/conditions';
import {
  type Policy,
  type Statement,
  isWithin,
  principalsOf,
  statementsOf,
  withStatement,
} from '../../../../shared/policy/policy-document';

/** Who must not do what to the bucket. */
export interface Restriction {
  readonly actions: readonly string[];
  /** The bucket's account, and others that are trusted as much. */
  readonly accounts: readonly [own: string, ...trusted: string[]];
  readonly bucketArn: string;
}

/** What the statement that the bot adds is called. */
const SID = 'SelfhealOtherAccounts';

/** Principals of other accounts whom the policy lets do what they must not; `*`: everyone. */
export function strangersIn(policy: Policy, restriction: Restriction): string[] {
  const denied = statementsOf(policy).flatMap((one) => deniedBy(one, restriction));
  const allowed = statementsOf(policy).flatMap((one) => allowedBy(one, restriction));
  return [...new Set(allowed)].filter((name) => !denied.includes(name) && !denied.includes('*'));
}

/** The policy, and a Deny for these; what else it allows them they keep. */
export function denying(policy: Policy, strangers: readonly string[], restriction: Restriction): Policy {
  const before = statementsOf(policy)
    .filter(isOwn)
    .flatMap((one) => deniedBy(one, restriction));
  const rest = { ...policy, Statement: statementsOf(policy).filter((one) => !isOwn(one)) };
  return withStatement(rest, denial([...before, ...strangers], restriction));
}

function isOwn({ Sid }: Statement): boolean {
  return Sid === SID;
}

function denial(strangers: readonly string[], { actions, accounts, bucketArn }: Restriction): Statement {
  const deny = { Sid: SID, Effect: 'Deny' as const };
  const what = { Action: [...actions], Resource: [bucketArn, `${bucketArn}/*`] };
  if (!strangers.includes('*')) return { ...deny, Principal: { AWS: [...strangers] }, ...what };
  // AWS services, which are of no account, are not meant.
  const Condition = {
    StringNotEquals: { 'aws:PrincipalAccount': [...accounts] },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  };
  return { ...deny, Principal: '*', ...what, Condition };
}

/** Those to whom the statement denies all of it. */
function deniedBy(statement: Statement, restriction: Restriction): string[] {
  const { Effect, Principal, Action, Resource, Condition } = statement;
  if (Effect !== 'Deny') return [];
  if (isDeepStrictEqual({ ...statement, Sid: SID }, denial(['*'], restriction))) return ['*'];
  const { actions, bucketArn } = restriction;
  const covers = (pattern: string, text: string) => isWithin(text.toLowerCase(), pattern.toLowerCase());
  const isAll =
    Object.keys(Condition ?? {}).length === 0 &&
    actions.every((action) => listOf(Action ?? []).some((pattern) => covers(pattern, action))) &&
    [bucketArn, `${bucketArn}/*`].every((arn) =>
      listOf(Resource ?? []).some((pattern) => covers(pattern, arn)),
    );
  return isAll ? principalsOf(Principal).flatMap(({ kind, name }) => (kind === 'AWS' ? [name] : [])) : [];
}

/** Those of other accounts to whom the statement allows some of it. */
function allowedBy(statement: Statement, { actions, accounts }: Restriction): string[] {
  const { Effect, Principal, NotPrincipal, Action, Condition } = statement;
  const matchesOne = (patterns: readonly string[], action: string) =>
    patterns.some((pattern) => isWithin(action.toLowerCase(), pattern.toLowerCase()));
  const { NotAction } = statement as { NotAction?: string | string[] };
  const isAllowed = actions.some((action) =>
    Action === undefined ? !matchesOne(listOf(NotAction ?? []), action) : matchesOne(listOf(Action), action),
  );
  if (Effect !== 'Allow' || !isAllowed || isOf(accounts, Condition)) return [];
  if (NotPrincipal !== undefined) return ['*'];
  return principalsOf(Principal).flatMap(({ kind, name }) => {
    if (kind !== 'AWS') return [];
    const account = /^\d{12}$/.test(name) ? name : name.split(':')[4];
    const isStranger = name === '*' || (/^\d{12}$/.test(account ?? '') && !accounts.includes(account ?? ''));
    return isStranger ? [name] : [];
  });
}

/** The condition lets in callers of these accounts only, or what AWS services do for them. */
function isOf(accounts: readonly string[], condition: Statement['Condition']): boolean {
  return testsOf(condition).some(
    ({ set, operator, ifExists, key, values }) =>
      set === undefined &&
      !ifExists &&
      /^(stringequals|stringlike|arnequals|arnlike)$/.test(operator) &&
      /^aws:(principalaccount|principalarn|sourceaccount|sourceowner|sourcearn)$/.test(key) &&
      values.every((value) => accounts.some((one) => value === one || value.split(':')[4] === one)),
  );
}
