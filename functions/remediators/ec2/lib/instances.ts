import {
  CreateSnapshotsCommand,
  DescribeInstancesCommand,
  type EC2Client,
  type Instance,
  ModifyNetworkInterfaceAttributeCommand,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
} from '@aws-sdk/client-ec2';

/** The tag by which CloudBots' snapshots name their instance. */
const SOURCE_TAG = 'source_instance_id';

/** A network interface of an instance, with the ids of its security groups. */
export interface Interface {
  readonly id: string;
  readonly vpc: string;
  readonly groups: readonly string[];
}

/** A volume of an instance, with the snapshots that bots took of it. */
export interface Volume {
  readonly id: string;
  readonly snapshots: readonly {
    readonly id: string;
    /** Not older than was asked for. */
    readonly fresh: boolean;
    readonly completed: boolean;
  }[];
}

/** The instance; `undefined` also when it is terminated, which EC2 shows for about an hour. */
export async function liveInstance(ec2: EC2Client, id: string): Promise<Instance | undefined> {
  const instance = await instanceOf(ec2, id);
  return instance && !isEnded(instance) ? instance : undefined;
}

/** The instance, in whatever state it is. */
export async function instanceOf(ec2: EC2Client, id: string): Promise<Instance | undefined> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations[0]?.Instances?.[0];
}

/** Whether there is no way back to running. */
export function isEnded({ State }: Instance): boolean {
  return State?.Name === 'terminated' || State?.Name === 'shutting-down';
}

/** The value of one tag. */
export function tagOf({ Tags = [] }: Pick<Instance, 'Tags'>, key: string): string | undefined {
  return Tags.find(({ Key }) => Key === key)?.Value;
}

/** The interfaces of the instance that may be changed, by id; none when there is no such instance any more. */
export async function interfacesOf(ec2: EC2Client, instance: string): Promise<Interface[]> {
  const Filters = [{ Name: 'attachment.instance-id', Values: [instance] }];
  const found: Interface[] = [];
  for await (const { NetworkInterfaces = [] } of paginateDescribeNetworkInterfaces(
    { client: ec2 },
    { Filters },
  )) {
    // Those that AWS itself manages refuse every change.
    for (const one of NetworkInterfaces.filter(({ RequesterManaged }) => RequesterManaged !== true)) {
      const { NetworkInterfaceId: id = '', VpcId: vpc = '', Groups = [] } = one;
      found.push({ id, vpc, groups: Groups.map(({ GroupId = '' }) => GroupId).sort() });
    }
  }
  return found.sort((one, other) => one.id.localeCompare(other.id));
}

/** The VPCs of the interfaces: an instance can have interfaces in several. */
export function vpcsOf(interfaces: readonly Interface[]): string[] {
  return [...new Set(interfaces.map(({ vpc }) => vpc))].sort();
}

/** The step that leaves an interface with these groups. */
export function setGroups(id: string, groups: readonly string[]) {
  return { ec2: new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: id, Groups: [...groups] }) };
}

/** The steps that give each interface the groups it had. One detached since may be gone, and is passed over. */
export function restoreGroups(before: readonly Interface[], now: readonly Interface[]) {
  return before
    .filter(({ id, groups }) => {
      const current = now.find((one) => one.id === id);
      return current && current.groups.join() !== groups.join();
    })
    .map(({ id, groups }) => setGroups(id, groups));
}

/** The EBS volumes of the instance, by id; a snapshot that was begun in the last `hours` is fresh. */
export async function volumesOf(ec2: EC2Client, instance: string, hours: number): Promise<Volume[]> {
  const ids: string[] = [];
  const Filters = [{ Name: 'attachment.instance-id', Values: [instance] }];
  for await (const { Volumes = [] } of paginateDescribeVolumes({ client: ec2 }, { Filters })) {
    ids.push(...Volumes.map(({ VolumeId = '' }) => VolumeId));
  }
  const since = Date.now() - hours * 3_600_000;
  const found: (Volume['snapshots'][number] & { readonly volume: string })[] = [];
  const mine = { OwnerIds: ['self'], Filters: [{ Name: `tag:${SOURCE_TAG}`, Values: [instance] }] };
  for await (const { Snapshots = [] } of paginateDescribeSnapshots({ client: ec2 }, mine)) {
    for (const { SnapshotId: id = '', VolumeId: volume = '', State, StartTime } of Snapshots) {
      if (State !== 'pending' && State !== 'completed') continue;
      const fresh = (StartTime?.getTime() ?? 0) >= since;
      found.push({ id, volume, fresh, completed: State === 'completed' });
    }
  }
  found.sort((one, other) => one.id.localeCompare(other.id));
  return ids.sort().map((id) => ({
    id,
    snapshots: found.filter(({ volume }) => volume === id).map(({ volume: _volume, ...one }) => one),
  }));
}

/** The step that takes snapshots of all volumes of the instance at one moment. */
export function snapshotAll(InstanceId: string) {
  return {
    ec2: new CreateSnapshotsCommand({
      InstanceSpecification: { InstanceId },
      Description: `${InstanceId}, by selfheal`,
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: SOURCE_TAG, Value: InstanceId }] }],
    }),
  };
}
