import {
  AssociateIamInstanceProfileCommand,
  DisassociateIamInstanceProfileCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { AttachRolePolicyCommand, DetachRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeInstanceInformationCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import {
  type Association,
  type Profile,
  associationOf,
  profileCalled,
  profileSchema,
} from './lib/instance-role';
import { liveInstance } from './lib/instances';
import { rolePolicies, untouchable } from '../iam/lib/iam';
import { type Target, partitionOf } from '../../../shared/resources/target';
import { INSTANCE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...INSTANCE,
  id: 'ssm_attach_instance_role',
  title: 'Let Systems Manager manage an EC2 instance',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  passes: 2,
  params: z.object({
    profile: profileSchema
      .optional()
      .describe('the instance profile for instances without one, by name or ARN; not given: these are held'),
  }),
  from: { profile: 'config' },
  permissions: {
    read: [
      'ec2:DescribeInstances',
      'ec2:DescribeIamInstanceProfileAssociations',
      'iam:GetInstanceProfile',
      'iam:ListAttachedRolePolicies',
      'ssm:DescribeInstanceInformation',
    ],
    write: ['ec2:AssociateIamInstanceProfile', 'iam:PassRole', 'iam:AttachRolePolicy'],
    undo: ['ec2:DisassociateIamInstanceProfile', 'iam:DetachRolePolicy'],
    where: {
      'ec2:AssociateIamInstanceProfile': {
        ArnLike: {
          'ec2:NewInstanceProfile': [
            'arn:${Partition}:iam::${Account}:instance-profile/${params.profile}',
            'arn:${Partition}:iam::${Account}:instance-profile/*/${params.profile}',
          ],
        },
      },
      'iam:AttachRolePolicy': {
        ArnEquals: { 'iam:PolicyARN': 'arn:${Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore' },
      },
    },
  },
  clients: { ec2: EC2Client, iam: IAMClient, ssm: SSMClient },

  async inspect({ ec2, iam, ssm }, { target: { id, account }, params }): Promise<State | undefined> {
    const instance = await liveInstance(ec2, id);
    if (!instance) return undefined;
    const association = await associationOf(ec2, id);
    const profile = await profileCalled(
      iam,
      association?.arn ?? params.profile?.replace('$ACCOUNT_ID', account),
    );
    return {
      running: instance.State?.Name === 'running',
      managed: await isManaged(ssm, id),
      ...(association && { association }),
      ...(profile && { profile }),
      policies: profile?.role === undefined ? [] : await rolePolicies(iam, profile.role),
    };
  },

  check: ({ running, managed }) =>
    running && !managed ? 'Systems Manager does not manage the instance' : undefined,

  plan({ association, profile, policies }, { target, params }) {
    if (!association && params.profile === undefined)
      return { held: 'it has no instance profile: name the one that it is to get, profile, in config.ts' };
    if (!profile) return { held: `there is no instance profile ${association?.arn ?? params.profile ?? ''}` };
    const { arn: Arn, role: RoleName } = profile;
    if (RoleName === undefined) return { held: `the instance profile ${Arn} holds no role: add one first` };
    const obstacle = untouchable(RoleName);
    if (obstacle !== undefined) return { held: obstacle };
    if (!association) {
      const input = { InstanceId: target.id, IamInstanceProfile: { Arn } };
      return [{ ec2: new AssociateIamInstanceProfileCommand(input) }];
    }
    const PolicyArn = corePolicy(target);
    if (!policies.includes(PolicyArn)) return [{ iam: new AttachRolePolicyCommand({ RoleName, PolicyArn }) }];
    return { waiting: 'the agent on the instance has not reported to Systems Manager yet' };
  },

  undo(before, { target, now }) {
    const PolicyArn = corePolicy(target);
    const RoleName = before.profile?.role;
    const attached = RoleName === now.profile?.role && now.policies.includes(PolicyArn);
    return [
      ...(attached && !before.policies.includes(PolicyArn)
        ? [{ iam: new DetachRolePolicyCommand({ RoleName, PolicyArn }) }]
        : []),
      ...(!before.association && now.association
        ? [{ ec2: new DisassociateIamInstanceProfileCommand({ AssociationId: now.association.association }) }]
        : []),
    ];
  },

  footprint: ({ association, policies }) => ({ profile: association?.arn, policies }),
});

interface State {
  readonly running: boolean;
  readonly managed: boolean;
  readonly association?: Association;
  /** The profile that it has, or is to get, where there is one of that name. */
  readonly profile?: Profile;
  /** ARNs of the managed policies of the profile's role. */
  readonly policies: readonly string[];
}

/** What the agent needs. Source: Systems Manager User Guide, instance permissions. */
function corePolicy({ region }: Target): string {
  return `arn:${partitionOf(region)}:iam::aws:policy/AmazonSSMManagedInstanceCore`;
}

async function isManaged(ssm: SSMClient, id: string): Promise<boolean> {
  const Filters = [{ Key: 'InstanceIds', Values: [id] }];
  const { InstanceInformationList = [] } = await ssm.send(
    new DescribeInstanceInformationCommand({ Filters }),
  );
  return InstanceInformationList.length > 0;
}
