import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateFlowLogsCommand,
  DeleteFlowLogsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type FlowLog,
  type TrafficType,
  paginateDescribeFlowLogs,
} from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import * as z from 'zod';
import {
  FLOW_LOG_GROUP as GROUP,
  FLOW_LOG_ROLE as ROLE,
  FLOW_LOG_SERVICE as SERVICE,
  FLOW_LOG_TAG as TAG,
  type FlowLogRole,
  allowRole,
  createRole,
  roleOf,
} from './lib/flow-log-role';
import { VPC } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';
import { AS_LOG_WRITER } from '../../../shared/policy/log-writer';
import { afterwards } from '../../../shared/bot/steps';

const params = z.object({
  trafficType: z
    .enum(['reject', 'accept', 'all'])
    .default('reject')
    .describe(
      'traffic that must be recorded; reject is what Security Hub and CIS ask for, all is for forensics and costs more',
    ),
  destination: z
    .enum(['logs', 's3'])
    .default('logs')
    .describe(`where a new flow log goes: the log group ${GROUP}, or a bucket`),
  s3Arn: z
    .string()
    .regex(/^arn:aws[a-z-]*:s3:::[a-z0-9.-]+(\/(?!AWSLogs).*)?$/)
    .optional()
    .describe('the bucket for destination s3, with a folder if wanted: arn:aws:s3:::bucket/folder/'),
  retentionDays: z
    .literal([30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653])
    .default(365)
    .describe(`how long ${GROUP} keeps records when the bot makes it; one that exists keeps its own`),
});

