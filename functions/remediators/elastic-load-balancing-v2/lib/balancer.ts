import {
  DescribeLoadBalancerAttributesCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';

/** What all bots on application, network and gateway load balancers share. */
export const LOAD_BALANCER = {
  resource: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  clients: { elasticloadbalancing: ElasticLoadBalancingV2Client },
  gone: ['LoadBalancerNotFoundException'],
} as const;

/** Attributes of a balancer by their keys. */
export type Attributes = Readonly<Record<string, string>>;

/** Reads `elasticloadbalancing:DescribeLoadBalancerAttributes`. */
export async function attributesOf(
  elasticloadbalancing: ElasticLoadBalancingV2Client,
  LoadBalancerArn: string,
): Promise<Attributes> {
  const read = new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn });
  const { Attributes = [] } = await elasticloadbalancing.send(read);
  return Object.fromEntries(Attributes.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Sets just these attributes. */
export function setAttributes(LoadBalancerArn: string, attributes: Attributes) {
  const Attributes = Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
  return new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes });
}

/** What kind of balancer it is, which its ARN says. */
export function kindOf(id: string): 'application' | 'network' | 'gateway' | 'classic' {
  const [, kind] = /:loadbalancer\/(app|net|gwy)\//.exec(id) ?? [];
  const kinds = { app: 'application', net: 'network', gwy: 'gateway' } as const;
  return kind === undefined ? 'classic' : kinds[kind as keyof typeof kinds];
}
