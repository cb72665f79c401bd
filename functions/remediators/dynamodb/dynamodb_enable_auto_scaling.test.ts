import {
  ApplicationAutoScalingClient,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import type { GlobalSecondaryIndex } from '@aws-sdk/client-dynamodb';
import { table, tablesBut } from './fixtures/tables';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { bot } from './dynamodb_enable_auto_scaling';

const throughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 2 };
const provisioned = { BillingMode: 'PROVISIONED', ProvisionedThroughput: throughput } as const;
const index: GlobalSecondaryIndex = {
  IndexName: 'by-id',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
  ProvisionedThroughput: throughput,
};
const untouched = tablesBut();
const REGISTER = 'application-autoscaling:RegisterScalableTarget';
const FOLLOW = 'application-autoscaling:PutScalingPolicy';

/** A table on which reading is registered, and scales where it is so said. */
const reading = (scales: boolean) => async (account: Account) => {
  const id = await table(provisioned)(account);
  const scaling = account.client(ApplicationAutoScalingClient);
  const one = {
    ServiceNamespace: 'dynamodb',
    ResourceId: `table/${id}`,
    ScalableDimension: 'dynamodb:table:ReadCapacityUnits',
  } as const;
  await scaling.send(new RegisterScalableTargetCommand({ ...one, MinCapacity: 1, MaxCapacity: 7 }));
  const PredefinedMetricSpecification = { PredefinedMetricType: 'DynamoDBReadCapacityUtilization' } as const;
  const how = { TargetValue: 50, PredefinedMetricSpecification };
  if (scales) {
    await scaling.send(
      new PutScalingPolicyCommand({
        ...one,
        PolicyName: 'theirs',
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingScalingPolicyConfiguration: how,
      }),
    );
  }
  return id;
};

testBot(bot, {
  violating: [
    {
      name: 'with an index',
      given: table({ ...provisioned, GlobalSecondaryIndexes: [index] }),
      violation:
        'table/orders (read), table/orders (write), table/orders/index/by-id (read), table/orders/index/by-id (write)',
      writes: Array.from({ length: 4 }, () => [REGISTER, FOLLOW]).flat(),
      untouched,
    },
    {
      name: 'reading scales already, and keeps its policy',
      given: reading(true),
      violation: /: table\/orders \(write\)$/,
      writes: [REGISTER, FOLLOW],
      after: { capacities: [{ policies: ['theirs'] }, { isTarget: true }] },
      untouched,
    },
    {
      name: 'reading has bounds and no policy',
      given: reading(false),
      violation: 'table/orders (read), table/orders (write)',
      writes: [FOLLOW, REGISTER, FOLLOW],
      untouched,
    },
  ],
  compliant: [{ name: 'on demand', given: table() }],
  gone: 'no-such-table',
});

test('bounds are those of config.ts, or follow from what is provisioned', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const still = { ResourceId: 'table/orders', units: 5, isTarget: false, policies: [] };
  const state = {
    capacities: [{ ...still, ScalableDimension: 'dynamodb:table:ReadCapacityUnits' as const }],
  };
  const bounds = (params: object) => {
    const [step] = stepsOf(bot.plan(state, { target, params: { target: 70, ...params } }));
    return step && 'application-autoscaling' in step ? step['application-autoscaling'].input : step;
  };
  expect(bounds({})).toMatchObject({ MinCapacity: 5, MaxCapacity: 50 });
  expect(bounds({ min: 2, max: 9 })).toMatchObject({ MinCapacity: 2, MaxCapacity: 9 });
  expect(bounds({ max: 3 })).toMatchObject({ MinCapacity: 5, MaxCapacity: 5 });
});
