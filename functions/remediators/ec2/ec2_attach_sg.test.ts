import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
import { newAccount } from '../../../testing/account';
import { newInstance, otherInstances, secondInterface } from './fixtures/instance';
import { bot } from './ec2_attach_sg';

const MOVE = 'ec2:ModifyNetworkInterfaceAttribute';
const untouched = async (account: Account, id: string) => ({
  instances: await otherInstances(account, id),
  groups: (await account.client(EC2Client).send(new DescribeSecurityGroupsCommand({}))).SecurityGroups,
});

testBot(bot, {
  violating: [
    {
      name: 'two interfaces with other groups, one of them with the wanted group beside it',
      given: async (account) => {
        const contain = await group(account, 'contain');
        const id = await newInstance(account, { SecurityGroupIds: [await group(account, 'web'), contain] });
        await secondInterface(account, id, [await group(account, 'admin')]);
        await newInstance(account);
        return id;
      },
      params: { group: 'contain' },
      violation:
        /^contain is to be the only security group: eni-\w+ has sg-\w+(, sg-\w+)?; eni-\w+ has sg-\w+(, sg-\w+)?$/,
      writes: [MOVE, MOVE],
      untouched,
    },
    {
      name: 'interfaces in two VPCs, each with a group of that name',
      given: async (account) => {
        const { vpc, subnet } = await secondVpc(account);
        await group(account, 'contain');
        await group(account, 'contain', vpc);
        const id = await newInstance(account);
        await secondInterface(account, id, [await group(account, 'admin', vpc)], subnet);
        return id;
      },
      params: { group: 'contain' },
      violation: 'contain is to be the only security group',
      writes: [MOVE, MOVE],
      untouched,
    },
    {
      name: 'the group is only in one of the two VPCs: nothing is half done',
      given: async (account) => {
        const { vpc, subnet } = await secondVpc(account);
        await group(account, 'contain');
        const id = await newInstance(account);
        await secondInterface(account, id, [await group(account, 'admin', vpc)], subnet);
        return id;
      },
      params: { group: 'contain' },
      violation: 'contain is to be the only security group',
      writes: [],
      held: /^there is no security group contain in vpc-\w+: make it first$/,
    },
    {
      name: 'an id that names no group',
      given: (account) => newInstance(account),
      params: { group: 'sg-00000000000000000' },
      violation: 'sg-00000000000000000 is to be the only security group',
      writes: [],
      held: /no security group sg-0/,
    },
    {
      name: 'nobody says which group',
      given: (account) => newInstance(account),
      violation: 'nothing says which',
      writes: [],
      held: /^name /,
    },
  ],
  compliant: [
    {
      name: 'has that group and no other',
      given: async (account) => newInstance(account, { SecurityGroupIds: [await group(account, 'contain')] }),
      params: { group: 'contain' },
    },
  ],
});

describe('ec2_attach_sg', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'i-1' };

  test('a group may be named by its id', () => {
    const interfaces = [{ id: 'eni-1', vpc: 'vpc-1', groups: ['sg-2'] }];
    const state = { interfaces, wanted: { 'vpc-1': 'sg-1' } };
    expect(bot.plan(state, { target, params: { group: 'sg-1' } })).toMatchObject([
      { ec2: { input: { NetworkInterfaceId: 'eni-1', Groups: ['sg-1'] } } },
    ]);
  });

  test('an instance that is not there is gone', async () => {
    const account = await newAccount();
    const context = { target: { ...target, id: 'i-00000000000000000' }, params: { group: 'contain' } };
    expect(await bot.inspect({ ec2: account.client(EC2Client) }, context)).toBeUndefined();
  });
});

async function group({ client }: Account, GroupName: string, VpcId?: string): Promise<string> {
  const { GroupId = '' } = await client(EC2Client).send(
    new CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId }),
  );
  return GroupId;
}

async function secondVpc({ client }: Account): Promise<{ vpc: string; subnet: string }> {
  const ec2 = client(EC2Client);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.9.1.0/24' }));
  return { vpc: Vpc?.VpcId ?? '', subnet: Subnet?.SubnetId ?? '' };
}