export const bot = defineBot({
  ...VPC,
  id: 'vpc_turn_on_flow_logs',
  title: 'Turn on flow logs of a VPC',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  recheck: 'daily',
  passes: 2,
  params,
  from: { trafficType: 'finding', destination: 'config', s3Arn: 'config', retentionDays: 'finding' },
  words: {
    order: ['trafficType', 'destination', 's3Arn'],
    names: { traffic_type: 'trafficType', s3_arn: 's3Arn' },
  },
  permissions: {
    read: [
      'ec2:DescribeFlowLogs',
      'ec2:DescribeVpcs',
      'iam:GetRole',
      'iam:GetRolePolicy',
      'iam:ListAttachedRolePolicies',
      'logs:DescribeLogGroups',
    ],
    write: [
      'ec2:CreateFlowLogs',
      'ec2:CreateTags',
      'iam:CreateRole',
      'iam:PassRole',
      'iam:PutRolePolicy',
      'iam:TagRole',
      'logs:CreateLogDelivery',
      'logs:CreateLogGroup',
      'logs:PutRetentionPolicy',
      'logs:TagResource',
    ],
    undo: ['ec2:DeleteFlowLogs', 'logs:DeleteLogDelivery'],
    where: {
      'iam:CreateRole': AS_LOG_WRITER,
      'iam:PutRolePolicy': AS_LOG_WRITER,
    },
    only: {
      'iam:CreateRole': `role/${ROLE}`,
      'iam:GetRole': `role/${ROLE}`,
      'iam:GetRolePolicy': `role/${ROLE}`,
      'iam:ListAttachedRolePolicies': `role/${ROLE}`,
      'iam:PassRole': `role/${ROLE}`,
      'iam:PutRolePolicy': `role/${ROLE}`,
      'iam:TagRole': `role/${ROLE}`,
      'logs:CreateLogGroup': `log-group:${GROUP}*`,
      'logs:PutRetentionPolicy': `log-group:${GROUP}*`,
      'logs:TagResource': `log-group:${GROUP}*`,
    },
  },
  clients: { ec2: EC2Client, iam: IAMClient, logs: CloudWatchLogsClient },

  async inspect({ ec2, iam, logs }, { target: { id }, params }): Promise<State> {
    await ec2.send(new DescribeVpcsCommand({ VpcIds: [id] }));
    const flowLogs: Log[] = [];
    const Filter = [{ Name: 'resource-id', Values: [id] }];
    for await (const { FlowLogs = [] } of paginateDescribeFlowLogs({ client: ec2 }, { Filter })) {
      flowLogs.push(...FlowLogs.filter(({ FlowLogStatus }) => FlowLogStatus === 'ACTIVE').map(logOf));
    }
    flowLogs.sort((one, other) => one.id.localeCompare(other.id));
    if (params.destination === 's3' || covers(flowLogs, params.trafficType)) return { flowLogs };
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: GROUP }));
    const role = await roleOf(iam);
    return { flowLogs, group: logGroups.some((one) => one.logGroupName === GROUP), ...(role && { role }) };
  },

  check({ flowLogs }, { params: { trafficType } }) {
    if (covers(flowLogs, trafficType)) return undefined;
    const failing = flowLogs.filter(({ fails }) => fails !== undefined);
    const about = failing.map(({ id, fails }) => `; ${id} does not deliver: ${fails}`).join('');
    return `no flow log records ${trafficType === 'all' ? 'all' : `${trafficType}ed`} traffic${about}`;
  },

  plan(state, { target, params: { trafficType, destination, s3Arn, retentionDays } }) {
    if (destination === 's3' && s3Arn === undefined) {
      return { held: 'destination s3 needs s3Arn, the bucket that the flow log goes to' };
    }
    const to = destination === 's3' ? s3Arn : GROUP;
    const stuck = state.flowLogs.find(
      (log) => log.fails && log.to === to && log.traffic === wanted(trafficType),
    );
    if (stuck) {
      return {
        held: `${stuck.id} goes to ${to} already and does not deliver (${stuck.fails}): mend what it writes with, or delete it`,
      };
    }
    const create = (how: Partial<CreateFlowLogsCommand['input']>) => ({
      ec2: new CreateFlowLogsCommand({
        ResourceIds: [target.id],
        ResourceType: 'VPC',
        TrafficType: wanted(trafficType),
        ...how,
        TagSpecifications: [{ ResourceType: 'vpc-flow-log', Tags: [TAG] }],
      }),
    });
    if (destination === 's3') return [create({ LogDestinationType: 's3', LogDestination: s3Arn })];
    const { role, group } = state;
    if (role && (!role.trusts || (!role.allows && !role.own))) {
      return {
        held: `the role ${ROLE} is not as selfheal makes it and ${role.trusts ? `has no policy ${ROLE}` : `does not trust ${SERVICE}`}: mend it, or rename it`,
      };
    }
    if (!role || !group) {
      return [
        ...(role ? [] : [{ iam: createRole(target) }]),
        ...(group
          ? []
          : [
              { logs: new CreateLogGroupCommand({ logGroupName: GROUP, tags: { [TAG.Key]: TAG.Value } }) },
              {
                logs: new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: retentionDays }),
                after: true as const,
              },
            ]),
      ];
    }
    return [
      ...(role.allows ? [] : [{ iam: allowRole(role.arn) }]),
      ...afterwards([create({ LogGroupName: GROUP, DeliverLogsPermissionArn: role.arn })]),
    ];
  },

  undo(before, { now }) {
    const FlowLogIds = now.flowLogs
      .filter(({ id, own }) => own && !before.flowLogs.some((one) => one.id === id))
      .map(({ id }) => id);
    return FlowLogIds.length > 0 ? [{ ec2: new DeleteFlowLogsCommand({ FlowLogIds }) }] : [];
  },

  // Whether one delivers changes by itself.
  footprint: ({ flowLogs }) => flowLogs.map(({ id }) => id),
});

interface State {
  readonly flowLogs: readonly Log[];
  /** Whether the log group is there; absent with {@link State.role} where neither is needed. */
  readonly group?: boolean;
  readonly role?: FlowLogRole;
}

interface Log {
  readonly id: string;
  readonly traffic: string;
  /** Name of the log group, or ARN of the bucket or stream. */
  readonly to: string;
  readonly own: boolean;
  /** Why it does not deliver. */
  readonly fails?: string;
}

function wanted(trafficType: z.output<typeof params>['trafficType']): TrafficType {
  return trafficType.toUpperCase() as TrafficType;
}

function covers(flowLogs: readonly Log[], trafficType: z.output<typeof params>['trafficType']): boolean {
  const recorded = new Set(flowLogs.filter(({ fails }) => fails === undefined).map(({ traffic }) => traffic));
  const parts = trafficType === 'all' ? ['ACCEPT', 'REJECT'] : [wanted(trafficType)];
  return recorded.has('ALL') || parts.every((part) => recorded.has(part));
}

function logOf(log: FlowLog): Log {
  return {
    id: log.FlowLogId ?? '',
    traffic: log.TrafficType ?? '',
    to: log.LogGroupName ?? log.LogDestination ?? '',
    own: (log.Tags ?? []).some(({ Key, Value }) => Key === TAG.Key && Value === TAG.Value),
    ...(log.DeliverLogsStatus === 'FAILED' && { fails: log.DeliverLogsErrorMessage ?? 'Unknown error' }),
  };
}
