import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeInternetGatewaysCommand,
  DescribeRouteTablesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './igw_delete';

const newVpc = async (ec2: EC2Client, CidrBlock: string, isOpen = true) => {
  const VpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock }))).Vpc?.VpcId ?? '';
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const { InternetGatewayId } = InternetGateway ?? {};
  if (isOpen) await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
  return { VpcId, InternetGatewayId };
};
/** A VPC with a gateway and a route to it, beside another VPC and a gateway of no VPC. */
const open = async ({ client }: Account) => {
  const ec2 = client(EC2Client);
  await newVpc(ec2, '10.8.0.0/16');
  await newVpc(ec2, '10.7.0.0/16', false);
  const { VpcId, InternetGatewayId: GatewayId } = await newVpc(ec2, '10.9.0.0/16');
  const Filters = [{ Name: 'vpc-id', Values: [VpcId] }];
  const { RouteTables: [table] = [] } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
  const { RouteTableId } = table ?? {};
  await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId }));
  return VpcId;
};
/** The gateways of other VPCs or none. */
const others = async ({ client }: Account, id: string) => {
  const { InternetGateways = [] } = await client(EC2Client).send(new DescribeInternetGatewaysCommand({}));
  const kept = InternetGateways.filter(({ Attachments = [] }) =>
    Attachments.some(({ VpcId }) => VpcId !== id),
  );
  return { kept };
};
const violation = /^the VPC has the internet gateway igw-\w+, to which rtb-\w+ lead$/;

testBot(bot, {
  violating: [
    {
      name: 'nothing has a public address',
      given: open,
      violation,
      writes: ['ec2:DetachInternetGateway'],
      after: { gateways: [] },
      untouched: others,
    },
    {
      name: 'the gateway is to be deleted too',
      given: open,
      params: { mode: 'delete' },
      violation,
      writes: ['ec2:DetachInternetGateway', 'ec2:DeleteInternetGateway'],
      after: { gateways: [] },
      irreversible: /the gateway was deleted/,
      untouched: others,
    },
    {
      name: 'an interface has a public address',
      given: async (account) => {
        const VpcId = await open(account);
        const ec2 = account.client(EC2Client);
        const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.9.1.0/24' }));
        const { NetworkInterface } = await ec2.send(
          new CreateNetworkInterfaceCommand({ SubnetId: Subnet?.SubnetId }),
        );
        const { NetworkInterfaceId } = NetworkInterface ?? {};
        const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
        await ec2.send(new AssociateAddressCommand({ AllocationId, NetworkInterfaceId }));
        return VpcId;
      },
      violation,
      writes: [],
      held: /^these have public addresses: eni-\w+ \([\d.]+\)$/,
    },
  ],
  compliant: [
    {
      name: 'no gateway',
      given: async ({ client }) => (await newVpc(client(EC2Client), '10.9.0.0/16', false)).VpcId,
    },
  ],
});
