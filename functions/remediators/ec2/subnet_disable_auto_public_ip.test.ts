import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSubnetsCommand,
  EC2Client,
  ModifySubnetAttributeCommand,
} from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './subnet_disable_auto_public_ip';

const writes = ['ec2:ModifySubnetAttribute'];

const subnet =
  (given: { ipv4?: boolean; ipv6?: boolean }) =>
  async ({ client }: Account) => {
    const ec2 = client(EC2Client);
    const { Vpc } = await ec2.send(
      new CreateVpcCommand({ CidrBlock: '10.9.0.0/16', AmazonProvidedIpv6CidrBlock: true }),
    );
    const ipv6 = (Vpc?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock ?? '').replace(/\/56$/, '/64');
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.9.1.0/24', Ipv6CidrBlock: ipv6 }),
    );
    const SubnetId = Subnet?.SubnetId ?? '';
    for (const attribute of [
      { MapPublicIpOnLaunch: { Value: given.ipv4 ?? false } },
      { AssignIpv6AddressOnCreation: { Value: given.ipv6 ?? false } },
    ]) {
      await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, ...attribute }));
    }
    return SubnetId;
  };

/** The subnets of the default VPC, which give public addresses, too. */
const others = async ({ client }: Account, id: string) => {
  const { Subnets = [] } = await client(EC2Client).send(new DescribeSubnetsCommand({}));
  return Subnets.filter(({ SubnetId }) => SubnetId !== id);
};

testBot(bot, {
  violating: [
    {
      name: 'public IPv4 addresses; IPv6 is left',
      given: subnet({ ipv4: true, ipv6: true }),
      violation: /^what starts in the subnet gets public IPv4 addresses by itself$/,
      writes,
      after: { is: { ipv4: false, ipv6: true } },
      untouched: others,
    },
    {
      name: 'both kinds, and both are to go',
      given: subnet({ ipv4: true, ipv6: true }),
      params: { ipv6: true },
      violation: 'gets public IPv4 and IPv6 addresses',
      writes: [...writes, ...writes],
      after: { is: { ipv4: false, ipv6: false } },
    },
    {
      name: 'IPv6 alone, and it is to go',
      given: subnet({ ipv6: true }),
      params: { ipv6: true },
      violation: 'gets IPv6 addresses',
      writes,
      after: { is: { ipv4: false, ipv6: false } },
    },
  ],
  compliant: [
    { name: 'no addresses by themselves', given: subnet({}) },
    { name: 'IPv6 addresses, which are left', given: subnet({ ipv6: true }) },
    {
      // CreateSubnet: moto makes no subnet that has IPv6 alone.
      name: 'nothing but IPv6, which then cannot be turned off',
      params: { ipv6: true },
      given: ({ script }) => {
        script({
          DescribeSubnets: () => ({
            Subnets: [{ SubnetId: 'subnet-1', Ipv6Native: true, AssignIpv6AddressOnCreation: true }],
          }),
        });
        return Promise.resolve('subnet-1');
      },
    },
  ],
  gone: 'subnet-0123456789abcdef0',
});
