import { UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { AS_LOG_WRITER } from '../../../shared/policy/log-writer';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';
import { partitionOf } from '../../../shared/resources/target';
import { LOG_ROLE, type LogRole, allowLogRole, createLogRole, logRoleArn, logRoleOf } from './lib/log-role';
import { TRAIL, trailOf } from './lib/trails';

export const bot = defineBot({
  ...TRAIL,
  id: 'cloudtrail_send_to_cloudwatch',
  title: 'Send a trail to CloudWatch Logs',
  severity: 'low',
  risk: 'safe',
  kind: 'posture',
  params: z.object({
    logGroup: z
      .string()
      .regex(/^[\w./#-]{1,512}$/)
      .default('CloudTrail/DefaultLogGroup')
      .describe('the log group that a trail goes to, made where it is missing'),
    retentionDays: z
      .literal([90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653])
      .default(365)
      .describe('how long a log group that the bot makes keeps events; one that exists keeps its own'),
  }),
  from: { logGroup: 'config', retentionDays: 'finding' },
  words: { order: ['logGroup'], names: { log_group: 'logGroup' } },
  permissions: {
    read: ['cloudtrail:GetTrail', 'iam:GetRole', 'iam:GetRolePolicy', 'logs:DescribeLogGroups'],
    write: [
      'cloudtrail:UpdateTrail',
      'iam:CreateRole',
      'iam:PassRole',
      'iam:PutRolePolicy',
      'iam:TagRole',
      'logs:CreateLogGroup',
      'logs:PutRetentionPolicy',
    ],
    undo: ['cloudtrail:UpdateTrail'],
    where: {
      'iam:CreateRole': AS_LOG_WRITER,
      'iam:PutRolePolicy': AS_LOG_WRITER,
    },
    only: Object.fromEntries(
      ['CreateRole', 'GetRole', 'GetRolePolicy', 'PassRole', 'PutRolePolicy', 'TagRole'].map((name) => [
        `iam:${name}`,
        `role/${LOG_ROLE}`,
      ]),
    ),
  },
  clients: { ...TRAIL.clients, iam: IAMClient, logs: CloudWatchLogsClient },

  async inspect({ cloudtrail, iam, logs }, { target, params: { logGroup } }): Promise<State> {
    const { CloudWatchLogsLogGroupArn: to } = await trailOf(cloudtrail, target);
    if (to) return { to };
    const named = new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroup });
    const { logGroups = [] } = await logs.send(named);
    const role = await logRoleOf(iam, logGroup);
    return { group: logGroups.some((one) => one.logGroupName === logGroup), ...(role && { role }) };
  },

  check: ({ to }) => (to === undefined ? 'the trail does not go to CloudWatch Logs' : undefined),

  plan({ group, role }, { target, params: { logGroup, retentionDays } }) {
    if (role && !role.own && !role.allows) {
      return { held: `the role ${LOG_ROLE} was not made by selfheal and may not write to ${logGroup}` };
    }
    const CloudWatchLogsLogGroupArn = `arn:${partitionOf(target.region)}:logs:${target.region}:${target.account}:log-group:${logGroup}:*`;
    const CloudWatchLogsRoleArn = logRoleArn(target);
    const make = new CreateLogGroupCommand({ logGroupName: logGroup });
    const keep = new PutRetentionPolicyCommand({ logGroupName: logGroup, retentionInDays: retentionDays });
    return [
      ...(role ? [] : [{ iam: createLogRole(target) }]),
      ...(role?.allows ? [] : afterwards([{ iam: allowLogRole(target, logGroup) }])),
      ...(group ? [] : [{ logs: make }, ...afterwards([{ logs: keep }])]),
      ...afterwards([
        {
          cloudtrail: new UpdateTrailCommand({
            Name: target.id,
            CloudWatchLogsLogGroupArn,
            CloudWatchLogsRoleArn,
          }),
        },
      ]),
    ];
  },

  undo: (_before, { target: { id: Name } }) => [
    {
      cloudtrail: new UpdateTrailCommand({ Name, CloudWatchLogsLogGroupArn: '', CloudWatchLogsRoleArn: '' }),
    },
  ],

  footprint: ({ to }) => ({ to }),
});

interface State {
  /** The ARN of the log group that the trail goes to. */
  readonly to?: string;
  /** The log group that it is to go to is there; absent with {@link State.role} where it goes to one. */
  readonly group?: boolean;
  readonly role?: LogRole;
}
