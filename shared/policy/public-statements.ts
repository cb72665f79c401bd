import * as z from 'zod';
import { confinesToServices, namesNoSource } from './conditions';
import { sayDeleted, writable } from './deleted-principals';
import {
  parsePolicy,
  type Policy,
  principalsOf,
  publicStatements,
  type Statement,
  statementsOf,
  withoutPublic,
} from './policy-document';

/** What bots share that remove public statements, but for those that are meant. */
export const IGNORING = {
  params: z.object({
    ignore: z.array(z.string()).default([]).describe('Sids of statements that are public on purpose'),
  }),
  from: { ignore: 'config' },
} as const;

/** One sentence on what is public in the text of a resource policy: `the queue policy lets everyone in by …`. */
export function sayPublic(
  what: string,
  text: string | undefined,
  ignore: readonly string[] = [],
): string | undefined {
  if (text === undefined) return undefined;
  const policy = parsePolicy(text);
  const faults = faultsOf(policy, ignore);
  return faults.length > 0
    ? `the ${what} policy lets everyone in by statement ${namesOf(faults, policy)}: remove it or name who may${sayDeputies(policy)}${sayDeleted(text)}`
    : undefined;
}

/**
 * Behind a violation: statements that let an AWS service act for whoever asks it to, the confused deputy. They are said
 * and not removed, as some services cannot be told for whom they act. Source: IAM User Guide, the confused deputy problem.
 */
export function sayDeputies(policy: Policy): string {
  const statements = statementsOf(policy).filter(isDeputy);
  return statements.length > 0
    ? `; statement ${namesOf(statements, policy)} lets an AWS service in on behalf of any account (confused deputy), and stays: add aws:SourceAccount or aws:SourceArn`
    : '';
}

/** The policy without its public statements; `Statement` may be left empty, which no service accepts. */
export function closedPolicy(text = '', ignore: readonly string[] = []): Policy {
  const policy = parsePolicy(text);
  return writable(withoutPublic(policy, faultsOf(policy, ignore)));
}

/** {@link closedPolicy} as text; `undefined`: no statement is left. */
export function closedText(text?: string, ignore?: readonly string[]): string | undefined {
  const rest = closedPolicy(text, ignore);
  return statementsOf(rest).length > 0 ? JSON.stringify(rest) : undefined;
}

function faultsOf(policy: Policy, ignore: readonly string[]): readonly Statement[] {
  return publicStatements(policy).filter(({ Sid }) => Sid === undefined || !ignore.includes(Sid));
}

/** A service is allowed without a word on its source, by its name or as one of everyone. */
function isDeputy({ Effect, Principal, Condition }: Statement): boolean {
  if (Effect !== 'Allow') return false;
  const members = principalsOf(Principal);
  return (
    (members.some(({ kind }) => kind === 'Service') && namesNoSource(Condition)) ||
    (members.some(({ name }) => name === '*') && confinesToServices(Condition))
  );
}

/** The Sids, or what number each statement has. */
function namesOf(some: readonly Statement[], policy: Policy): string {
  const numbers = new Map(statementsOf(policy).map((one, index) => [one, index + 1]));
  return some.map((one) => one.Sid ?? `number ${numbers.get(one)}`).join(', ');
}
