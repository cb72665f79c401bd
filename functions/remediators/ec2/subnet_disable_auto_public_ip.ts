import { DescribeSubnetsCommand, ModifySubnetAttributeCommand } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { SUBNET } from './lib/types';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...SUBNET,
  id: 'subnet_disable_auto_public_ip',
  title: 'Stop a subnet from giving public addresses to whatever starts in it',
  attribute: 'automatic public',
  severity: 'medium',
  risk: 'disruptive',
  params: z.object({
    ipv6: z.boolean().default(false).describe('true: no IPv6 addresses by themselves either'),
  }),
  from: { ipv6: 'finding' },
  words: { order: ['ipv6'] },
  permissions: { read: ['ec2:DescribeSubnets'], write: ['ec2:ModifySubnetAttribute'] },

  async inspect({ ec2 }, { target: { id } }) {
    const { Subnets: [subnet] = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [id] }));
    // Where there is nothing but IPv6, its assignment cannot be turned off.
    const ipv6 = subnet?.AssignIpv6AddressOnCreation === true && subnet.Ipv6Native !== true;
    return subnet && { is: { ipv4: subnet.MapPublicIpOnLaunch ?? false, ipv6 } };
  },
  want: ({ ipv6 }, { is }) => ({ ipv4: false, ipv6: is.ipv6 && !ipv6 }),
  says({ is }, { params: { ipv6 } }) {
    const given = [...(is.ipv4 ? ['public IPv4'] : []), ...(is.ipv6 && ipv6 ? ['IPv6'] : [])];
    return `what starts in the subnet gets ${given.join(' and ')} addresses by itself`;
  },
  // Each attribute needs a call of its own.
  write: ({ ipv4, ipv6 }, { target: { id: SubnetId } }, { is }) =>
    [
      ...(ipv4 === is.ipv4 ? [] : [{ MapPublicIpOnLaunch: { Value: ipv4 } }]),
      ...(ipv6 === is.ipv6 ? [] : [{ AssignIpv6AddressOnCreation: { Value: ipv6 } }]),
    ].map((attribute) => ({ ec2: new ModifySubnetAttributeCommand({ SubnetId, ...attribute }) })),
});
