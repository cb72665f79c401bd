import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeLoggingConfigurationCommand,
  type LogDestinationConfig,
  NetworkFirewallClient,
  UpdateLoggingConfigurationCommand,
} from '@aws-sdk/client-network-firewall';
import * as z from 'zod';
import { createLogGroup, groupRights, hasLogGroup } from '../cloudwatch-logs/lib/own-group';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

const GROUP = groupRights('/aws/network-firewall/*');
/** What CloudWatch Logs wants of whoever sets up a delivery. Source: Network Firewall guide, sending logs. */
const DELIVERY = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
];

export const bot = defineBot({
  id: 'network_firewall_enable_logging',
  title: 'Log what a network firewall decides',
  resource: 'AWS::NetworkFirewall::Firewall',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  recheck: 'daily',
  params: z.object({
    logType: z
      .enum(['ALERT', 'FLOW', 'TLS'])
      .optional()
      .describe('what must be logged; without it, any will do, and ALERT is turned on where there is none'),
    destinationType: z.enum(['CloudWatchLogs', 'S3']).default('CloudWatchLogs').describe('where new logs go'),
    destination: z
      .string()
      .regex(/^[\w./#-]+$/)
      .default('create')
      .describe(
        'an existing log group, or a bucket, with a folder if wanted; create: the log group /aws/network-firewall/<name>',
      ),
  }),
  from: { logType: 'finding', destinationType: 'config', destination: 'config' },
  words: {
    order: ['logType', 'destinationType', 'destination'],
    names: { log_type: 'logType', destination_type: 'destinationType' },
  },
  permissions: {
    read: ['network-firewall:DescribeLoggingConfiguration', ...GROUP.read],
    write: ['network-firewall:UpdateLoggingConfiguration', ...GROUP.write, ...DELIVERY],
    undo: ['network-firewall:UpdateLoggingConfiguration', ...DELIVERY],
    only: GROUP.only,
  },
  clients: { 'network-firewall': NetworkFirewallClient, logs: CloudWatchLogsClient },
  gone: ['ResourceNotFoundException'],

  async inspect(aws, { target: { id }, params: { destinationType, destination } }): Promise<State> {
    const read = new DescribeLoggingConfigurationCommand({ FirewallArn: id });
    const { LoggingConfiguration } = await aws['network-firewall'].send(read);
    const logging = LoggingConfiguration?.LogDestinationConfigs ?? [];
    const isOwn = destinationType === 'CloudWatchLogs' && destination === 'create';
    return { logging, hasGroup: !isOwn || (await hasLogGroup(aws.logs, groupOf(id))) };
  },

  check({ logging }, { params: { logType } }) {
    const missing = logType === undefined ? logging.length === 0 : !logging.some(isOf(logType));
    return missing ? `the firewall logs ${logType === undefined ? 'nothing' : `no ${logType}`}` : undefined;
  },

  plan({ logging, hasGroup }, { target: { id }, params: { logType, destinationType, destination } }) {
    if (destinationType === 'S3' && destination === 'create') {
      return { held: 'logs are to go to a bucket, and none is named: set destination in config.ts' };
    }
    const to =
      destinationType === 'S3'
        ? bucketOf(destination)
        : { logGroup: destination === 'create' ? groupOf(id) : destination };
    const added = {
      LogType: logType ?? 'ALERT',
      LogDestinationType: destinationType,
      LogDestination: to,
    } as const;
    return [
      ...(hasGroup ? [] : [createLogGroup(groupOf(id))]),
      ...afterwards([{ 'network-firewall': setLogging(id, [...logging, added]) }]),
    ];
  },

  undo({ logging: before }, { target: { id }, now: { logging } }) {
    // Network Firewall takes one change at a time, and the bot made one.
    const left = logging.filter(({ LogType }) => before.some((one) => one.LogType === LogType));
    return left.length === logging.length ? [] : [{ 'network-firewall': setLogging(id, left) }];
  },

  footprint: ({ logging }) => logging,
});

interface State {
  readonly logging: readonly LogDestinationConfig[];
  /** Nothing has to be made before logs can go there. */
  readonly hasGroup: boolean;
}

function isOf(logType: string) {
  return ({ LogType }: LogDestinationConfig) => LogType === logType;
}

function groupOf(firewallArn: string): string {
  return `/aws/network-firewall/${firewallArn.split('/').at(-1) ?? ''}`;
}

function bucketOf(destination: string) {
  const [bucketName = '', ...folders] = destination.split('/');
  const prefix = folders.join('/');
  return { bucketName, ...(prefix !== '' && { prefix }) };
}

function setLogging(FirewallArn: string, LogDestinationConfigs: LogDestinationConfig[]) {
  return new UpdateLoggingConfigurationCommand({
    FirewallArn,
    LoggingConfiguration: { LogDestinationConfigs },
  });
}
