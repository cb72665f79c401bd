import {
  CreateVpcEndpointCommand,
  DeleteVpcEndpointsCommand,
  DescribeVpcEndpointServicesCommand,
  DescribeVpcsCommand,
  type Subnet,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { VPC } from './lib/types';
import { type Clients, defineBot } from '../../../shared/bot/bot';

const TAG = { Key: 'selfheal', Value: 'vpc-endpoint' };
/** What findings may ask for, each of which costs. */
const SERVICES = [
  ...([
    'ec2',
    'ecr.api',
    'ecr.dkr',
    'ssm',
    'ssm-contacts',
    'ssm-incidents',
    'ssmmessages',
    'ec2messages',
  ] as const),
  ...(['kms', 'logs', 'monitoring', 'secretsmanager', 'sns', 'sqs', 'sts'] as const),
] as const;
/** One that is not there, or will not be. Source: EC2 API, VpcEndpoint. */
const OVER = ['Deleting', 'Deleted', 'Rejected', 'Failed', 'Expired'].map((state) => state.toLowerCase());

export const bot = defineBot({
  ...VPC,
  id: 'vpc_create_endpoint',
  title: 'Give a VPC interface endpoints of AWS services',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  recheck: 'daily',
  params: z.object({
    services: z
      .array(z.enum(SERVICES))
      .min(1)
      .default(['ec2'])
      .describe('services, by what stands behind the region in the names of their endpoints'),
    securityGroup: z
      .string()
      .regex(/^sg-[0-9a-f]+$/)
      .optional()
      .describe("security group of the endpoints; the VPC's default without"),
  }),
  from: { services: 'finding', securityGroup: 'config' },
  byControl: {
    'EC2.10': { services: ['ec2'] },
    'EC2.55': { services: ['ecr.api'] },
    'EC2.56': { services: ['ecr.dkr'] },
    'EC2.57': { services: ['ssm'] },
    'EC2.58': { services: ['ssm-contacts'] },
    'EC2.60': { services: ['ssm-incidents'] },
    vpc_endpoint_for_ec2_enabled: { services: ['ec2'] },
  },
  permissions: {
    read: [
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcEndpointServices',
      'ec2:DescribeVpcEndpoints',
      'ec2:DescribeVpcs',
    ],
    write: ['ec2:CreateTags', 'ec2:CreateVpcEndpoint'],
    undo: ['ec2:DeleteVpcEndpoints'],
  },

  async inspect({ ec2 }, { target: { id, region }, params }): Promise<State> {
    await ec2.send(new DescribeVpcsCommand({ VpcIds: [id] }));
    const Filters = [{ Name: 'vpc-id', Values: [id] }];
    const endpoints: Endpoint[] = [];
    for await (const { VpcEndpoints = [] } of paginateDescribeVpcEndpoints({ client: ec2 }, { Filters })) {
      for (const { VpcEndpointId = '', ServiceName, State = '', VpcEndpointType, Tags } of VpcEndpoints) {
        if (VpcEndpointType !== 'Interface' || OVER.includes(State.toLowerCase())) continue;
        const isOwn = Tags?.some(({ Key, Value }) => Key === TAG.Key && Value === TAG.Value) ?? false;
        endpoints.push({ id: VpcEndpointId, service: ServiceName ?? '', isOwn });
      }
    }
    const missing = missingOf(endpoints, region, params.services);
    return { endpoints, wanted: missing.length > 0 ? await placesOf({ ec2 }, { id, region }, missing) : [] };
  },

  check({ endpoints }, { target: { region }, params }) {
    const missing = missingOf(endpoints, region, params.services);
    return missing.length > 0 ? `the VPC has no endpoint for ${missing.join(', ')}` : undefined;
  },

  plan({ wanted }, { target: { id: VpcId }, params: { securityGroup } }) {
    const nowhere = wanted.find(({ subnets }) => subnets.length === 0);
    if (nowhere) return { held: `the VPC has no subnet in a zone that has ${nowhere.service}` };
    return wanted.map(({ service, subnets }) => ({
      ec2: new CreateVpcEndpointCommand({
        VpcId,
        ServiceName: service,
        VpcEndpointType: 'Interface',
        SubnetIds: [...subnets],
        PrivateDnsEnabled: false,
        ...(securityGroup !== undefined && { SecurityGroupIds: [securityGroup] }),
        TagSpecifications: [{ ResourceType: 'vpc-endpoint', Tags: [TAG] }],
      }),
    }));
  },

  undo(before, { now }) {
    const known = before.endpoints.map(({ id }) => id);
    const VpcEndpointIds = now.endpoints
      .filter(({ id, isOwn }) => isOwn && !known.includes(id))
      .map(({ id }) => id);
    return VpcEndpointIds.length > 0 ? [{ ec2: new DeleteVpcEndpointsCommand({ VpcEndpointIds }) }] : [];
  },

  footprint: ({ endpoints }) => endpoints.map(({ id }) => id).sort(),
});

interface Endpoint {
  readonly id: string;
  readonly service: string;
  readonly isOwn: boolean;
}

interface State {
  readonly endpoints: readonly Endpoint[];
  /** The services that have none, and one subnet of each zone that has the service. */
  readonly wanted: readonly { readonly service: string; readonly subnets: readonly string[] }[];
}

/** Endpoints are called com.amazonaws.<region>.<service>, in China also with `cn.` before it. */
function missingOf(endpoints: readonly Endpoint[], region: string, services: readonly string[]): string[] {
  return services.filter((name) => !endpoints.some(({ service }) => service.endsWith(`.${region}.${name}`)));
}

async function placesOf(
  { ec2 }: Clients<typeof VPC.clients>,
  { id: vpc, region }: { readonly id: string; readonly region: string },
  services: readonly string[],
) {
  const names = services.map((name) => `com.amazonaws.${region}.${name}`);
  const asked = {
    Filters: [{ Name: 'service-name', Values: names.flatMap((name) => [name, `cn.${name}`]) }],
  };
  const offered = new Map<string, readonly string[]>();
  const { ServiceDetails = [] } = await ec2.send(new DescribeVpcEndpointServicesCommand(asked));
  for (const { ServiceName = '', ServiceType, AvailabilityZones = [] } of ServiceDetails) {
    // Some have a gateway of the same name.
    if (ServiceType?.some((one) => one.ServiceType === 'Interface'))
      offered.set(ServiceName, AvailabilityZones);
  }
  const subnets: Subnet[] = [];
  const Filters = [{ Name: 'vpc-id', Values: [vpc] }];
  for await (const { Subnets = [] } of paginateDescribeSubnets({ client: ec2 }, { Filters }))
    subnets.push(...Subnets);
  const ids = subnets.map(({ SubnetId = '', AvailabilityZone = '' }) => ({ SubnetId, AvailabilityZone }));
  const first = new Map(
    ids
      .sort(byId)
      .reverse()
      .map(({ SubnetId, AvailabilityZone }) => [AvailabilityZone, SubnetId]),
  );
  return names.map((name) => {
    const service = [name, `cn.${name}`].find((one) => offered.has(one)) ?? name;
    const zones = [...(offered.get(service) ?? [])].sort();
    return { service, subnets: zones.flatMap((zone) => first.get(zone) ?? []) };
  });
}

function byId(one: { readonly SubnetId: string }, other: { readonly SubnetId: string }): number {
  return one.SubnetId < other.SubnetId ? -1 : 1;
}
