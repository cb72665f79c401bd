import { DeleteSecurityGroupCommand } from '@aws-sdk/client-ec2';
import { groupsNaming, interfacesIn, vpcsNaming } from './lib/security-groups';
import { readGroup } from './lib/security-groups-changes';
import { SECURITY_GROUP } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...SECURITY_GROUP,
  id: 'sg_delete',
  title: 'Delete a security group that nothing uses',
  severity: 'low',
  risk: 'destructive',
  kind: 'response',
  permissions: {
    read: [
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroupReferences',
      'ec2:DescribeSecurityGroupRules',
      'ec2:DescribeSecurityGroups',
    ],
    write: ['ec2:DeleteSecurityGroup'],
    undo: [],
  },

  async inspect({ ec2 }, { target: { id } }) {
    const group = await readGroup(ec2, id);
    const namedBy = [...(await groupsNaming(ec2, id)), ...(await vpcsNaming(ec2, id))];
    return { ...group, interfaces: await interfacesIn(ec2, id), namedBy };
  },

  check: ({ name, rules }, { target: { id } }) =>
    `the security group ${id} (${name}, ${rules.length} rules) is to be deleted`,

  plan({ name, interfaces, namedBy }, { target: { id: GroupId } }) {
    if (name === 'default')
      return { held: `${GroupId} is the default group of its VPC, which EC2 never deletes` };
    if (interfaces.length > 0) return { held: `${GroupId} is used by ${interfaces.join(', ')}` };
    if (namedBy.length > 0) return { held: `${GroupId} is named by rules in ${namedBy.join(', ')}` };
    return [{ ec2: new DeleteSecurityGroupCommand({ GroupId }) }];
  },

  undo: () => ({
    irreversible: 'a group made anew has another id; what its rules were is in the journal',
  }),
});
