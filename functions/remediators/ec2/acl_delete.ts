import type { EC2Client } from '@aws-sdk/client-ec2';
import {
  DeleteNetworkAclCommand,
  DescribeNetworkAclsCommand,
  ReplaceNetworkAclAssociationCommand,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { NETWORK_ACL } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

export const bot = defineBot({
  ...NETWORK_ACL,
  id: 'acl_delete',
  title: 'Delete a network ACL that no subnet uses',
  severity: 'low',
  risk: 'destructive',
  kind: 'response',
  params: z.object({
    reassociate: z
      .boolean()
      .default(false)
      .describe('also one that is in use: its subnets get the default ACL of the VPC, which may let in more'),
  }),
  from: { reassociate: 'config' },
  permissions: {
    read: ['ec2:DescribeNetworkAcls'],
    write: ['ec2:ReplaceNetworkAclAssociation', 'ec2:DeleteNetworkAcl'],
    undo: [],
    elsewhere: ['ec2:ReplaceNetworkAclAssociation'],
  },

  async inspect({ ec2 }, { target: { id }, params: { reassociate } }): Promise<State | undefined> {
    const { NetworkAcls: [acl] = [] } = await ec2.send(
      new DescribeNetworkAclsCommand({ NetworkAclIds: [id] }),
    );
    if (!acl) return undefined;
    const { IsDefault = false, VpcId = '', Associations = [], Entries = [], Tags = [] } = acl;
    const usedBy = Associations.map(({ NetworkAclAssociationId = '', SubnetId = '' }) => ({
      ...{ association: NetworkAclAssociationId, subnet: SubnetId },
    })).sort((one, other) => one.subnet.localeCompare(other.subnet));
    const state = { isDefault: IsDefault, usedBy, entries: Entries, tags: Tags };
    if (!reassociate || IsDefault || usedBy.length === 0) return state;
    return { ...state, instead: await defaultAclOf(ec2, VpcId) };
  },

  check: ({ entries }, { target: { id } }) =>
    `the network ACL ${id} (${entries.length} entries) is to be deleted`,

  plan({ isDefault, usedBy, instead: NetworkAclId }, { target: { id } }) {
    if (isDefault) return { held: `${id} is the default ACL of its VPC, which EC2 never deletes` };
    if (usedBy.length > 0 && NetworkAclId === undefined)
      return { held: `${id} is used by ${usedBy.map(({ subnet }) => subnet).join(', ')}` };
    return [
      ...usedBy.map(({ association: AssociationId }) => ({
        ec2: new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId }),
      })),
      ...afterwards([{ ec2: new DeleteNetworkAclCommand({ NetworkAclId: id }) }]),
    ];
  },

  undo: () => ({ irreversible: 'an ACL made anew has another id; what its entries were is in the journal' }),
});

interface State {
  readonly isDefault: boolean;
  readonly usedBy: readonly { readonly association: string; readonly subnet: string }[];
  /** For the journal. */
  readonly entries: readonly object[];
  readonly tags: readonly object[];
  /** The default ACL, where its subnets are to get that. */
  readonly instead?: string;
}

async function defaultAclOf(ec2: EC2Client, vpc: string): Promise<string> {
  const Filters = [
    { Name: 'vpc-id', Values: [vpc] },
    { Name: 'default', Values: ['true'] },
  ];
  const { NetworkAcls: [acl] = [] } = await ec2.send(new DescribeNetworkAclsCommand({ Filters }));
  return acl?.NetworkAclId ?? '';
}
