import { type ResourceType, paginateListDiscoveredResources } from '@aws-sdk/client-config-service';
import { resourcesOf } from '../../shared/aws/inventory';
import { recordedTypes } from '../../shared/aws/recorded';
import { type CatalogueEntry, findBot } from '../../shared/catalogue';
import { ACCOUNT, type Target, isSettings } from '../../shared/resources/target';
import { configTypesOf, typeOf } from '../../shared/resources/types';
import { log } from '../../shared/worker/log';
import { enqueue } from '../../shared/worker/queue';
import {
  type Compliance,
  type Verdict,
  type When,
  evaluate,
  judge,
  putEvaluation,
  verdictIn,
} from './evaluate';
import { type Lookout, type QueuedLook, sendLooks } from './lookout';
import { type RuleEvent, type Schedule, aboutAccount, isTest, namedByConfig, readRule } from './notification';

/** Resources that are judged at once, where all of them are judged in one go. */
const AT_ONCE = 10;

/** What a rule answered, or how many looks were asked for where each will answer for itself. */
export type Answer = { readonly compliance: Compliance } | { readonly looks: number };

/**
 * Answers a rule: about the resource that changed, about settings, or, asked by the clock, about every resource of its
 * bot's type. Those that AWS Config records become a look each, which puts an evaluation of its own; it takes none of
 * others, so these are judged here and the account is evaluated.
 */
export async function answerRule(lookout: Lookout, event: RuleEvent, when: When): Promise<Answer> {
  const { region } = lookout.environment;
  const asked = readRule(event, region);
  if ('target' in asked) return { compliance: await evaluate(lookout, event, asked, when) };
  const entry = findBot(lookout.catalogue, asked.bot);
  if (entry === undefined || isSettings(entry.resource)) {
    return { compliance: await evaluate(lookout, event, aboutAccount(asked, region), when) };
  }
  return recordedTypes({ resource: entry.resource }).length > 0
    ? { looks: await askForLooks(lookout, event, asked, entry) }
    : { compliance: await evaluateAccount(lookout, event, asked, entry, when) };
}

async function askForLooks(
  lookout: Lookout,
  { configRuleName: rule, resultToken: token }: RuleEvent,
  { bot, account, seenAt }: Schedule,
  { resource }: CatalogueEntry,
): Promise<number> {
  const { clients, environment } = lookout;
  const known = await knownToConfig(lookout, resource, account);
  const looks: QueuedLook[] = [];
  for await (const target of resourcesOf(clients, bot, resource, { account, region: environment.region })) {
    const evaluated = known.get(target.id) ?? byOwnName(target);
    looks.push({ bot, target, seenAt, ...(evaluated && { asked: { rule, token, evaluated } }) });
  }
  await sendLooks(lookout, looks);
  log('info', 'asked for looks', { rule, looks: looks.length });
  return looks.length;
}

/** By our ids, what AWS Config calls the resources of a type: an IAM user has a name and another id. */
async function knownToConfig(
  { awsConfig, environment: { region } }: Lookout,
  type: string,
  account: string,
): Promise<Map<string, { type: string; id: string }>> {
  const known = new Map<string, { type: string; id: string }>();
  for (const configType of recordedTypes({ resource: type as CatalogueEntry['resource'] })) {
    const resourceType = configType as ResourceType;
    for await (const page of paginateListDiscoveredResources({ client: awsConfig }, { resourceType })) {
      for (const { resourceId = '', resourceName } of page.resourceIdentifiers ?? []) {
        const named = namedByConfig({ resourceType, resourceId, resourceName }, { account, region }, region);
        if ('target' in named) known.set(named.target.id, { type: configType, id: resourceId });
      }
    }
  }
  return known;
}

/** Where the API's name is AWS Config's id, what is not recorded yet can be evaluated all the same. */
function byOwnName({ type, id }: Target): { type: string; id: string } | undefined {
  const [name = type] = configTypesOf(type);
  return typeOf(type)?.isName ? undefined : { type: name, id };
}

async function evaluateAccount(
  lookout: Lookout,
  { configRuleName: rule, resultToken: token }: RuleEvent,
  { bot, account, seenAt }: Schedule,
  { resource }: CatalogueEntry,
  when: When,
): Promise<Compliance> {
  const { clients, environment, sqs, awsConfig } = lookout;
  const faults: string[] = [];
  const unread: unknown[] = [];
  let count = 0;
  const found = resourcesOf(clients, bot, resource, { account, region: environment.region });
  for await (const targets of inGroups(found, AT_ONCE)) {
    const looks = targets.map((target) => judge(lookout, { bot, target, seenAt }).then(verdictIn));
    const judged = await Promise.allSettled(looks);
    count += judged.length;
    const verdicts = judged.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    for (const each of judged) if (each.status === 'rejected') unread.push(each.reason);
    faults.push(...judged.flatMap((each, index) => faultOf(each, targets[index])));
    const remediations = verdicts.flatMap(({ remediation }) => (remediation ? [remediation] : []));
    if (remediations.length > 0 && !isTest(token)) await enqueue(sqs, environment.queueUrl, remediations);
  }
  // What could be read is being put right; without the rest there is no evaluation, and it is tried again.
  if (unread.length > 0) throw unread[0];
  const verdict = ofAccount(faults, count);
  await putEvaluation(
    awsConfig,
    { rule, token },
    { evaluated: { type: ACCOUNT, id: account }, seenAt },
    verdict,
    when,
  );
  log('info', 'evaluated', { rule, account, compliance: verdict.compliance, resources: count });
  return verdict.compliance;
}

function faultOf(judged: PromiseSettledResult<Verdict>, target: Target | undefined): string[] {
  if (judged.status === 'rejected' || judged.value.compliance !== 'NON_COMPLIANT') return [];
  return [`${target?.id ?? ''}: ${judged.value.annotation ?? ''}`];
}

function ofAccount(faults: readonly string[], count: number): Verdict {
  return faults.length === 0
    ? { compliance: 'COMPLIANT' }
    : { compliance: 'NON_COMPLIANT', annotation: `${faults.length} of ${count}: ${faults.join('; ')}` };
}

async function* inGroups<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
