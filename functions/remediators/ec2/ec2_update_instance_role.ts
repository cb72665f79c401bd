import { EC2Client } from '@aws-sdk/client-ec2';
import { AttachRolePolicyCommand, DetachRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { associationOf, profileCalled } from './lib/instance-role';
import { liveInstance } from './lib/instances';
import { ATTACHING, ONLY_THE_POLICY } from '../iam/lib/attaching';
import { type Attachment, attachmentOf, rolePolicies, untouchable } from '../iam/lib/iam';
import { INSTANCE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...INSTANCE,
  ...ATTACHING,
  id: 'ec2_update_instance_role',
  title: 'Attach a managed policy to the role of an EC2 instance',
  severity: 'medium',
  risk: 'safe',
  permissions: {
    read: [
      'ec2:DescribeInstances',
      'ec2:DescribeIamInstanceProfileAssociations',
      'iam:GetInstanceProfile',
      'iam:ListAttachedRolePolicies',
      'iam:GetPolicy',
    ],
    write: ['iam:AttachRolePolicy'],
    undo: ['iam:DetachRolePolicy'],
    where: { 'iam:AttachRolePolicy': ONLY_THE_POLICY },
  },
  clients: { ec2: EC2Client, iam: IAMClient },

  async inspect({ ec2, iam }, { target, params }): Promise<State | undefined> {
    if (!(await liveInstance(ec2, target.id))) return undefined;
    const profile = await profileCalled(iam, (await associationOf(ec2, target.id))?.arn);
    const role = profile?.role;
    const state = await attachmentOf(
      iam,
      params,
      target,
      role === undefined ? [] : await rolePolicies(iam, role),
    );
    const obstacle = role === undefined ? 'the instance has no role: attach one first' : untouchable(role);
    return {
      ...(role !== undefined && { role }),
      ...{ ...state, ...(obstacle !== undefined && { obstacle }) },
    };
  },

  check: ({ role, policy, attached }) =>
    attached
      ? undefined
      : `${policy} is not attached to the role ${role ?? '(there is none)'} of the instance`,

  plan: ({ role: RoleName, policy: PolicyArn, obstacle }) =>
    obstacle === undefined
      ? [{ iam: new AttachRolePolicyCommand({ RoleName, PolicyArn }) }]
      : { held: obstacle },

  undo: ({ role: RoleName, attached, policy: PolicyArn }, { now }) =>
    !attached && now.attached && now.role === RoleName
      ? [{ iam: new DetachRolePolicyCommand({ RoleName, PolicyArn }) }]
      : [],

  footprint: ({ attached }) => ({ attached }),
});

interface State extends Attachment {
  /** The name of the role; absent: the instance has none. */
  readonly role?: string;
}
