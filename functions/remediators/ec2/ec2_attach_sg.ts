import type { EC2Client } from '@aws-sdk/client-ec2';
import { paginateDescribeSecurityGroups } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { type Interface, interfacesOf, restoreGroups, setGroups, vpcsOf } from './lib/instances';
import { INSTANCE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...INSTANCE,
  id: 'ec2_attach_sg',
  title: 'Give an EC2 instance one security group in place of all others',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  params: z.object({
    group: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('the name of the security group, or its id (sg-…); held where none is named'),
  }),
  from: { group: 'config' },
  words: { order: ['group'] },
  permissions: {
    read: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups'],
    write: ['ec2:ModifyNetworkInterfaceAttribute'],
  },

  async inspect({ ec2 }, { target: { id }, params }): Promise<State | undefined> {
    const interfaces = await interfacesOf(ec2, id);
    if (interfaces.length === 0) return undefined;
    return { interfaces, wanted: await groupsCalled(ec2, params.group, vpcsOf(interfaces)) };
  },

  check({ interfaces, wanted }, { params }) {
    if (params.group === undefined) return 'nothing says which security group the instance is to have';
    const other = interfaces.filter((one) => !hasOnly(one, wanted[one.vpc]));
    const list = other.map(({ id, groups }) => `${id} has ${groups.join(', ')}`).join('; ');
    return list ? `${params.group} is to be the only security group: ${list}` : undefined;
  },

  plan({ interfaces, wanted }, { params }) {
    if (params.group === undefined) return { held: 'name the group: AUTO: ec2_attach_sg <name or id>' };
    const without = vpcsOf(interfaces).filter((vpc) => wanted[vpc] === undefined);
    if (without.length > 0) {
      return { held: `there is no security group ${params.group} in ${without.join(', ')}: make it first` };
    }
    return interfaces
      .filter((one) => !hasOnly(one, wanted[one.vpc]))
      .map(({ id, vpc }) => setGroups(id, [wanted[vpc] ?? '']));
  },

  undo: (before, { now }) => restoreGroups(before.interfaces, now.interfaces),

  footprint: ({ interfaces }) => interfaces,
});

interface State {
  readonly interfaces: readonly Interface[];
  /** The id of the wanted group by VPC. */
  readonly wanted: Readonly<Record<string, string>>;
}

async function groupsCalled(
  ec2: EC2Client,
  group: string | undefined,
  vpcs: string[],
): Promise<Record<string, string>> {
  if (group === undefined) return {};
  // No name can begin like an id: EC2 refuses it.
  const name = group.startsWith('sg-') ? 'group-id' : 'group-name';
  const Filters = [
    { Name: name, Values: [group] },
    { Name: 'vpc-id', Values: vpcs },
  ];
  const found: [vpc: string, id: string][] = [];
  for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client: ec2 }, { Filters })) {
    found.push(...SecurityGroups.map(({ VpcId = '', GroupId = '' }): [string, string] => [VpcId, GroupId]));
  }
  return Object.fromEntries(found.sort());
}

function hasOnly({ groups }: Interface, group: string | undefined): boolean {
  return groups.length === 1 && groups[0] === group;
}
