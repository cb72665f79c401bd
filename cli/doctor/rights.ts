import { type ContextEntry, IAMClient, paginateSimulatePrincipalPolicy } from '@aws-sdk/client-iam';
import { BOT_TAG, roleNameOf } from '../../shared/accounts';
import { partitionOf } from '../../shared/resources/target';
import { iamResources } from '../../shared/aws/iam-resources';
import { confined, endingsOf, inPlace } from '../../shared/resources/policy-arn';
import type { CatalogueEntry } from '../../shared/catalogue';
import type { Condition } from '../../shared/bot/bot';
import { enabledUnder } from '../../shared/bot/rights';
import { concurrently } from '../concurrently';
import { type Patient, type Site, type Verdict, green, red, unknown } from './check';
import { some } from '../../shared/text';

/** Simulations at once: IAM answers few questions a second. */
const AT_ONCE = 4;

/**
 * Whether the roles may do all that the enabled bots do, by IAM's own simulation: nothing is called. It heeds the
 * roles' policies, their boundary and the organization's service control policies. Source: IAM, SimulatePrincipalPolicy.
 */
export async function rights(patient: Patient, site: Site, mend: string): Promise<Verdict> {
  const groups = simulationsFor(enabledOf(patient), site);
  const refused: string[] = [];
  const unsettled: string[] = [];
  const client = site.client(IAMClient);
  await concurrently(groups, AT_ONCE, async ({ bot, resource, actions, resources, context }) => {
    const answered = new Set<string>();
    const pages = paginateSimulatePrincipalPolicy(
      { client },
      {
        ...{
          PolicySourceArn: roleArn(patient, site.account, resource),
          ActionNames: actions,
          ResourceArns: resources,
        },
        // A role's rights are those of the bot that its session is tagged with.
        ContextEntries: [
          {
            ContextKeyName: `aws:PrincipalTag/${BOT_TAG}`,
            ContextKeyType: 'string',
            ContextKeyValues: [bot],
          },
          ...context,
        ],
      },
    );
    for await (const { EvaluationResults = [] } of pages) {
      for (const {
        EvalActionName: action = '',
        EvalDecision,
        MissingContextValues = [],
      } of EvaluationResults) {
        answered.add(action);
        if (EvalDecision === 'allowed') continue;
        // A statement with a condition on something that a simulation does not know.
        (MissingContextValues.length > 0 ? unsettled : refused).push(action);
      }
    }
    unsettled.push(...actions.filter((action) => !answered.has(action)));
  });
  const lacks = unique(refused);
  if (lacks.length > 0) return red(`the roles may not ${some(lacks)}, by IAM's simulation`, mend);
  const open = unique(unsettled);
  const count = new Set(groups.flatMap(({ actions }) => actions)).size;
  return open.length > 0
    ? unknown(`IAM's simulation does not say whether the roles may ${some(open)}`, mend)
    : green(`IAM's simulation allows all ${count} actions of the enabled bots`);
}

/** The roles that the enabled bots assume in an account. */
export function roleArns(patient: Patient, account: string): string[] {
  return unique(enabledOf(patient).map(({ resource }) => roleArn(patient, account, resource)));
}

function roleArn({ home, config, stage }: Patient, account: string, resource: string): string {
  return `arn:${partitionOf(home.region)}:iam::${account}:role/${roleNameOf(config.accounts, stage, resource)}`;
}

function enabledOf({ config, catalogue }: Patient): readonly CatalogueEntry[] {
  return enabledUnder(config, catalogue);
}

interface Simulation {
  readonly bot: string;
  readonly resource: string;
  readonly actions: string[];
  readonly resources: string[];
  /** What the conditions of the actions ask for. */
  readonly context: ContextEntry[];
}

/** Each bot's actions by the resources they act on: a resource of each type that IAM knows for them, which need not exist. */
function simulationsFor(bots: readonly CatalogueEntry[], site: Site): Simulation[] {
  return bots.flatMap(({ id: bot, resource, permissions: { read, write, only = {}, where = {} } }) => {
    const groups = new Map<string, Set<string>>();
    for (const action of [...read, ...write]) {
      const templates = Object.hasOwn(iamResources, action) ? (iamResources[action] ?? []) : [];
      const resources = templates.flatMap((template) =>
        endingsOf(only[action]).map((ending) =>
          inPlace(confined(template, ending), site).replaceAll('*', 'selfheal-doctor'),
        ),
      );
      const key = JSON.stringify({ resources: unique(resources), condition: where[action] ?? {} });
      groups.set(key, (groups.get(key) ?? new Set()).add(action));
    }
    return [...groups].map(([key, actions]) => {
      const { resources, condition } = JSON.parse(key) as { resources: string[]; condition: Condition };
      return {
        bot,
        resource,
        actions: [...actions].sort(),
        resources: resources.length > 0 ? resources : ['*'],
        context: contextOf(condition, site),
      };
    });
  });
}

/** A request as the bot sends it: with the first value that each condition admits, and without what must be absent. */
function contextOf(condition: Condition, site: Site): ContextEntry[] {
  return Object.entries(condition)
    .filter(([operator]) => operator !== 'Null')
    .flatMap(([operator, tests]) =>
      Object.entries(tests).map(([ContextKeyName, values]): ContextEntry => {
        const [value = ''] = [values].flat().map((one) => inPlace(one, site));
        return {
          ContextKeyName,
          ContextKeyType: operator.startsWith('ForAllValues') ? 'stringList' : 'string',
          ContextKeyValues: [value],
        };
      }),
    );
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
