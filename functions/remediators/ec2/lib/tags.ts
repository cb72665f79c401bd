import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeImagesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribePlacementGroupsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type Tag,
} from '@aws-sdk/client-ec2';
import type { Condition, TypeName } from '../../../../shared/bot/bot';
import type { Target } from '../../../../shared/resources/target';
import { liveInstance } from './instances';
import { IMAGE, INSTANCE, NETWORK_ACL, SECURITY_GROUP, SNAPSHOT, SUBNET, VPC } from './types';

/** What has tags. */
interface Tagged {
  readonly Tags?: Tag[] | undefined;
}

/** How each type is described, which also tells whether the resource is there: tags alone would not. */
const DESCRIBE: Readonly<Record<TypeName, (ec2: EC2Client, id: string) => Promise<Tagged | undefined>>> = {
  'AWS::EC2::Instance': (ec2, id) => liveInstance(ec2, id),
  'AWS::EC2::Image': async (ec2, id) =>
    (await ec2.send(new DescribeImagesCommand({ ImageIds: [id] }))).Images?.[0],
  'AWS::EC2::InternetGateway': async (ec2, id) =>
    (await ec2.send(new DescribeInternetGatewaysCommand({ InternetGatewayIds: [id] }))).InternetGateways?.[0],
  'AWS::EC2::NetworkAcl': async (ec2, id) =>
    (await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [id] }))).NetworkAcls?.[0],
  'AWS::EC2::NetworkInterface': async (ec2, id) => {
    const { NetworkInterfaces } = await ec2.send(
      new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] }),
    );
    const [found] = NetworkInterfaces ?? [];
    return found && { Tags: found.TagSet };
  },
  'AWS::EC2::PlacementGroup': async (ec2, id) =>
    (await ec2.send(new DescribePlacementGroupsCommand({ GroupIds: [id] }))).PlacementGroups?.[0],
  'AWS::EC2::RouteTable': async (ec2, id) =>
    (await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [id] }))).RouteTables?.[0],
  'AWS::EC2::SecurityGroup': async (ec2, id) =>
    (await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }))).SecurityGroups?.[0],
  'AWS::EC2::Snapshot': async (ec2, id) =>
    (await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [id] }))).Snapshots?.[0],
  'AWS::EC2::Subnet': async (ec2, id) =>
    (await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [id] }))).Subnets?.[0],
  'AWS::EC2::Volume': async (ec2, id) =>
    (await ec2.send(new DescribeVolumesCommand({ VolumeIds: [id] }))).Volumes?.[0],
  'AWS::EC2::VPC': async (ec2, id) => (await ec2.send(new DescribeVpcsCommand({ VpcIds: [id] }))).Vpcs?.[0],
  'AWS::EC2::VPCPeeringConnection': async (ec2, id) =>
    (await ec2.send(new DescribeVpcPeeringConnectionsCommand({ VpcPeeringConnectionIds: [id] })))
      .VpcPeeringConnections?.[0],
};

/** The one tag that a bot may give. */
export function onlyTag(key: string): Condition {
  return { 'ForAllValues:StringEquals': { 'aws:TagKeys': key } };
}

/** What the bots that tag have in common. CloudBots' tag the same types. */
export const TAGGING = {
  ...INSTANCE,
  alsoOn: (Object.keys(DESCRIBE) as TypeName[]).filter((type) => type !== 'AWS::EC2::Instance'),
  permissions: {
    read: [
      'ec2:DescribeImages',
      'ec2:DescribeInstances',
      'ec2:DescribeInternetGateways',
      'ec2:DescribeNetworkAcls',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribePlacementGroups',
      'ec2:DescribeRouteTables',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSnapshots',
      'ec2:DescribeSubnets',
      'ec2:DescribeVolumes',
      'ec2:DescribeVpcPeeringConnections',
      'ec2:DescribeVpcs',
    ],
    write: ['ec2:CreateTags'],
    undo: ['ec2:CreateTags', 'ec2:DeleteTags'],
  },
  /** Source: EC2 API, error codes. */
  gone: [
    ...[INSTANCE, IMAGE, NETWORK_ACL, SECURITY_GROUP, SNAPSHOT, SUBNET, VPC].flatMap(({ gone }) => gone),
    ...names('InvalidInternetGatewayID', 'InvalidNetworkInterfaceID', 'InvalidPlacementGroup'),
    ...names('InvalidRouteTableID', 'InvalidVolume', 'InvalidVpcPeeringConnectionID'),
    ...['InvalidPlacementGroup.Unknown', 'InvalidVolumeID.Malformed', 'InvalidRouteTableId.Malformed'],
    ...['InvalidNetworkInterfaceId.Malformed', 'InvalidInternetGatewayId.Malformed'],
    'InvalidVpcPeeringConnectionId.Malformed',
  ],
} as const;

function names(...errors: string[]): string[] {
  return errors.flatMap((error) => [`${error}.NotFound`, `${error}.Malformed`]);
}

/** The value of one tag of a resource; `undefined`: the resource is gone. */
export async function tagOn(
  ec2: EC2Client,
  { type, id }: Target,
  key: string,
): Promise<{ readonly value?: string } | undefined> {
  const found = await DESCRIBE[type as TypeName]?.(ec2, id);
  const value = found?.Tags?.find(({ Key }) => Key === key)?.Value;
  return found && (value === undefined ? {} : { value });
}

/** The step that gives a resource of EC2 one tag. */
export function setTag(id: string, Key: string, Value: string) {
  return { ec2: new CreateTagsCommand({ Resources: [id], Tags: [{ Key, Value }] }) };
}

/** The steps that give one tag the value it had, or take it away. */
export function restoreTag(id: string, Key: string, before: string | undefined, now: string | undefined) {
  if (before === now) return [];
  return before === undefined
    ? [{ ec2: new DeleteTagsCommand({ Resources: [id], Tags: [{ Key }] }) }]
    : [setTag(id, Key, before)];
}
