import {
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './vpc_create_endpoint';

/** A VPC with two subnets in one zone and one in another, beside the default one. */
const vpc =
  (...zones: string[]) =>
  async ({ client }: Account) => {
    const ec2 = client(EC2Client);
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    for (const [index, AvailabilityZone] of zones.entries()) {
      const CidrBlock = `10.0.${index}.0/24`;
      await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock, AvailabilityZone }));
    }
    return Vpc?.VpcId ?? '';
  };
const ZONES = ['eu-west-1a', 'eu-west-1a', 'eu-west-1b'];
const withEndpoint =
  (service: string, VpcEndpointType: 'Interface' | 'Gateway' = 'Interface') =>
  async (account: Account) => {
    const VpcId = await vpc(...ZONES)(account);
    const ServiceName = `com.amazonaws.eu-west-1.${service}`;
    await account
      .client(EC2Client)
      .send(new CreateVpcEndpointCommand({ VpcId, ServiceName, VpcEndpointType, PrivateDnsEnabled: false }));
    return VpcId;
  };
const made = async ({ client }: Account, id: string) => {
  const Filters = [{ Name: 'vpc-id', Values: [id] }];
  const { VpcEndpoints = [] } = await client(EC2Client).send(new DescribeVpcEndpointsCommand({ Filters }));
  return VpcEndpoints;
};
/** Endpoints that the bot has not made. */
const untouched = async (account: Account, id: string) =>
  (await made(account, id)).filter(({ Tags = [] }) => Tags.length === 0);
const create = 'ec2:CreateVpcEndpoint';
const endpoint = (service: string) => ({ service: `com.amazonaws.eu-west-1.${service}`, isOwn: true });

testBot(bot, {
  violating: [
    {
      name: 'no endpoint',
      given: vpc(...ZONES),
      violation: 'the VPC has no endpoint for ec2',
      writes: [create],
      after: { endpoints: [expect.objectContaining(endpoint('ec2'))] },
    },
    {
      name: 'one of three, and a gateway',
      given: withEndpoint('ssm'),
      params: { services: ['ec2', 'ssm', 'ecr.api'] },
      violation: 'for ec2, ecr.api',
      writes: [create, create],
      untouched,
    },
    {
      name: 'without subnets',
      given: vpc(),
      ...{
        violation: /no endpoint/,
        writes: [],
        held: /^the VPC has no subnet in a zone that has com\.\S+\.ec2$/,
      },
    },
  ],
  compliant: [{ name: 'has one already', given: withEndpoint('ec2') }],
  gone: 'vpc-0c0c0c0c',
});

test('one subnet of each zone, the group that is named, and no private DNS', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'vpc-1' };
  const wanted = [{ service: 's', subnets: ['subnet-1', 'subnet-3'] }];
  const params = bot.params.parse({ securityGroup: 'sg-1' });
  expect(bot.plan({ endpoints: [], wanted }, { target, params })).toMatchObject([
    {
      ec2: {
        input: { SubnetIds: ['subnet-1', 'subnet-3'], SecurityGroupIds: ['sg-1'], PrivateDnsEnabled: false },
      },
    },
  ]);
});
