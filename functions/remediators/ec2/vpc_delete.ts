import type { EC2Client } from '@aws-sdk/client-ec2';
import {
  DeleteVpcCommand,
  DescribeVpcsCommand,
  type Filter,
  paginateDescribeInternetGateways,
  paginateDescribeNetworkAcls,
  paginateDescribeNetworkInterfaces,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
  paginateDescribeVpcPeeringConnections,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { VPC } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...VPC,
  id: 'vpc_delete',
  title: 'Delete a VPC that holds nothing',
  severity: 'low',
  risk: 'destructive',
  kind: 'response',
  params: z.object({
    allowDefault: z.boolean().default(false).describe('also the default VPC of the region'),
  }),
  from: { allowDefault: 'config' },
  permissions: {
    read: [
      'ec2:DescribeVpcs',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DescribeInternetGateways',
      'ec2:DescribeVpcEndpoints',
      'ec2:DescribeVpcPeeringConnections',
      'ec2:DescribeRouteTables',
      'ec2:DescribeNetworkAcls',
      'ec2:DescribeSecurityGroups',
    ],
    write: ['ec2:DeleteVpc'],
    undo: [],
  },

  async inspect({ ec2 }, { target: { id } }) {
    const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [id] }));
    if (!vpc) return undefined;
    const { IsDefault: isDefault = false, CidrBlock: cidr = '', Tags: tags = [] } = vpc;
    return { isDefault, cidr, tags, inside: await inside(ec2, id) };
  },

  check: ({ cidr }, { target: { id } }) => `the VPC ${id} (${cidr}) is to be deleted`,

  plan({ isDefault, inside: left }, { target: { id }, params }) {
    if (isDefault && !params.allowDefault)
      return { held: `${id} is the default VPC of the region: say allowDefault=true` };
    if (left.length > 0) return { held: `${id} holds ${left.join(', ')}: delete these first` };
    return [{ ec2: new DeleteVpcCommand({ VpcId: id }) }];
  },

  undo: () => ({ irreversible: 'a VPC made anew has another id; what is known of it is in the journal' }),
});

type Pages = (
  client: EC2Client,
  of: (name: string) => Filter[],
) => AsyncIterable<readonly (string | undefined)[]>;

/** What a VPC can hold that was not made with it. Source: VPC User Guide, delete your VPC. */
const KINDS: readonly Pages[] = [
  async function* (client, of) {
    for await (const page of paginateDescribeSubnets({ client }, { Filters: of('vpc-id') }))
      yield (page.Subnets ?? []).map(({ SubnetId }) => SubnetId);
  },
  async function* (client, of) {
    for await (const page of paginateDescribeNetworkInterfaces({ client }, { Filters: of('vpc-id') }))
      yield (page.NetworkInterfaces ?? []).map(({ NetworkInterfaceId }) => NetworkInterfaceId);
  },
  async function* (client, of) {
    for await (const page of paginateDescribeInternetGateways(
      { client },
      { Filters: of('attachment.vpc-id') },
    ))
      yield (page.InternetGateways ?? []).map(({ InternetGatewayId }) => InternetGatewayId);
  },
  async function* (client, of) {
    for await (const page of paginateDescribeVpcEndpoints({ client }, { Filters: of('vpc-id') }))
      yield (page.VpcEndpoints ?? [])
        .filter(({ State }) => State?.toLowerCase() !== 'deleted')
        .map((one) => one.VpcEndpointId);
  },
  async function* (client, of) {
    for (const side of ['requester', 'accepter']) {
      const Filters = [
        ...of(`${side}-vpc-info.vpc-id`),
        { Name: 'status-code', Values: ['pending-acceptance', 'provisioning', 'active'] },
      ];
      for await (const page of paginateDescribeVpcPeeringConnections({ client }, { Filters }))
        yield (page.VpcPeeringConnections ?? []).map((one) => one.VpcPeeringConnectionId);
    }
  },
  async function* (client, of) {
    for await (const page of paginateDescribeRouteTables({ client }, { Filters: of('vpc-id') }))
      yield (page.RouteTables ?? [])
        .filter(({ Associations = [] }) => !Associations.some(({ Main }) => Main))
        .map(({ RouteTableId }) => RouteTableId);
  },
  async function* (client, of) {
    for await (const page of paginateDescribeNetworkAcls({ client }, { Filters: of('vpc-id') }))
      yield (page.NetworkAcls ?? []).filter(({ IsDefault }) => !IsDefault).map((one) => one.NetworkAclId);
  },
  async function* (client, of) {
    for await (const page of paginateDescribeSecurityGroups({ client }, { Filters: of('vpc-id') }))
      yield (page.SecurityGroups ?? [])
        .filter(({ GroupName }) => GroupName !== 'default')
        .map((one) => one.GroupId);
  },
];

async function inside(ec2: EC2Client, vpc: string): Promise<string[]> {
  const found: string[] = [];
  for (const pages of KINDS) {
    for await (const page of pages(ec2, (Name) => [{ Name, Values: [vpc] }]))
      found.push(...page.map((id = '') => id));
  }
  // A peering of two VPCs can be listed from both its sides.
  return [...new Set(found)].sort();
}
