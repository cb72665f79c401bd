import {
  CloudWatchLogsClient,
  DescribeResourcePoliciesCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { type LogType, OpenSearchClient, UpdateDomainConfigCommand } from '@aws-sdk/client-opensearch';
import { createLogGroup, groupRights, hasLogGroup } from '../../cloudwatch-logs/lib/own-group';
import { afterwards } from '../../../../shared/bot/steps';
import { type Target, partitionOf } from '../../../../shared/resources/target';
import { DOMAIN, domainNamed, isBusy } from './domain';

const GROUPS = '/aws/opensearch/';
const POLICY = 'selfheal-opensearch-logs';
const RIGHTS = groupRights(`${GROUPS}*`);

/** What the bots share that let a domain publish logs. */
export const PUBLISHING = {
  ...DOMAIN,
  clients: { es: OpenSearchClient, logs: CloudWatchLogsClient },
  permissions: {
    read: ['es:DescribeDomain', 'logs:DescribeResourcePolicies', ...RIGHTS.read],
    write: ['es:UpdateDomainConfig', 'logs:PutResourcePolicy', ...RIGHTS.write],
    undo: ['es:UpdateDomainConfig'],
    only: RIGHTS.only,
  },
} as const;

/** What a domain publishes of one kind, and what it takes to let it. */
export interface Publishing {
  readonly on: boolean;
  /** ARN of the log group; empty: none. */
  readonly group: string;
  readonly hasGroup: boolean;
  readonly hasPolicy: boolean;
  readonly isBusy: boolean;
  /** The domain says who of its own users may do what, which audit logs are about. */
  readonly hasOwnUsers: boolean;
}

/** `undefined`: there is no such domain. */
export async function readPublishing(
  { es, logs }: { readonly es: OpenSearchClient; readonly logs: CloudWatchLogsClient },
  target: Target,
  kind: LogType,
): Promise<Publishing | undefined> {
  const domain = await domainNamed(es, target.id);
  if (!domain) return undefined;
  const { Enabled: on = false, CloudWatchLogsLogGroupArn: group = '' } =
    domain.LogPublishingOptions?.[kind] ?? {};
  const state = {
    on,
    group,
    isBusy: isBusy(domain),
    hasOwnUsers: domain.AdvancedSecurityOptions?.Enabled ?? false,
  };
  if (on) return { ...state, hasGroup: true, hasPolicy: true };
  const { resourcePolicies = [] } = await logs.send(new DescribeResourcePoliciesCommand({}));
  const hasPolicy = resourcePolicies.some(({ policyName }) => policyName === POLICY);
  return { ...state, hasGroup: await hasLogGroup(logs, groupOf(target, kind)), hasPolicy };
}

/** The writes after which the domain publishes these logs. */
export function publish({ hasGroup, hasPolicy }: Publishing, target: Target, kind: LogType) {
  return [
    ...(hasGroup ? [] : [createLogGroup(groupOf(target, kind))]),
    ...(hasPolicy ? [] : [{ logs: letDomainsWrite(target) }]),
    ...afterwards([setPublishing(target, kind, true, arnOf(target, groupOf(target, kind)))]),
  ];
}

/** Has it publish them or not, into that group; what it publishes else stays. */
export function setPublishing({ id }: Target, kind: LogType, Enabled: boolean, group: string) {
  const options = { Enabled, ...(group !== '' && { CloudWatchLogsLogGroupArn: group }) };
  return { es: new UpdateDomainConfigCommand({ DomainName: id, LogPublishingOptions: { [kind]: options } }) };
}

function groupOf({ id }: Target, kind: LogType): string {
  return `${GROUPS}${id}/${kind === 'AUDIT_LOGS' ? 'audit' : 'application'}`;
}

function arnOf({ account, region }: Target, group: string): string {
  return `arn:${partitionOf(region)}:logs:${region}:${account}:log-group:${group}`;
}

/** One policy for all domains of the region: CloudWatch Logs takes ten. */
function letDomainsWrite(target: Target): PutResourcePolicyCommand {
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'es.amazonaws.com' },
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:PutLogEventsBatch'],
    Resource: `${arnOf(target, GROUPS)}*`,
    Condition: { StringEquals: { 'aws:SourceAccount': target.account } },
  };
  const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
  return new PutResourcePolicyCommand({ policyName: POLICY, policyDocument });
}
