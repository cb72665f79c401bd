import { createHash, randomUUID } from 'node:crypto';
import {
  type ConfigRule,
  ConfigServiceClient,
  paginateDescribeConfigRules,
} from '@aws-sdk/client-config-service';
import type { LambdaHost } from './lambda-host';
import { listers } from './recorded-resources';
import type { Lister, Recorded } from './recording';
import { type Schedule, parseSchedule } from './schedule';

/** How the stand-in of the AWS Config recorder works. */
export interface RecorderOptions {
  endpoint: string;
  region: string;
  accountId: string;
  host: Pick<LambdaHost, 'invoke'>;
  /** Between two looks at the resources; default one second. */
  intervalMs?: number;
  /** 0.001 asks a rule of every day every 86 seconds. */
  scheduleScale?: number;
  onError?: (error: unknown) => void;
}

/** What happened to a resource, in Config's words. */
export type ItemStatus = 'OK' | 'ResourceDiscovered' | 'ResourceDeleted';

interface Seen {
  hash: string;
  resource: Recorded;
}

interface Change {
  type: string;
  status: ItemStatus;
  resource: Recorded;
}

const MOST_OF_AN_EVENT = 100_000;
const ACCOUNT = 'AWS::::Account';
const CHANGE = 'ConfigurationItemChangeNotification';
const SCHEDULED = 'ScheduledNotification';
/** Source: AWS Config API, MaximumExecutionFrequency. */
const FREQUENCIES: Readonly<Record<string, string>> = {
  One_Hour: 'rate(1 hour)',
  Three_Hours: 'rate(3 hours)',
  Six_Hours: 'rate(6 hours)',
  Twelve_Hours: 'rate(12 hours)',
  TwentyFour_Hours: 'rate(1 day)',
};

/**
 * Looks at the resources that the deployed custom rules are scoped to, and invokes a rule's function for each that
 * appeared, changed or went away; a rule that appears is invoked for every resource, as AWS Config does.
 */
