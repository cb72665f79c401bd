import type { Condition, Permissions } from '../bot/bot';
import type { Target } from '../resources/target';
import { conditionOn } from './iam-names';
import { iamResources } from './iam-resources';
import {
  arnsOf,
  confined,
  endingsOf,
  inPlace,
  ownPatterns,
  patternsOf,
  wholeService,
} from '../resources/policy-arn';

/** Characters that STS takes of a session policy. Source: AssumeRole, Policy. */
export const SESSION_POLICY_LENGTH = 2048;

/** A statement of a session policy. */
interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Condition;
}

/** What a session is for. */
export interface Scope {
  /** IAM actions, as the bot's permissions list them. */
  readonly actions: readonly string[];
  /** Those of them that the bot also sends to other resources of the target's type. */
  readonly elsewhere?: readonly string[] | undefined;
  /** How the ARN ends of the one helper that an action is for. */
  readonly only?: Permissions['only'] | undefined;
  /** The conditions of single actions. */
  readonly where?: Permissions['where'] | undefined;
  readonly target: Target;
  /** `resource`: what acts on the target's type may act on the target only. `account`: on all of its account, in every region. */
  readonly width?: 'resource' | 'account' | undefined;
}

/**
 * The policy of a session for one bot and one target: each action on the target where IAM has its type as a resource
 * level, on the helpers' types in the target's account and region, and on `*` only where IAM has no resource level.
 * With `coarse`, and where that would be too long, helpers are named by their service alone; at last the conditions are
 * left out, which the role has all the same.
 *
 * @throws Error for an action that is not in the generated table, or when no form of the policy is short enough.
 */
export function sessionPolicy(scope: Scope, from: 'exact' | 'coarse' = 'exact'): string {
  const exact = scope.actions.map((action) => ({
    action,
    resources: resourcesOf(action, scope),
    condition: conditionOf(action, scope),
  }));
  const own = arnsWithin(scope);
  const isNarrow = (action: string) => scope.only?.[action] !== undefined;
  const coarse = exact.map(({ action, resources, condition }) => ({
    action,
    condition,
    resources: isNarrow(action)
      ? resources
      : [...new Set(resources.map((arn) => (own.includes(arn) ? arn : wholeService(arn))))].sort(),
  }));
  const bare = coarse.map(({ action, resources }) => ({ action, resources }));
  for (const form of [...(from === 'exact' ? [exact] : []), coarse, bare]) {
    const text = JSON.stringify({ Version: '2012-10-17', Statement: statements(form) });
    if (text.length <= SESSION_POLICY_LENGTH) return text;
  }
  throw new Error(
    `the session policy for ${scope.target.id} is longer than the ${SESSION_POLICY_LENGTH} characters that STS takes`,
  );
}

interface Grant {
  readonly action: string;
  readonly resources: readonly string[];
  readonly condition?: Condition | undefined;
}

function resourcesOf(action: string, scope: Scope): string[] {
  const templates = Object.hasOwn(iamResources, action) ? iamResources[action] : undefined;
  if (!templates) throw new Error(`${action} is not in shared/aws/iam-resources.ts: run npm run generate`);
  if (templates.length === 0) return ['*'];
  const { target, elsewhere = [], only = {} } = scope;
  const own = elsewhere.includes(action) ? [] : ownPatterns(target.type);
  const named = own.filter((pattern) => templates.includes(pattern));
  const others = (template: string) =>
    own.includes(template) || !named.some((pattern) => overlap(template, pattern));
  const arns = templates
    .filter(others)
    .flatMap((template) =>
      own.includes(template)
        ? arnsWithin(scope)
        : endingsOf(only[action]).map((ending) => placed(confined(template, ending), scope)),
    );
  return [...new Set(arns)].sort();
}

function conditionOf(action: string, { where, target }: Scope): Condition | undefined {
  const condition = where?.[action];
  return condition && (JSON.parse(inPlace(JSON.stringify(condition), target)) as Condition);
}

/**
 * Whether one pattern takes in the other: classic load balancers are `loadbalancer/*`, which all others are too, and
 * the right on a single one must not become the right on all.
 */
function overlap(one: string, other: string): boolean {
  return [one, other].some(
    (wide) => wide.endsWith('*') && [one, other].every((each) => each.startsWith(wide.slice(0, -1))),
  );
}

function arnsWithin(scope: Scope): string[] {
  return scope.width === 'account'
    ? patternsOf(scope.target.type).map((pattern) => placed(pattern, scope))
    : arnsOf(scope.target);
}

/** In the target's account and region; in all regions of the account where the session is for these. */
function placed(pattern: string, { target, width }: Scope): string {
  return inPlace(width === 'account' ? pattern.replace('${Region}', '*') : pattern, target);
}

function statements(grants: readonly Grant[]): Statement[] {
  const all = grants.map(({ action }) => action);
  const alike = new Map<string, string[]>();
  for (const { action, resources: Resource, condition } of grants) {
    const Condition = condition ?? conditionOn(action, all);
    const key = JSON.stringify({ Resource, ...(Condition && { Condition }) });
    alike.set(key, [...(alike.get(key) ?? []), action]);
  }
  return [...alike].map(([key, actions]) => ({
    Effect: 'Allow',
    Action: [...new Set(actions)].sort(),
    ...(JSON.parse(key) as Pick<Statement, 'Resource' | 'Condition'>),
  }));
}
