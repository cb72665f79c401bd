import { EC2Client } from '@aws-sdk/client-ec2';
import type { TypeName } from '../../../../shared/bot/bot';

/** What all bots on instances share. */
export const INSTANCE = type(
  'AWS::EC2::Instance',
  'InvalidInstanceID.NotFound',
  'InvalidInstanceID.Malformed',
);

/** What all bots on AMIs share. */
export const IMAGE = type(
  'AWS::EC2::Image',
  'InvalidAMIID.NotFound',
  'InvalidAMIID.Unavailable',
  'InvalidAMIID.Malformed',
);

/** What all bots on network ACLs share. */
export const NETWORK_ACL = type(
  'AWS::EC2::NetworkAcl',
  'InvalidNetworkAclID.NotFound',
  'InvalidNetworkAclID.Malformed',
  'InvalidNetworkAclId.Malformed',
);

/** What all bots on security groups share. */
export const SECURITY_GROUP = type(
  'AWS::EC2::SecurityGroup',
  'InvalidGroup.NotFound',
  'InvalidGroup.Malformed',
  'InvalidGroupId.Malformed',
);

/** What all bots on EBS snapshots share. */
export const SNAPSHOT = type(
  'AWS::EC2::Snapshot',
  'InvalidSnapshot.NotFound',
  'InvalidSnapshot.Malformed',
  'InvalidSnapshotID.Malformed',
);

/** What all bots on subnets share. */
export const SUBNET = type(
  'AWS::EC2::Subnet',
  'InvalidSubnetID.NotFound',
  'InvalidSubnetID.Malformed',
  'InvalidSubnetId.Malformed',
);

/** What all bots on VPCs share. */
export const VPC = type(
  'AWS::EC2::VPC',
  'InvalidVpcID.NotFound',
  'InvalidVpcID.Malformed',
  'InvalidVpcId.Malformed',
);

/** `gone`: what EC2 says of one that is not there. Source: EC2 API, error codes. */
function type<const T extends TypeName>(resource: T, ...gone: readonly string[]) {
  return { resource, clients: { ec2: EC2Client }, gone } as const;
}
