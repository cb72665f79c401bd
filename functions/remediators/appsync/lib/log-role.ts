import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AS_LOG_WRITER, isLogWriter, logWriterArn } from '../../../../shared/policy/log-writer';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import { type Target, partitionOf } from '../../../../shared/resources/target';

/** The role by which APIs of AppSync write their logs. */
const RoleName = 'selfheal-appsync-logs';
const TAG = { Key: 'selfheal', Value: 'appsync-logs' };
const GONE = 'NoSuchEntityException';

/** What it takes to make it and to hand it over. */
export const LOG_ROLE_RIGHTS = {
  read: ['iam:GetRole', 'iam:GetRolePolicy'],
  write: ['iam:CreateRole', 'iam:PassRole', 'iam:PutRolePolicy', 'iam:TagRole'],
  where: { 'iam:CreateRole': AS_LOG_WRITER, 'iam:PutRolePolicy': AS_LOG_WRITER },
  only: Object.fromEntries(
    ['CreateRole', 'GetRole', 'GetRolePolicy', 'PassRole', 'PutRolePolicy', 'TagRole'].map((action) => [
      `iam:${action}`,
      `role/${RoleName}`,
    ]),
  ),
};

/** How far the role is there; `foreign`: without the boundary by which selfheal makes it. */
export type LogRole = 'missing' | 'without policy' | 'ready' | 'foreign';

/** One that somebody else has made is left alone. */
export async function readLogRole(iam: IAMClient): Promise<LogRole> {
  const found = await undefinedIfGone(iam.send(new GetRoleCommand({ RoleName })), GONE);
  if (!found) return 'missing';
  if (!isLogWriter(found.Role ?? {})) return 'foreign';
  const inline = iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: RoleName }));
  return (await undefinedIfGone(inline, GONE)) ? 'ready' : 'without policy';
}

/** The role's ARN, which follows from its name. */
export function logRoleArn({ account, region }: Target): string {
  return `arn:${partitionOf(region)}:iam::${account}:role/${RoleName}`;
}

/** Makes the role, for APIs of this account only. */
export function createLogRole(target: Target): CreateRoleCommand {
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'appsync.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:SourceAccount': target.account } },
  };
  return new CreateRoleCommand({
    RoleName,
    Description: 'selfheal: APIs of AppSync write to CloudWatch Logs',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [Statement] }),
    PermissionsBoundary: logWriterArn(target),
    Tags: [TAG],
  });
}

/** Lets it write to the log groups of AppSync. Source: AppSync developer guide, monitoring. */
export function allowLogRole({ account, region }: Target): PutRolePolicyCommand {
  const Statement = {
    Effect: 'Allow',
    Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `arn:${partitionOf(region)}:logs:*:${account}:log-group:/aws/appsync/*`,
  };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
  return new PutRolePolicyCommand({ RoleName, PolicyName: RoleName, PolicyDocument });
}
