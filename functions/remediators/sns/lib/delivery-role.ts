import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import { isLogWriter, logWriterArn } from '../../../../shared/policy/log-writer';
import { type Target, partitionOf } from '../../../../shared/resources/target';

/** The role by which SNS writes what became of messages to CloudWatch Logs. */
export const DELIVERY_ROLE = 'selfheal-sns-delivery-logs';
const SERVICE = 'sns.amazonaws.com';
const TAG = { Key: 'selfheal', Value: 'sns-delivery-logs' };

/** The role, as far as it matters for delivery. */
export interface DeliveryRole {
  /** As selfheal makes it: for SNS, and with the boundary. Anybody could give it a tag. */
  readonly isOwn: boolean;
  /** It may write. */
  readonly allows: boolean;
}

/** The role as it is; `undefined`: there is none. */
export async function deliveryRoleOf(iam: IAMClient): Promise<DeliveryRole | undefined> {
  const RoleName = DELIVERY_ROLE;
  const found = await undefinedIfGone(iam.send(new GetRoleCommand({ RoleName })), 'NoSuchEntityException');
  if (!found?.Role) return undefined;
  const { AssumeRolePolicyDocument: trust = '' } = found.Role;
  const inline = iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: RoleName }));
  return {
    isOwn: isLogWriter(found.Role) && decodeURIComponent(trust).includes(`"${SERVICE}"`),
    allows: (await undefinedIfGone(inline, 'NoSuchEntityException')) !== undefined,
  };
}

/** The role's ARN, which follows from its name. */
export function deliveryRoleArn({ account, region }: Target): string {
  return `arn:${partitionOf(region)}:iam::${account}:role/${DELIVERY_ROLE}`;
}

/** Makes the role, for topics of this account only. */
export function createDeliveryRole(target: Target): CreateRoleCommand {
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { Service: SERVICE },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': target.account } },
    },
  ];
  return new CreateRoleCommand({
    RoleName: DELIVERY_ROLE,
    Description: 'selfheal: SNS writes what became of messages to CloudWatch Logs',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    PermissionsBoundary: logWriterArn(target),
    Tags: [TAG],
  });
}

/** Lets the role write to the log groups that SNS names after topics. Source: SNS Developer Guide, delivery status. */
export function allowDelivery({ account, region }: Target): PutRolePolicyCommand {
  const groups = `arn:${partitionOf(region)}:logs:*:${account}:log-group:sns/*`;
  const Action = ['CreateLogGroup', 'CreateLogStream', 'PutLogEvents', 'PutRetentionPolicy'];
  const Statement = [{ Effect: 'Allow', Action: Action.map((name) => `logs:${name}`), Resource: groups }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  return new PutRolePolicyCommand({ RoleName: DELIVERY_ROLE, PolicyName: DELIVERY_ROLE, PolicyDocument });
}
