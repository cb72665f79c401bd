import { IAMClient } from '@aws-sdk/client-iam';
import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { type InstanceState, instanceObstacle, instanceState } from './lib/instances';
import {
  MONITORING_ROLE as ROLE,
  MONITORING_SERVICE as SERVICE,
  type MonitoringRole,
  allowMonitoring,
  createMonitoringRole,
  monitoringRole,
} from './lib/monitoring-role';
import { DB_INSTANCE } from './lib/rds';
import { atLeast, defineSetting } from '../../../shared/bot/setting';
import { afterwards } from '../../../shared/bot/steps';

const ON_ROLE = [
  'AttachRolePolicy',
  'CreateRole',
  'GetRole',
  'ListAttachedRolePolicies',
  'PassRole',
  'TagRole',
];

export const bot = defineSetting({
  id: 'rds_enable_enhanced_monitoring',
  title: 'Watch the operating system under a database instance',
  attribute: 'monitoring interval in seconds',
  severity: 'low',
  risk: 'safe',
  passes: 2,
  params: z.object({
    seconds: z
      .literal([1, 5, 10, 15, 30, 60])
      .default(60)
      .describe('between two measurements; fewer cost more, and an instance that is watched keeps its own'),
  }),
  from: { seconds: 'config' },
  permissions: {
    read: ['iam:GetRole', 'iam:ListAttachedRolePolicies', 'rds:DescribeDBInstances'],
    write: ['iam:AttachRolePolicy', 'iam:CreateRole', 'iam:PassRole', 'iam:TagRole', 'rds:ModifyDBInstance'],
    undo: ['rds:ModifyDBInstance'],
    where: {
      'iam:AttachRolePolicy': {
        ArnEquals: {
          'iam:PolicyARN': 'arn:${Partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole',
        },
      },
    },
    only: Object.fromEntries(ON_ROLE.map((name) => [`iam:${name}`, `role/${ROLE}`])),
  },
  ...DB_INSTANCE,
  clients: { ...DB_INSTANCE.clients, iam: IAMClient },

  async inspect({ rds, iam }, { target: { id } }): Promise<State | undefined> {
    const found = await instanceState(rds, id, ({ MonitoringInterval = 0 }) => MonitoringInterval);
    // The role matters only where it will be used.
    const role = found?.is === 0 ? await monitoringRole(iam) : undefined;
    return found && { ...found, ...(role && { role }) };
  },
  want: ({ seconds }) => ({ ...atLeast(1), startingFrom: () => seconds }),
  says: 'nobody watches the operating system under the database',
  obstacle(state) {
    if (/^(custom-|docdb$|neptune$)/.test(state.engine)) {
      return { notApplicable: `there is no Enhanced Monitoring of ${state.engine}` };
    }
    const { role } = state;
    if (role && (!role.trusts || (!role.allows && !role.own))) {
      return {
        held: `the role ${ROLE} was not made by selfheal and ${role.trusts ? 'lacks the policy AmazonRDSEnhancedMonitoringRole' : `does not trust ${SERVICE}`}: mend it, or rename it`,
      };
    }
    return instanceObstacle(state);
  },
  write(MonitoringInterval, { target }, { role }) {
    const DBInstanceIdentifier = target.id;
    if (MonitoringInterval === 0) {
      return { rds: new ModifyDBInstanceCommand({ DBInstanceIdentifier, MonitoringInterval }) };
    }
    if (!role?.allows) {
      const allow = { iam: allowMonitoring(target) };
      return role ? [allow] : [{ iam: createMonitoringRole(target) }, ...afterwards([allow])];
    }
    const MonitoringRoleArn = role.arn;
    return {
      rds: new ModifyDBInstanceCommand({ DBInstanceIdentifier, MonitoringInterval, MonitoringRoleArn }),
    };
  },
});

interface State extends InstanceState {
  /** Seconds; 0: it is off. */
  readonly is: number;
  /** Read only where it is off. */
  readonly role?: MonitoringRole;
}
