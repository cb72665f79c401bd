import {
  type ApplicationAutoScalingClient,
  type ScalableDimension,
  paginateDescribeScalableTargets,
  paginateDescribeScalingPolicies,
} from '@aws-sdk/client-application-auto-scaling';
import type { TableDescription } from '@aws-sdk/client-dynamodb';

/** Provisioned capacity of a table or an index, for reading or for writing. */
export interface Capacity {
  readonly ResourceId: string;
  readonly ScalableDimension: ScalableDimension;
  readonly units: number;
  /** Application Auto Scaling has been told of it. */
  readonly isTarget: boolean;
  /** The names of the target tracking policies that it follows. */
  readonly policies: readonly string[];
}

const SERVICE = { ServiceNamespace: 'dynamodb' } as const;

/** All capacities of a table with provisioned throughput. */
export async function capacitiesOf(
  scaling: ApplicationAutoScalingClient,
  table: TableDescription,
): Promise<Capacity[]> {
  const own = `table/${table.TableName ?? ''}`;
  const parts = [
    { ResourceId: own, kind: 'table', throughput: table.ProvisionedThroughput },
    ...(table.GlobalSecondaryIndexes ?? []).map(({ IndexName = '', ProvisionedThroughput: throughput }) => ({
      ...{ ResourceId: `${own}/index/${IndexName}`, kind: 'index', throughput },
    })),
  ] as const;
  const targets: string[] = [];
  const ResourceIds = parts.map(({ ResourceId }) => ResourceId);
  for await (const page of paginateDescribeScalableTargets({ client: scaling }, { ...SERVICE, ResourceIds }))
    targets.push(...(page.ScalableTargets ?? []).map(keyOf));
  const policies: { readonly key: string; readonly name: string }[] = [];
  for (const ResourceId of ResourceIds) {
    const pages = paginateDescribeScalingPolicies({ client: scaling }, { ...SERVICE, ResourceId });
    for await (const { ScalingPolicies = [] } of pages)
      for (const one of ScalingPolicies.filter(({ PolicyType }) => PolicyType === 'TargetTrackingScaling'))
        policies.push({ key: keyOf(one), name: one.PolicyName ?? '' });
  }
  return parts.flatMap(({ ResourceId, kind, throughput }) =>
    (['Read', 'Write'] as const).map((way) => {
      const ScalableDimension: ScalableDimension = `dynamodb:${kind === 'table' ? 'table' : 'index'}:${way}CapacityUnits`;
      const key = keyOf({ ResourceId, ScalableDimension });
      return {
        ...{ ResourceId, ScalableDimension },
        units: throughput?.[`${way}CapacityUnits`] ?? 0,
        isTarget: targets.includes(key),
        policies: policies
          .filter((one) => one.key === key)
          .map(({ name }) => name)
          .sort(),
      };
    }),
  );
}

/** `Read` or `Write`. */
export function wayOf({ ScalableDimension }: Pick<Capacity, 'ScalableDimension'>): 'Read' | 'Write' {
  return ScalableDimension.includes('Read') ? 'Read' : 'Write';
}

/** What names one capacity. */
export function nameOf({ ResourceId, ScalableDimension }: Capacity) {
  return { ...SERVICE, ResourceId, ScalableDimension };
}

function keyOf(one: {
  readonly ResourceId?: string | undefined;
  readonly ScalableDimension?: string | undefined;
}) {
  return `${one.ResourceId} ${one.ScalableDimension}`;
}
