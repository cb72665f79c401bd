import { listOf } from './conditions';
import { type Policy, type Statement, parsePolicy, principalsOf, statementsOf } from './policy-document';

/**
 * What a policy shows in the place of a role or user that has been deleted: its unique id, behind which a session's name
 * may stand. Nobody gets that id again, and AWS refuses to write a policy that holds one. Source: IAM User Guide,
 * principal elements; unique identifiers.
 */
const DELETED = /^A(?:ROA|IDA)[0-9A-Z]{12,}(?::.+)?$/;

/** The ids of deleted users and roles whom the policy names, each once. */
export function deletedPrincipals(policy: Policy): string[] {
  const named = statementsOf(policy).flatMap(({ Principal, NotPrincipal }) =>
    [...principalsOf(Principal), ...principalsOf(NotPrincipal)].filter(isDeleted).map(({ name }) => name),
  );
  return [...new Set(named)];
}

/**
 * The policy as AWS takes it back: without deleted users and roles, and without statements that name nobody else. A
 * Deny for everyone but these is one for everyone.
 */
export function writable(policy: Policy): Policy {
  if (deletedPrincipals(policy).length === 0) return policy;
  const kept = statementsOf(policy).flatMap(withoutDeleted);
  const [only] = kept;
  return { ...policy, Statement: only && !Array.isArray(policy.Statement) ? only : kept };
}

/** {@link writable} of a text: the very same where nobody was deleted; `undefined`: no statement is left. */
export function writableText(text: string): string | undefined {
  const policy = parsePolicy(text);
  if (deletedPrincipals(policy).length === 0) return text;
  const rest = writable(policy);
  return statementsOf(rest).length > 0 ? JSON.stringify(rest) : undefined;
}

/** Behind a violation of that policy's text: what is dropped with it, and why. */
export function sayDeleted(text: string | undefined): string {
  const ids = text === undefined ? [] : deletedPrincipals(parsePolicy(text));
  return ids.length > 0
    ? `; ${ids.join(', ')} in it ${ids.length > 1 ? 'are ids of deleted users or roles' : 'is the id of a deleted user or role'}, which AWS takes in no policy: dropped`
    : '';
}

/** The footprint of a state with a policy's text: what cannot come back is told apart from what can. */
export function policyFootprint<S extends { readonly policy?: string | undefined }>(state: S) {
  if (state.policy === undefined) return state;
  const deleted = deletedPrincipals(parsePolicy(state.policy));
  if (deleted.length === 0) return state;
  return { ...state, policy: writableText(state.policy), deletedPrincipals: deleted };
}

function withoutDeleted(statement: Statement): Statement[] {
  const entries = Object.entries(statement).map(([element, value]) => {
    if (element !== 'Principal' && element !== 'NotPrincipal') return [element, value] as const;
    const left = remaining(value as Statement['Principal']);
    // Everyone but nobody is everyone.
    return element === 'NotPrincipal' && left === undefined
      ? (['Principal', '*'] as const)
      : ([element, left] as const);
  });
  const isEmpty = entries.some(([element, value]) => element === 'Principal' && value === undefined);
  return isEmpty ? [] : [Object.fromEntries(entries) as Statement];
}

/** `undefined`: nobody is left. */
function remaining(principal: Statement['Principal']): Statement['Principal'] {
  if (typeof principal !== 'object') return principal;
  const named = Object.entries(principal).flatMap(([kind, names]) => {
    const left = listOf(names).filter((name) => !isDeleted({ kind, name }));
    return left.length > 0 ? [[kind, Array.isArray(names) ? left : names] as const] : [];
  });
  return named.length > 0 ? Object.fromEntries(named) : undefined;
}

function isDeleted({ kind, name }: { readonly kind: string; readonly name: string }): boolean {
  return kind === 'AWS' && DELETED.test(name);
}
