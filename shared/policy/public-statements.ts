import {
  parsePolicy,
  type Policy,
  publicStatements,
  type Statement,
  statementsOf,
  withoutPublic,
} from './policy-document';

/** One sentence on what is public in the text of a resource policy: `the queue policy lets everyone in by …`. */
export function sayPublic(
  what: string,
  text: string | undefined,
  ignore: readonly string[] = [],
): string | undefined {
  if (text === undefined) return undefined;
  const policy = parsePolicy(text);
  const statements = statementsOf(policy);
  const names = faultsOf(policy, ignore).map((one) => one.Sid ?? `number ${statements.indexOf(one) + 1}`);
  return names.length > 0
    ? `the ${what} policy lets everyone in by statement ${names.join(', ')}: remove it or name who may`
    : undefined;
}

/** The policy without its public statements; `Statement` may be left empty, which no service accepts. */
export function closedPolicy(text = '', ignore: readonly string[] = []): Policy {
  const policy = parsePolicy(text);
  return withoutPublic(policy, faultsOf(policy, ignore));
}

/** {@link closedPolicy} as text; `undefined`: no statement is left. */
export function closedText(text?: string, ignore?: readonly string[]): string | undefined {
  const rest = closedPolicy(text, ignore);
  return statementsOf(rest).length > 0 ? JSON.stringify(rest) : undefined;
}

function faultsOf(policy: Policy, ignore: readonly string[]): readonly Statement[] {
  return publicStatements(policy).filter(({ Sid }) => Sid === undefined || !ignore.includes(Sid));
}
