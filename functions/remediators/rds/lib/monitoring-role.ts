import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import { type Target, partitionOf } from '../../../../shared/resources/target';

/** The console of RDS calls it so too. Source: RDS User Guide, Setting up Enhanced Monitoring. */
export const MONITORING_ROLE = 'rds-monitoring-role';
/** Who assumes the role. */
export const MONITORING_SERVICE = 'monitoring.rds.amazonaws.com';
const POLICY = 'service-role/AmazonRDSEnhancedMonitoringRole';
const TAG = { Key: 'selfheal', Value: 'enhanced-monitoring' };

/** The role, as far as it matters for monitoring. */
export interface MonitoringRole {
  readonly arn: string;
  /** Made by selfheal. */
  readonly own: boolean;
  readonly trusts: boolean;
  readonly allows: boolean;
}

/** The role as it is; `undefined`: there is none. */
export async function monitoringRole(iam: IAMClient): Promise<MonitoringRole | undefined> {
  const RoleName = MONITORING_ROLE;
  const found = await undefinedIfGone(iam.send(new GetRoleCommand({ RoleName })), 'NoSuchEntityException');
  if (!found?.Role) return undefined;
  const { Arn = '', AssumeRolePolicyDocument: trust = '', Tags = [] } = found.Role;
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  return {
    arn: Arn,
    own: Tags.some(({ Key, Value }) => Key === TAG.Key && Value === TAG.Value),
    trusts: decodeURIComponent(trust).includes(`"${MONITORING_SERVICE}"`),
    allows: AttachedPolicies.some(({ PolicyArn }) => PolicyArn?.endsWith(`:aws:policy/${POLICY}`)),
  };
}

/** Makes the role, for RDS in this account only. */
export function createMonitoringRole({ account }: Target): CreateRoleCommand {
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: MONITORING_SERVICE },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': account } },
      },
    ],
  });
  const Description = 'selfheal: Enhanced Monitoring of RDS writes to CloudWatch Logs';
  return new CreateRoleCommand({
    RoleName: MONITORING_ROLE,
    Description,
    AssumeRolePolicyDocument,
    Tags: [TAG],
  });
}

/** Lets the role write what it measures. */
export function allowMonitoring({ region }: Target): AttachRolePolicyCommand {
  const PolicyArn = `arn:${partitionOf(region)}:iam::aws:policy/${POLICY}`;
  return new AttachRolePolicyCommand({ RoleName: MONITORING_ROLE, PolicyArn });
}
