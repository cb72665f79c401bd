import { isDeepStrictEqual } from 'node:util';
import {
  AutoScalingClient,
  CreateLaunchConfigurationCommand,
  type CreateLaunchConfigurationType,
  DeleteLaunchConfigurationCommand,
  DescribeLaunchConfigurationsCommand,
  type LaunchConfiguration,
  UpdateAutoScalingGroupCommand,
  paginateDescribeAutoScalingGroups,
} from '@aws-sdk/client-auto-scaling';
import type { Held } from '../../../../shared/bot/bot';
import { opened, sealed } from '../../../../shared/bot/sealed';
import { afterwards } from '../../../../shared/bot/steps';

/** What all bots on launch configurations share: they cannot be changed, so that a copy takes their place. */
export const LAUNCH_CONFIGURATION = {
  resource: 'AWS::AutoScaling::LaunchConfiguration',
  clients: { autoscaling: AutoScalingClient },
  permissions: {
    read: ['autoscaling:DescribeAutoScalingGroups', 'autoscaling:DescribeLaunchConfigurations'],
    write: [
      'autoscaling:CreateLaunchConfiguration',
      'autoscaling:DeleteLaunchConfiguration',
      'autoscaling:UpdateAutoScalingGroup',
      'iam:PassRole',
    ],
    // The copy has a name of its own.
    elsewhere: ['autoscaling:CreateLaunchConfiguration', 'autoscaling:DeleteLaunchConfiguration'],
  },
} as const;

/** All that a launch configuration says; what an instance is started with may be secret, and is sealed. */
export type Settings = Omit<CreateLaunchConfigurationType, 'LaunchConfigurationName' | 'InstanceId'>;

/** A launch configuration and its copy, each where it is there, and the groups that use either. */
export interface Pair {
  readonly own?: Settings;
  readonly copy?: Settings;
  /** Names of groups, by which of the two they use. */
  readonly groups: { readonly own: readonly string[]; readonly copy: readonly string[] };
}

/** `undefined`: neither is there. */
export async function readPair(
  autoscaling: AutoScalingClient,
  name: string,
  ending: string,
): Promise<Pair | undefined> {
  const copyName = copyOf(name, ending);
  const read = new DescribeLaunchConfigurationsCommand({ LaunchConfigurationNames: [name, copyName] });
  const { LaunchConfigurations = [] } = await autoscaling.send(read);
  const found = (wanted: string) =>
    LaunchConfigurations.find((one) => one.LaunchConfigurationName === wanted);
  const [own, copy] = [found(name), found(copyName)];
  if (!own && !copy) return undefined;
  const groups = { own: [] as string[], copy: [] as string[] };
  for await (const { AutoScalingGroups = [] } of paginateDescribeAutoScalingGroups(
    { client: autoscaling },
    {},
  )) {
    for (const { AutoScalingGroupName: group = '', LaunchConfigurationName: used } of AutoScalingGroups) {
      if (used === name) groups.own.push(group);
      if (used === copyName) groups.copy.push(group);
    }
  }
  return { ...(own && { own: settingsOf(own) }), ...(copy && { copy: settingsOf(copy) }), groups };
}

/** What the copy is called. */
export function copyOf(name: string, ending: string): string {
  return `${name.slice(0, 254 - ending.length)}-${ending}`;
}

/** A copy with the changes takes the place of the configuration in its groups, and the configuration is deleted. */
export function replace({ own = {}, copy, groups }: Pair, name: string, ending: string, changes: Settings) {
  const to = copyOf(name, ending);
  return move({ from: name, to, groups: groups.own, make: copy ? undefined : { ...own, ...changes } });
}

/** The other way round: made again under its name, as it was in those members. */
export function bringBack({ own, copy = {}, groups }: Pair, name: string, ending: string, changes: Settings) {
  const from = copyOf(name, ending);
  return move({ from, to: name, groups: groups.copy, make: own ? undefined : { ...copy, ...changes } });
}

/** A copy that is there already must be one: an earlier run may have got no further. */
export function foreignCopy(
  { own = {}, copy }: Pair,
  name: string,
  ending: string,
  isRight: (settings: Settings) => boolean,
): Held | undefined {
  if (!copy || (isRight(copy) && isDeepStrictEqual(unchanged(own), unchanged(copy)))) return undefined;
  return { held: `${copyOf(name, ending)} is there already, and is no copy of it: rename or delete it` };
}

/** What no bot of these changes. */
function unchanged({ MetadataOptions: _options, AssociatePublicIpAddress: _address, ...rest }: Settings) {
  return opened(rest).value;
}

interface Move {
  readonly from: string;
  readonly to: string;
  readonly groups: readonly string[];
  readonly make?: Settings | undefined;
}

function move({ from, to, groups, make }: Move) {
  const created = make && [
    { autoscaling: new CreateLaunchConfigurationCommand({ LaunchConfigurationName: to, ...make }) },
  ];
  const updated = groups.map((AutoScalingGroupName) => ({
    autoscaling: new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, LaunchConfigurationName: to }),
  }));
  const deleted = { autoscaling: new DeleteLaunchConfigurationCommand({ LaunchConfigurationName: from }) };
  return [...(created ?? []), ...afterwards(updated), ...afterwards([deleted])];
}

/** AWS answers with empty texts for what was not given, and does not take these. */
function settingsOf({
  LaunchConfigurationName: _name,
  LaunchConfigurationARN: _arn,
  CreatedTime: _created,
  UserData,
  ...rest
}: LaunchConfiguration): Settings {
  const given = Object.entries(rest).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return { ...Object.fromEntries(given), ...(UserData && { UserData: sealed(UserData) }) };
}
