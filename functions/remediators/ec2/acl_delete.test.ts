import {
  CreateNetworkAclCommand,
  DescribeNetworkAclsCommand,
  EC2Client,
  ReplaceNetworkAclAssociationCommand,
} from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './acl_delete';

const acls = async ({ client }: Account) => {
  const { NetworkAcls = [] } = await client(EC2Client).send(new DescribeNetworkAclsCommand({}));
  return NetworkAcls;
};
/** An ACL beside the default one of its VPC, used by so many subnets. */
const acl = (used: number) => async (account: Account) => {
  const ec2 = account.client(EC2Client);
  const [first] = await acls(account);
  const make = async () =>
    (await ec2.send(new CreateNetworkAclCommand({ VpcId: first?.VpcId }))).NetworkAcl?.NetworkAclId ?? '';
  await make();
  const NetworkAclId = await make();
  for (const { NetworkAclAssociationId: AssociationId } of (first?.Associations ?? []).slice(0, used))
    await ec2.send(new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId }));
  return NetworkAclId;
};
/** The ACLs that are neither the one nor the default one, and how many subnets the default one has in the end. */
const others = async (account: Account, id: string) =>
  (await acls(account)).filter(({ NetworkAclId, IsDefault }) => NetworkAclId !== id && !IsDefault);
const violation = /^the network ACL acl-\w+ \(\d+ entries\) is to be deleted$/;
const irreversible = /another id/;

testBot(bot, {
  violating: [
    {
      name: 'no subnet uses it',
      given: acl(0),
      violation,
      writes: ['ec2:DeleteNetworkAcl'],
      irreversible,
      untouched: async (account, id) =>
        (await acls(account)).filter(({ NetworkAclId }) => NetworkAclId !== id),
    },
    {
      name: 'two subnets use it, and get the default one',
      given: acl(2),
      params: { reassociate: true },
      violation,
      writes: [
        'ec2:ReplaceNetworkAclAssociation',
        'ec2:ReplaceNetworkAclAssociation',
        'ec2:DeleteNetworkAcl',
      ],
      irreversible,
      untouched: others,
    },
    {
      name: 'a subnet uses it',
      given: acl(1),
      violation,
      writes: [],
      held: /^acl-\w+ is used by subnet-\w+$/,
    },
    {
      name: 'the default one',
      given: async (account) => (await acls(account)).find(({ IsDefault }) => IsDefault)?.NetworkAclId ?? '',
      params: { reassociate: true },
      violation,
      writes: [],
      held: /default ACL of its VPC/,
    },
  ],
  compliant: 'only when gone',
  gone: 'acl-0123456789abcdef0',
});
