import type { MemberAccounts } from '../shared/accounts';
import type { CatalogueEntry } from '../shared/catalogue';
import { isAskedDaily, recordedTypes } from '../shared/aws/recorded';
import { type Config, settingsOf } from '../shared/config';
import { findingsPatterns } from './events';
import { functionQueue } from './queues';
import { hasRule } from './rules';
import { type Resource, STAGE, att, pascal, sub } from './template';

/** Accounts that the policy of an event bus is let name: it holds 10 KB. Source: EventBridge, PutPermission. */
const MOST_ACCOUNTS = 150;
/** Source: EventBridge quotas, event pattern size. */
const PATTERN_LENGTH = 2048;

/** The events of AWS Config that bots look into: changes of what the enabled posture bots are for. */
export function changesPattern(config: Config, catalogue: readonly CatalogueEntry[]): object | undefined {
  const ruled = catalogue.filter((entry) => hasRule(entry) && settingsOf(config, entry.id));
  const types = [...new Set(ruled.flatMap(recordedTypes))].sort();
  if (types.length === 0) return undefined;
  const pattern = {
    source: ['aws.config'],
    'detail-type': ['Config Configuration Item Change'],
    $or: [
      { detail: { configurationItem: { resourceType: types } } },
      // What is too large to be sent is rare, and its type is read in the function.
      { detail: { messageType: ['OversizedConfigurationItemChangeNotification'] } },
    ],
  };
  const { length } = JSON.stringify(pattern);
  if (length <= PATTERN_LENGTH) return pattern;
  throw new Error(
    `the pattern for AWS Config's events is longer than EventBridge takes, ${length} of ${PATTERN_LENGTH} characters: enable fewer bots`,
  );
}

/** The bus at home that members send to. */
export function busName(stage: string): string {
  return `selfheal-${stage}`;
}

/** The home side of member accounts: the bus that their rules send to, what becomes of the events, and the queue of looks. */
export function memberEvents(config: Config, catalogue: readonly CatalogueEntry[]): Record<string, Resource> {
  const { accounts } = config;
  if (accounts?.mode !== 'multi') return looksQueue([]);
  const changes = changesPattern(config, catalogue);
  const isDaily = catalogue.some(
    (entry) => hasRule(entry) && isAskedDaily(entry) && settingsOf(config, entry.id),
  );
  return {
    MembersBus: { Type: 'AWS::Events::EventBus', Properties: { Name: busName(STAGE) } },
    ...busPolicies(accounts),
    ...Object.fromEntries(
      Object.entries(findingsPatterns(config)).map(([name, pattern]) => [
        `Member${pascal(name)}Findings`,
        busRule(`Findings of ${name} in member accounts, taken in by selfheal`, pattern, 'FindingsQueue'),
      ]),
    ),
    ...(changes && {
      MemberChanges: busRule('Changes in member accounts, looked at by selfheal', changes, 'LooksQueue'),
    }),
    ...(isDaily && { SettingsLooks: dailyLooks() }),
    ...looksQueue([...(changes ? ['MemberChanges'] : []), ...(isDaily ? ['SettingsLooks'] : [])]),
  };
}

/** Who may send: the listed accounts, and the organization's but for those that are denied; nobody else. */
function busPolicies({ accounts = [], organization, deny = [] }: MemberAccounts): Record<string, Resource> {
  const members = accounts.filter((account) => !deny.includes(account));
  if (members.length > MOST_ACCOUNTS) {
    throw new Error(
      `config.ts: accounts lists ${members.length} accounts, and the policy of an event bus holds ${MOST_ACCOUNTS}: name the organization instead`,
    );
  }
  const statement = (StatementId: string, who: object): Resource => ({
    Type: 'AWS::Events::EventBusPolicy',
    Properties: {
      EventBusName: { Ref: 'MembersBus' },
      StatementId,
      Statement: { Effect: 'Allow', Action: 'events:PutEvents', Resource: att('MembersBus'), ...who },
    },
  });
  const named = members.map((account) => sub(`arn:\${AWS::Partition}:iam::${account}:root`));
  const condition = {
    StringEquals: { 'aws:PrincipalOrgID': organization },
    ...(deny.length > 0 && { StringNotEquals: { 'aws:PrincipalAccount': deny } }),
  };
  return {
    ...(named.length > 0 && { MembersBusAccounts: statement('accounts', { Principal: { AWS: named } }) }),
    ...(organization !== undefined && {
      MembersBusOrganization: statement('organization', { Principal: '*', Condition: condition }),
    }),
  };
}

function busRule(Description: string, EventPattern: object, queue: string): Resource {
  return {
    Type: 'AWS::Events::Rule',
    Properties: {
      Description,
      EventBusName: { Ref: 'MembersBus' },
      EventPattern,
      Targets: [{ Id: 'queue', Arn: att(queue) }],
    },
  };
}

function dailyLooks(): Resource {
  return {
    Type: 'AWS::Events::Rule',
    Properties: {
      Description: 'Has selfheal look once a day at what no change in a member account tells',
      ScheduleExpression: 'rate(1 day)',
      Targets: [{ Id: 'queue', Arn: att('LooksQueue') }],
    },
  };
}

/** Changes, looks and questions of rules that failed wait here: nothing is lost while something cannot be reached. */
function looksQueue(rules: readonly string[]): Record<string, Resource> {
  const senders = [{ Sid: 'Rules', service: 'events.amazonaws.com', from: rules.map(att) }] as const;
  return functionQueue('Looks', 'looks', rules.length > 0 ? senders : []);
}
