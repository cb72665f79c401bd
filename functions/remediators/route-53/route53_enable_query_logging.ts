import {
  CloudWatchLogsClient,
  DescribeResourcePoliciesCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateQueryLoggingConfigCommand,
  DeleteQueryLoggingConfigCommand,
  GetHostedZoneCommand,
  ListQueryLoggingConfigsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { createLogGroup, groupRights, hasLogGroup } from '../cloudwatch-logs/lib/own-group';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';
import { type Target, partitionOf } from '../../../shared/resources/target';

const FOLDER = '/aws/route53/';
const GROUP = groupRights(`${FOLDER}*`);
/** The resource policy by which Route 53 writes to all groups in the folder. */
const POLICY = 'selfheal-route53-query-logs';

export const bot = defineBot({
  id: 'route53_enable_query_logging',
  title: 'Log the DNS queries for a public hosted zone',
  resource: 'AWS::Route53::HostedZone',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  permissions: {
    read: [
      'route53:GetHostedZone',
      'route53:ListQueryLoggingConfigs',
      'logs:DescribeResourcePolicies',
      ...GROUP.read,
    ],
    write: ['route53:CreateQueryLoggingConfig', 'logs:PutResourcePolicy', ...GROUP.write],
    undo: ['route53:DeleteQueryLoggingConfig'],
    only: GROUP.only,
  },
  clients: { route53: Route53Client, logs: CloudWatchLogsClient },
  gone: ['NoSuchHostedZone'],

  async inspect({ route53, logs }, { target }): Promise<State> {
    const { HostedZone: zone } = await route53.send(new GetHostedZoneCommand({ Id: target.id }));
    const list = new ListQueryLoggingConfigsCommand({ HostedZoneId: target.id });
    const { QueryLoggingConfigs: [config] = [] } = await route53.send(list);
    const isPrivate = zone?.Config?.PrivateZone ?? false;
    const name = (zone?.Name ?? '').replace(/\.$/, '').replace(/[^\w.-]/g, '-');
    const state = { isPrivate, group: `${FOLDER}${name}`, ...(config?.Id && { config: config.Id }) };
    if (isPrivate || config) return { ...state, hasGroup: true, isLetIn: true };
    return {
      ...state,
      hasGroup: await hasLogGroup(logs, state.group),
      isLetIn: (await policyCalled(logs, POLICY)) === letIn(target),
    };
  },

  check: ({ isPrivate, config }) =>
    isPrivate || config !== undefined
      ? undefined
      : 'queries for the zone are not logged: turn on query logging',

  plan({ group, hasGroup, isLetIn }, { target }) {
    const policy = { policyName: POLICY, policyDocument: letIn(target) };
    const CloudWatchLogsLogGroupArn = arnOf(target, group);
    const create = { HostedZoneId: target.id, CloudWatchLogsLogGroupArn };
    return [
      ...(hasGroup ? [] : [createLogGroup(group)]),
      ...(isLetIn ? [] : [{ logs: new PutResourcePolicyCommand(policy) }]),
      ...afterwards([{ route53: new CreateQueryLoggingConfigCommand(create) }]),
    ];
  },

  undo: (_before, { now: { config } }) =>
    config === undefined ? [] : [{ route53: new DeleteQueryLoggingConfigCommand({ Id: config }) }],

  footprint: ({ config }) => ({ config }),
});

interface State {
  readonly isPrivate: boolean;
  /** The id of the logging that is configured. */
  readonly config?: string;
  readonly group: string;
  readonly hasGroup: boolean;
  /** Route 53 may write to the group. */
  readonly isLetIn: boolean;
}

function arnOf({ account, region }: Target, group: string): string {
  return `arn:${partitionOf(region)}:logs:${region}:${account}:log-group:${group}`;
}

function letIn(target: Target): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'route53.amazonaws.com' },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: arnOf(target, `${FOLDER}*`),
        Condition: { StringEquals: { 'aws:SourceAccount': target.account } },
      },
    ],
  });
}

async function policyCalled(logs: CloudWatchLogsClient, name: string): Promise<string | undefined> {
  let nextToken: string | undefined;
  do {
    const page = await logs.send(new DescribeResourcePoliciesCommand({ nextToken }));
    const found = page.resourcePolicies?.find(({ policyName }) => policyName === name);
    if (found) return found.policyDocument;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return undefined;
}
