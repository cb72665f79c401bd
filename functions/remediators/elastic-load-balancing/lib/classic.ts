import {
  DescribeLoadBalancerAttributesCommand,
  ElasticLoadBalancingClient,
  type LoadBalancerAttributes,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing';

/** What all bots on Classic Load Balancers share. */
export const CLASSIC = {
  resource: 'AWS::ElasticLoadBalancing::LoadBalancer',
  clients: { elb: ElasticLoadBalancingClient },
  gone: ['AccessPointNotFoundException'],
} as const;

/** Reads `elasticloadbalancing:DescribeLoadBalancerAttributes`. */
export async function classicAttributes(
  elb: ElasticLoadBalancingClient,
  LoadBalancerName: string,
): Promise<LoadBalancerAttributes> {
  const read = new DescribeLoadBalancerAttributesCommand({ LoadBalancerName });
  return (await elb.send(read)).LoadBalancerAttributes ?? {};
}

/** Sets just these attributes. */
export function setClassic(LoadBalancerName: string, attributes: LoadBalancerAttributes) {
  return new ModifyLoadBalancerAttributesCommand({
    LoadBalancerName,
    LoadBalancerAttributes: attributes,
  });
}
