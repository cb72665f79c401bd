import {
  ApplicationAutoScalingClient,
  DeleteScalingPolicyCommand,
  DeregisterScalableTargetCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { type Capacity, capacitiesOf, nameOf, wayOf } from './lib/capacity';
import { TABLE, tableNow } from './lib/tables';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

const ROLE = 'role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/AWSServiceRoleFor*';
const units = z.int().min(1).max(40_000).optional();

export const bot = defineBot({
  id: 'dynamodb_enable_auto_scaling',
  title: 'Let the provisioned capacity of a DynamoDB table follow the demand',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  recheck: 'daily',
  params: z.object({
    min: units.describe('capacity units that stay at least; default: what is provisioned now'),
    max: units.describe('capacity units at most; default: ten times what is provisioned now'),
    target: z.int().min(20).max(90).default(70).describe('percent of the capacity that should be in use'),
  }),
  from: { min: 'config', max: 'config', target: 'config' },
  permissions: {
    read: [
      'application-autoscaling:DescribeScalableTargets',
      'application-autoscaling:DescribeScalingPolicies',
      'dynamodb:DescribeTable',
    ],
    write: [
      'application-autoscaling:PutScalingPolicy',
      'application-autoscaling:RegisterScalableTarget',
      'cloudwatch:DescribeAlarms',
      'cloudwatch:PutMetricAlarm',
      'dynamodb:UpdateTable',
      'iam:CreateServiceLinkedRole',
    ],
    undo: [
      'application-autoscaling:DeleteScalingPolicy',
      'application-autoscaling:DeregisterScalableTarget',
      'cloudwatch:DeleteAlarms',
    ],
    only: {
      'cloudwatch:DeleteAlarms': 'alarm:TargetTracking-table/*',
      'cloudwatch:PutMetricAlarm': 'alarm:TargetTracking-table/*',
      'iam:CreateServiceLinkedRole': ROLE,
    },
  },
  ...TABLE,
  clients: { dynamodb: DynamoDBClient, 'application-autoscaling': ApplicationAutoScalingClient },

  async inspect(aws, { target: { id } }) {
    const table = await tableNow(aws.dynamodb, id);
    if (!table) return undefined;
    if (table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST') return { capacities: [] };
    return { capacities: await capacitiesOf(aws['application-autoscaling'], table) };
  },

  check(state) {
    const still = state.capacities
      .filter(isStill)
      .map((one) => `${one.ResourceId} (${wayOf(one).toLowerCase()})`);
    return still.length > 0 ? `the capacity does not follow the demand: ${still.join(', ')}` : undefined;
  },

  plan: (state, { params: { min, max, target } }) =>
    state.capacities.filter(isStill).flatMap((one) => {
      const MinCapacity = min ?? one.units;
      const MaxCapacity = Math.max(max ?? one.units * 10, MinCapacity);
      const follow = new PutScalingPolicyCommand({
        ...nameOf(one),
        PolicyName: policyOf(one),
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: target,
          PredefinedMetricSpecification: {
            PredefinedMetricType: `DynamoDB${wayOf(one)}CapacityUtilization`,
          },
        },
      });
      if (one.isTarget) return [{ 'application-autoscaling': follow }];
      const register = new RegisterScalableTargetCommand({ ...nameOf(one), MinCapacity, MaxCapacity });
      return [
        { 'application-autoscaling': register },
        ...afterwards([{ 'application-autoscaling': follow }]),
      ];
    }),

  undo: (before, { now }) =>
    now.capacities.flatMap((one) => {
      const was = before.capacities.find((each) => isSame(each, one));
      const name = policyOf(one);
      const isNew = one.policies.includes(name) && was?.policies.includes(name) !== true;
      const forget = new DeleteScalingPolicyCommand({ ...nameOf(one), PolicyName: name });
      return [
        ...(isNew ? [{ 'application-autoscaling': forget }] : []),
        ...(one.isTarget && was && !was.isTarget
          ? [{ 'application-autoscaling': new DeregisterScalableTargetCommand(nameOf(one)) }]
          : []),
      ];
    }),

  // The capacity itself moves.
  footprint: (state) => ({ capacities: state.capacities.map(({ units: _, ...one }) => one) }),
});

function isStill({ isTarget, policies }: Capacity): boolean {
  return !isTarget || policies.length === 0;
}

/** As the console names it. */
function policyOf(one: Capacity): string {
  return `DynamoDB${wayOf(one)}CapacityUtilization:${one.ResourceId}`;
}

function isSame(one: Capacity, other: Capacity): boolean {
  return one.ResourceId === other.ResourceId && one.ScalableDimension === other.ScalableDimension;
}