export function startRecorder(options: RecorderOptions): { stop(): Promise<void> } {
  const config = new ConfigServiceClient({
    endpoint: options.endpoint,
    region: options.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const table = listers(options.endpoint, options.region, options.accountId);
  const onError = options.onError ?? (() => undefined);
  const seen = new Map<string, Map<string, Seen>>();
  const known = new Map<string, string>();
  const due = new Map<string, Date | undefined>();
  const stopping = new AbortController();
  const stopped = () => stopping.signal.aborted;

  async function tick(): Promise<void> {
    const rules = await customRules(config);
    const types = [...new Set([ACCOUNT, ...rules.flatMap((rule) => typesOf(rule, table))])];
    const changes: Change[] = [];
    for (const type of types) {
      changes.push(...(await changesOf(type, table[type], seen).catch(reported(onError, []))));
    }
    for (const rule of rules) notify(rule, changes);
    const names = new Set(rules.map((rule) => rule.ConfigRuleName));
    for (const name of known.keys()) if (!names.has(name)) known.delete(name);
    for (const name of due.keys()) if (!names.has(name)) due.delete(name);
  }

  function notify(rule: ConfigRule, changes: Change[]): void {
    const name = rule.ConfigRuleName ?? '';
    const revision = JSON.stringify([rule.Source, rule.Scope, rule.InputParameters]);
    const isNew = known.get(name) !== revision;
    const scope = new Set(typesOf(rule, table));
    const relevant = isNew ? [...everything(seen, scope), ...deletions(changes)] : changes;
    for (const change of relevant)
      if (scope.has(change.type)) invoke(rule, changeNotification(change, options));

    // Beside the clock, rules of the account are asked here as soon as there is something to ask about.
    const isAccount = !messageTypes(rule).has(CHANGE) && changes.some(({ type }) => type === ACCOUNT);
    const isDue = (due.get(name)?.getTime() ?? Infinity) <= Date.now();
    if (messageTypes(rule).has(SCHEDULED) && (isNew || isAccount || isDue)) {
      due.set(name, scheduleOf(rule, options.scheduleScale)(new Date()));
      invoke(rule, scheduledNotification(options.accountId));
    }
    known.set(name, revision);
  }

  function invoke(rule: ConfigRule, invokingEvent: unknown): void {
    const event = ruleEvent(rule, invokingEvent, options.accountId);
    options.host.invoke(rule.Source?.SourceIdentifier ?? '', JSON.stringify(event), 'Event').catch(onError);
  }

  const loop = (async () => {
    while (!stopped()) {
      await tick().catch(onError);
      await new Promise((resolve) => setTimeout(resolve, options.intervalMs ?? 1_000));
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await loop;
      config.destroy();
    },
  };
}

async function customRules(client: ConfigServiceClient): Promise<ConfigRule[]> {
  const rules: ConfigRule[] = [];
  for await (const page of paginateDescribeConfigRules({ client }, {}))
    rules.push(...(page.ConfigRules ?? []));
  return rules.filter((rule) => rule.Source?.Owner === 'CUSTOM_LAMBDA');
}

function messageTypes(rule: ConfigRule): Set<string | undefined> {
  return new Set(rule.Source?.SourceDetails?.map(({ MessageType }) => MessageType));
}

function scheduleOf(rule: ConfigRule, scale: number | undefined): Schedule {
  const detail = rule.Source?.SourceDetails?.find(({ MessageType }) => MessageType === SCHEDULED);
  const frequency = detail?.MaximumExecutionFrequency ?? 'TwentyFour_Hours';
  return parseSchedule(FREQUENCIES[frequency] ?? 'rate(1 day)', scale);
}

function typesOf(rule: ConfigRule, table: Record<string, Lister>): string[] {
  if (!messageTypes(rule).has(CHANGE)) return [];
  const types = rule.Scope?.ComplianceResourceTypes;
  return types?.length
    ? types.filter((type) => type in table)
    : Object.keys(table).filter((type) => type !== ACCOUNT);
}

async function changesOf(
  type: string,
  list: Lister | undefined,
  seen: Map<string, Map<string, Seen>>,
): Promise<Change[]> {
  const resources = (await list?.()) ?? [];
  const before = seen.get(type) ?? new Map<string, Seen>();
  const now = new Map(resources.map((resource) => [resource.id, { hash: hash(resource), resource }]));
  seen.set(type, now);
  const changes: Change[] = [];
  for (const [id, { hash: found, resource }] of now) {
    const old = before.get(id);
    if (old?.hash === found) continue;
    changes.push({ type, status: old ? 'OK' : 'ResourceDiscovered', resource });
  }
  for (const [id, { resource }] of before) {
    if (!now.has(id)) changes.push({ type, status: 'ResourceDeleted', resource });
  }
  return changes;
}

function everything(seen: Map<string, Map<string, Seen>>, scope: Set<string>): Change[] {
  return [...seen].flatMap(([type, resources]) =>
    scope.has(type)
      ? [...resources.values()].map(({ resource }) => ({ type, status: 'OK' as const, resource }))
      : [],
  );
}

function deletions(changes: Change[]): Change[] {
  return changes.filter(({ status }) => status === 'ResourceDeleted');
}

function hash(resource: Recorded): string {
  return createHash('sha256').update(JSON.stringify(resource)).digest('hex');
}

/** The event of a custom rule: https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html */
function ruleEvent(rule: ConfigRule, invokingEvent: unknown, accountId: string): Record<string, unknown> {
  return {
    version: '1.0',
    invokingEvent: JSON.stringify(invokingEvent),
    ruleParameters: rule.InputParameters ?? '{}',
    // Local AWS reads the rule's name out of it when evaluations are put.
    resultToken: `${rule.ConfigRuleName ?? ''}#${randomUUID()}`,
    eventLeftScope:
      (invokingEvent as { configurationItem?: { configurationItemStatus?: string } }).configurationItem
        ?.configurationItemStatus === 'ResourceDeleted',
    executionRoleArn: `arn:aws:iam::${accountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
    configRuleArn: rule.ConfigRuleArn,
    configRuleName: rule.ConfigRuleName,
    configRuleId: rule.ConfigRuleId,
    accountId,
  };
}

function changeNotification({ type, status, resource }: Change, options: RecorderOptions): unknown {
  const now = new Date().toISOString();
  const deleted = status === 'ResourceDeleted';
  const summary = {
    version: '1.3',
    accountId: options.accountId,
    awsAccountId: options.accountId,
    awsRegion: options.region,
    resourceType: type,
    resourceId: resource.id,
    resourceName: resource.name ?? null,
    ARN: resource.arn,
    configurationItemCaptureTime: now,
    configurationItemStatus: status,
    configurationStateId: Date.now(),
  };
  const envelope = { notificationCreationTime: now, recordVersion: '1.3' };
  const configurationItem = {
    ...summary,
    availabilityZone: 'Not Applicable',
    relatedEvents: [],
    relationships: [],
    tags: deleted ? {} : resource.tags,
    configuration: deleted ? null : resource.configuration,
    supplementaryConfiguration: deleted ? {} : (resource.supplementary ?? {}),
  };
  if (JSON.stringify(configurationItem).length > MOST_OF_AN_EVENT) {
    const messageType = 'OversizedConfigurationItemChangeNotification';
    return { ...envelope, messageType, configurationItemSummary: summary };
  }
  return { ...envelope, messageType: CHANGE, configurationItem, configurationItemDiff: null };
}

function scheduledNotification(accountId: string): unknown {
  const notificationCreationTime = new Date().toISOString();
  return {
    awsAccountId: accountId,
    notificationCreationTime,
    messageType: SCHEDULED,
    recordVersion: '1.0',
  };
}

function reported<T>(onError: (error: unknown) => void, instead: T): (error: unknown) => T {
  return (error) => {
    onError(error);
    return instead;
  };
}
