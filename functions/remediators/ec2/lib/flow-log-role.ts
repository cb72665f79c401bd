import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import { isLogWriter, logWriterArn } from '../../../../shared/policy/log-writer';
import type { Target } from '../../../../shared/resources/target';

/** CloudBots' own names of the role by which flow logs reach CloudWatch Logs, and of their log group. */
export const FLOW_LOG_ROLE = 'vpcFlowLogDelivery';
/** See {@link FLOW_LOG_ROLE}. */
export const FLOW_LOG_GROUP = 'vpcFlowLogs';
/** What tells the helpers that selfheal made. */
export const FLOW_LOG_TAG = { Key: 'selfheal', Value: 'flow-logs' };
/** Who assumes the role. Source: VPC User Guide, IAM role for publishing flow logs to CloudWatch Logs. */
export const FLOW_LOG_SERVICE = 'vpc-flow-logs.amazonaws.com';

/** The role, as far as it matters for delivery. */
export interface FlowLogRole {
  readonly arn: string;
  /** As selfheal makes it: with the boundary. Anybody could give it a tag. */
  readonly own: boolean;
  readonly trusts: boolean;
  readonly allows: boolean;
}

/** The role as it is; `undefined`: there is none. */
export async function roleOf(iam: IAMClient): Promise<FlowLogRole | undefined> {
  const RoleName = FLOW_LOG_ROLE;
  const found = await undefinedIfGone(iam.send(new GetRoleCommand({ RoleName })), 'NoSuchEntityException');
  if (!found?.Role) return undefined;
  const { Arn = '', AssumeRolePolicyDocument: trust = '' } = found.Role;
  const inline = await undefinedIfGone(
    iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: FLOW_LOG_ROLE })),
    'NoSuchEntityException',
  );
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  return {
    arn: Arn,
    own: isLogWriter(found.Role),
    trusts: decodeURIComponent(trust).includes(`"${FLOW_LOG_SERVICE}"`),
    // CloudBots attached a managed policy of that name.
    allows: inline !== undefined || AttachedPolicies.some(({ PolicyName }) => PolicyName === FLOW_LOG_ROLE),
  };
}

/** Makes the role, for flow logs of this account only. */
export function createRole(target: Target): CreateRoleCommand {
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: FLOW_LOG_SERVICE },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': target.account } },
      },
    ],
  });
  const Description = `selfheal: flow logs of VPCs write to ${FLOW_LOG_GROUP}`;
  return new CreateRoleCommand({
    RoleName: FLOW_LOG_ROLE,
    Description,
    AssumeRolePolicyDocument,
    PermissionsBoundary: logWriterArn(target),
    Tags: [FLOW_LOG_TAG],
  });
}

/** Lets the role write to its log group. It is one for all regions; its partition and account are read off its own ARN. */
export function allowRole(roleArn: string): PutRolePolicyCommand {
  const [, partition, , , account] = roleArn.split(':');
  const group = `arn:${partition}:logs:*:${account}:log-group:${FLOW_LOG_GROUP}`;
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        Resource: [group, `${group}:*`],
      },
      { Effect: 'Allow', Action: ['logs:DescribeLogGroups'], Resource: ['*'] },
    ],
  });
  return new PutRolePolicyCommand({ RoleName: FLOW_LOG_ROLE, PolicyName: FLOW_LOG_ROLE, PolicyDocument });
}
