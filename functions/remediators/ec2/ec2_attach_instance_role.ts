import {
  AssociateIamInstanceProfileCommand,
  DisassociateIamInstanceProfileCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import * as z from 'zod';
import {
  type Association,
  type Profile,
  associationOf,
  profileCalled,
  profileOrRoleSchema,
  profilesOf,
} from './lib/instance-role';
import { liveInstance } from './lib/instances';
import { INSTANCE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...INSTANCE,
  id: 'ec2_attach_instance_role',
  title: 'Attach an instance profile with its role to an EC2 instance',
  severity: 'medium',
  risk: 'safe',
  kind: 'response',
  params: z.object({
    profile: profileOrRoleSchema
      .optional()
      .describe(
        'the instance profile, by name, by ARN or by the ARN of its role; $ACCOUNT_ID in it is the account of the instance; held where none is named',
      ),
  }),
  from: { profile: 'config' },
  words: { order: ['profile'], names: { role_arn: 'profile' } },
  permissions: {
    read: [
      'ec2:DescribeInstances',
      'ec2:DescribeIamInstanceProfileAssociations',
      'iam:GetInstanceProfile',
      'iam:ListInstanceProfilesForRole',
    ],
    write: ['ec2:AssociateIamInstanceProfile', 'iam:PassRole'],
    undo: ['ec2:DisassociateIamInstanceProfile'],
    where: {
      'ec2:AssociateIamInstanceProfile': {
        ArnLike: {
          'ec2:NewInstanceProfile': [
            'arn:${Partition}:iam::${Account}:instance-profile/${params.profile}',
            'arn:${Partition}:iam::${Account}:instance-profile/*/${params.profile}',
          ],
        },
      },
    },
  },
  clients: { ec2: EC2Client, iam: IAMClient },

  async inspect({ ec2, iam }, { target: { id, account }, params }): Promise<State | undefined> {
    if (!(await liveInstance(ec2, id))) return undefined;
    const attached = await associationOf(ec2, id);
    const asked = params.profile?.replace('$ACCOUNT_ID', account);
    const one = isRole(asked) ? [] : [(await profileCalled(iam, asked)) ?? []].flat();
    const found = isRole(asked) ? await profilesOf(iam, asked) : one;
    // Of the profiles that hold a role, the one that the instance has is as good as any.
    const had = found.filter(({ arn }) => arn === attached?.arn);
    const [wanted, ...others] = had.length > 0 ? had : found;
    return {
      ...(attached && { attached }),
      ...(wanted && { wanted }),
      ...(others.length > 0 && { others: others.map(({ arn }) => arn) }),
    };
  },

  check({ attached, wanted }, { params }) {
    if (params.profile === undefined) return 'nothing says which instance profile the instance is to have';
    if (attached && attached.arn === wanted?.arn) return undefined;
    return `the instance has ${attached ? `the instance profile ${attached.arn}` : 'no instance profile'}, not ${params.profile}`;
  },

  plan({ attached, wanted, others }, { target, params }) {
    if (params.profile === undefined)
      return { held: 'name the profile: AUTO: ec2_attach_instance_role <ARN or name>' };
    if (attached)
      return { held: 'it has another instance profile: take that off first if this one is right' };
    if (!wanted)
      return { held: `account ${target.account} has no instance profile ${params.profile}: make it first` };
    if (others)
      return { held: `${params.profile} is in ${[wanted.arn, ...others].join(' and ')}: name one of these` };
    if (isRole(params.profile) && nameOf(params.profile) !== nameOf(wanted.arn))
      return {
        held: `${params.profile} is in ${wanted.arn}, and the bot may attach only a profile called like what config.ts names: name that profile`,
      };
    if (wanted.role === undefined)
      return { held: `the instance profile ${wanted.arn} holds no role: add one first` };
    const input = { InstanceId: target.id, IamInstanceProfile: { Arn: wanted.arn } };
    return [{ ec2: new AssociateIamInstanceProfileCommand(input) }];
  },

  undo: (_before, { now: { attached } }) =>
    attached
      ? [{ ec2: new DisassociateIamInstanceProfileCommand({ AssociationId: attached.association }) }]
      : [],

  footprint: ({ attached }) => ({ attached: attached?.arn }),
});

interface State {
  readonly attached?: Association;
  /** The profile that is asked for, where there is one of its name. */
  readonly wanted?: Profile;
  /** The ARNs of further ones that hold the same role. */
  readonly others?: readonly string[];
}

function isRole(asked: string | undefined): asked is string {
  return asked?.split(':')[5]?.startsWith('role/') ?? false;
}

function nameOf(arn: string): string | undefined {
  return arn.split('/').at(-1);
}
