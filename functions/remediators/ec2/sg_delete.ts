import { DeleteSecurityGroupCommand, EC2Client } from '@aws-sdk/client-ec2';
import { groupsNaming, interfacesIn, vpcsNaming } from './lib/security-groups';
import { readGroup } from './lib/security-groups-changes';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'sg_delete',
  title: 'Delete a security group that nothing uses',
  resource: 'AWS::EC2::SecurityGroup',
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
  controls: {
    securityHub: ['EC2.22'],
    config: ['EC2_SECURITY_GROUP_ATTACHED_TO_ENI', 'EC2_SECURITY_GROUP_ATTACHED_TO_ENI_PERIODIC'],
    prowler: ['ec2_securitygroup_not_used'],
  },
  docs: {
    why: 'A group that nothing uses is a set of open ports that waits for somebody to pick it by mistake.',
    effect: [
      'The group and its rules are deleted.',
      'The bot holds where a network interface uses the group, where rules of other groups name it, in this VPC or across a peering or transit gateway, and on the default group of a VPC.',
      'What only mentions the group, such as a launch template, is not looked at: what it launches will fail.',
      'It cannot be undone: a group made anew has another id.',
      'What the rules were is in the journal.',
    ],
    references: ['https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html'],
  },
  clients: { ec2: EC2Client },
  gone: ['InvalidGroup.NotFound'],

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
