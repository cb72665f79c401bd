import { type Interface, interfacesOf, restoreGroups, setGroups, vpcsOf } from './lib/instances';
import { type QuarantineGroups, leakIn, prepareQuarantine, quarantineGroups } from './lib/quarantine';
import { INSTANCE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...INSTANCE,
  id: 'ec2_quarantine_instance',
  title: 'Quarantine an EC2 instance: no traffic in, none out',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'response',
  passes: 3,
  permissions: {
    read: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'],
    write: [
      'ec2:CreateSecurityGroup',
      'ec2:CreateTags',
      'ec2:RevokeSecurityGroupEgress',
      'ec2:RevokeSecurityGroupIngress',
      'ec2:ModifyNetworkInterfaceAttribute',
    ],
    undo: ['ec2:ModifyNetworkInterfaceAttribute'],
  },

  async inspect({ ec2 }, { target: { id } }): Promise<State | undefined> {
    const interfaces = await interfacesOf(ec2, id);
    // A terminated instance has none, and neither has one that never was.
    if (interfaces.length === 0) return undefined;
    return { interfaces, quarantine: await quarantineGroups(ec2, vpcsOf(interfaces)) };
  },

  check({ interfaces, quarantine }) {
    const open = interfaces.filter((one) => !isIsolated(one, quarantine));
    if (open.length > 0) return `not in quarantine: ${open.map(({ id }) => id).join(', ')}`;
    return leakIn(quarantine);
  },

  plan({ interfaces, quarantine }) {
    const first = prepareQuarantine(vpcsOf(interfaces), quarantine);
    if ('held' in first || first.length > 0) return first;
    return interfaces
      .filter((one) => !isIsolated(one, quarantine))
      .map(({ id, vpc }) => setGroups(id, [quarantine[vpc]?.id ?? '']));
  },

  undo: (before, { now }) => restoreGroups(before.interfaces, now.interfaces),

  footprint: ({ interfaces }) => interfaces,
});

interface State {
  readonly interfaces: readonly Interface[];
  /** The quarantine groups by their VPC: an instance can have interfaces in several. */
  readonly quarantine: QuarantineGroups;
}

function isIsolated({ vpc, groups }: Interface, quarantine: State['quarantine']): boolean {
  return groups.length === 1 && groups[0] === quarantine[vpc]?.id;
}
