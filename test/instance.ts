import {
  AttachNetworkInterfaceCommand,
  AttachVolumeCommand,
  CreateNetworkInterfaceCommand,
  CreateVolumeCommand,
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { Account } from './account';

/** A running instance; answers with its id. */
export async function newInstance(
  { client }: Account,
  input: Partial<RunInstancesCommandInput> = {},
): Promise<string> {
  const { Instances = [] } = await client(EC2Client).send(
    new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1, ...input }),
  );
  return Instances[0]?.InstanceId ?? '';
}

/** An instance that has been terminated and is still shown. */
export async function endedInstance(account: Account): Promise<string> {
  const id = await newInstance(account);
  await account.client(EC2Client).send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  return id;
}

/** A second network interface on the instance; answers with its id. */
export async function secondInterface(
  { client }: Account,
  InstanceId: string,
  Groups: readonly string[] = [],
  SubnetId?: string,
): Promise<string> {
  const ec2 = client(EC2Client);
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const { NetworkInterface } = await ec2.send(
    new CreateNetworkInterfaceCommand({ SubnetId: SubnetId ?? Subnets[0]?.SubnetId, Groups: [...Groups] }),
  );
  const NetworkInterfaceId = NetworkInterface?.NetworkInterfaceId ?? '';
  await ec2.send(new AttachNetworkInterfaceCommand({ InstanceId, NetworkInterfaceId, DeviceIndex: 1 }));
  return NetworkInterfaceId;
}

/** All instances but this one, as EC2 shows them: what a bot must leave alone. */
export async function otherInstances({ client }: Account, id: string): Promise<unknown> {
  const { Reservations = [] } = await client(EC2Client).send(new DescribeInstancesCommand({}));
  return Reservations.flatMap(({ Instances = [] }) => Instances).filter((one) => one.InstanceId !== id);
}

/** A second EBS volume on the instance; answers with its id. */
export async function secondVolume({ client }: Account, InstanceId: string): Promise<string> {
  const ec2 = client(EC2Client);
  const { VolumeId = '' } = await ec2.send(
    new CreateVolumeCommand({ AvailabilityZone: 'eu-west-1a', Size: 8 }),
  );
  await ec2.send(new AttachVolumeCommand({ InstanceId, VolumeId, Device: '/dev/sdh' }));
  return VolumeId;
}
