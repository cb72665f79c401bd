import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNetworkAclCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  CreateVpcPeeringConnectionCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './vpc_delete';

const vpcs = async ({ client }: Account) =>
  (await client(EC2Client).send(new DescribeVpcsCommand({}))).Vpcs ?? [];
const newVpc = async ({ client }: Account, CidrBlock: string) =>
  (await client(EC2Client).send(new CreateVpcCommand({ CidrBlock }))).Vpc?.VpcId ?? '';
/** A VPC beside another, with what is made in it. */
const vpc =
  (fill: (ec2: EC2Client, VpcId: string, other: string) => Promise<unknown> = () => Promise.resolve()) =>
  async (account: Account) => {
    const other = await newVpc(account, '10.8.0.0/16');
    const id = await newVpc(account, '10.9.0.0/16');
    await fill(account.client(EC2Client), id, other);
    return id;
  };
const violation = /^the VPC vpc-\w+ \(10\.9\.0\.0\/16\) is to be deleted$/;
const held = (what: string) => new RegExp(`^vpc-\\w+ holds ${what}: delete these first$`);

testBot(bot, {
  violating: [
    {
      name: 'nothing is in it',
      given: vpc(),
      violation,
      writes: ['ec2:DeleteVpc'],
      irreversible: /another id/,
      untouched: async (account, id) => (await vpcs(account)).filter(({ VpcId }) => VpcId !== id),
    },
    {
      name: 'a subnet with an interface',
      given: vpc(async (ec2, VpcId) => {
        const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.9.1.0/24' }));
        await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: Subnet?.SubnetId }));
      }),
      violation,
      writes: [],
      held: held('eni-\\w+, subnet-\\w+'),
    },
    {
      name: 'a gateway, a route table, an ACL and a group',
      given: vpc(async (ec2, VpcId) => {
        const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
        const { InternetGatewayId } = InternetGateway ?? {};
        await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
        await ec2.send(new CreateRouteTableCommand({ VpcId }));
        await ec2.send(new CreateNetworkAclCommand({ VpcId }));
        await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web', VpcId }));
      }),
      violation,
      writes: [],
      held: held('acl-\\w+, igw-\\w+, rtb-\\w+, sg-\\w+'),
    },
    {
      name: 'an endpoint and a peering',
      given: vpc(async (ec2, VpcId, PeerVpcId) => {
        const ServiceName = 'com.amazonaws.eu-west-1.s3';
        await ec2.send(new CreateVpcEndpointCommand({ VpcId, ServiceName }));
        await ec2.send(new CreateVpcPeeringConnectionCommand({ VpcId: PeerVpcId, PeerVpcId: VpcId }));
      }),
      violation,
      writes: [],
      held: held('pcx-\\w+, vpce-\\w+'),
    },
    {
      name: 'the default VPC',
      given: async (account) => (await vpcs(account)).find(({ IsDefault }) => IsDefault)?.VpcId ?? '',
      violation: /is to be deleted$/,
      writes: [],
      held: /say allowDefault=true/,
    },
  ],
  compliant: 'only when gone',
  gone: 'vpc-0123456789abcdef0',
});
