import { isLogWriter, logWriterArn } from '../../../../shared/policy/log-writer';
import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import { type Target, partitionOf } from '../../../../shared/resources/target';

/** The role by which CloudTrail writes to log groups. */
export const LOG_ROLE = 'CloudTrailToCloudWatchLogs';
const TAG = { Key: 'selfheal', Value: 'cloudtrail' };

/** The role, as far as it matters for delivery. */
export interface LogRole {
  /** Made by selfheal. */
  readonly own: boolean;
  /** Its policy names the log group. */
  readonly allows: boolean;
}

/** The role as it is; `undefined`: there is none. */
export async function logRoleOf(iam: IAMClient, group: string): Promise<LogRole | undefined> {
  const RoleName = LOG_ROLE;
  const found = await undefinedIfGone(iam.send(new GetRoleCommand({ RoleName })), 'NoSuchEntityException');
  if (!found) return undefined;
  const inline = iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: LOG_ROLE }));
  const { PolicyDocument = '' } = (await undefinedIfGone(inline, 'NoSuchEntityException')) ?? {};
  return {
    own: isLogWriter(found.Role ?? {}),
    allows: decodeURIComponent(PolicyDocument).includes(`:log-group:${group}:`),
  };
}

/** The role's ARN, which follows from its name. */
export function logRoleArn({ account, region }: Target): string {
  return `arn:${partitionOf(region)}:iam::${account}:role/${LOG_ROLE}`;
}

/** Makes the role, for trails of this account only. */
export function createLogRole(target: Target): CreateRoleCommand {
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': target.account } },
    },
  ];
  return new CreateRoleCommand({
    RoleName: LOG_ROLE,
    Description: 'selfheal: trails write to CloudWatch Logs',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    PermissionsBoundary: logWriterArn(target),
    Tags: [TAG],
  });
}

/** Lets the role write to that log group, in any region. Source: CloudTrail User Guide, role policy document. */
export function allowLogRole({ account, region }: Target, group: string): PutRolePolicyCommand {
  const Statement = [
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: `arn:${partitionOf(region)}:logs:*:${account}:log-group:${group}:log-stream:*`,
    },
  ];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  return new PutRolePolicyCommand({ RoleName: LOG_ROLE, PolicyName: LOG_ROLE, PolicyDocument });
}
