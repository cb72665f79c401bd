import { DescribeSubnetsCommand, EC2Client, ModifySubnetAttributeCommand } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'subnet_disable_auto_public_ip',
  title: 'Stop a subnet from giving public addresses to whatever starts in it',
  resource: 'AWS::EC2::Subnet',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'posture',
  params: z.object({
    ipv6: z.boolean().default(false).describe('true: no IPv6 addresses by themselves either'),
  }),
  from: { ipv6: 'finding' },
  words: { order: ['ipv6'] },
  permissions: { read: ['ec2:DescribeSubnets'], write: ['ec2:ModifySubnetAttribute'] },
  controls: {
    securityHub: ['EC2.15'],
    config: ['SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED'],
    prowler: ['vpc_subnet_no_public_ip_by_default'],
  },
  docs: {
    why: 'Whatever starts in such a subnet stands on the internet without anyone having asked for it.',
    effect: [
      'Instances that start from now on get no public IPv4 address, unless their launch asks for one.',
      'Those that run keep theirs.',
      'What needs the internet and has neither a NAT gateway nor an address that was asked for cannot reach it: look at Auto Scaling groups and launch templates in public subnets first.',
      'IPv6, whose addresses are public only where a route makes them so, stays as it is unless ipv6 is true.',
      'A subnet that has IPv6 alone keeps its addresses always.',
      'Undo turns on again what was on.',
    ],
    references: ['https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html'],
  },
  clients: { ec2: EC2Client },
  gone: ['InvalidSubnetID.NotFound', 'InvalidSubnetId.Malformed'],

  async inspect({ ec2 }, { target: { id } }) {
    const { Subnets: [subnet] = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [id] }));
    // Where there is nothing but IPv6, its assignment cannot be turned off.
    const ipv6 = subnet?.AssignIpv6AddressOnCreation === true && subnet.Ipv6Native !== true;
    return subnet && { ipv4: subnet.MapPublicIpOnLaunch ?? false, ipv6 };
  },

  check(state, { params: { ipv6 } }) {
    const given = [...(state.ipv4 ? ['public IPv4'] : []), ...(state.ipv6 && ipv6 ? ['IPv6'] : [])];
    return given[0] && `what starts in the subnet gets ${given.join(' and ')} addresses by itself`;
  },

  plan: (state, { target: { id }, params: { ipv6 } }) => changes(id, state, ipv6, false),

  // One that somebody has turned on again meanwhile is on again already: to say so twice does no harm.
  undo: (before, { target: { id }, params: { ipv6 } }) => changes(id, before, ipv6, true),
});

/** Each attribute needs a call of its own. */
function changes(SubnetId: string, on: { ipv4: boolean; ipv6: boolean }, ipv6: boolean, Value: boolean) {
  return [
    ...(on.ipv4 ? [{ MapPublicIpOnLaunch: { Value } }] : []),
    ...(on.ipv6 && ipv6 ? [{ AssignIpv6AddressOnCreation: { Value } }] : []),
  ].map((attribute) => ({ ec2: new ModifySubnetAttributeCommand({ SubnetId, ...attribute }) }));
}
