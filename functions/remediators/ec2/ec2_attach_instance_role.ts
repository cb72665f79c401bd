import {
  AssociateIamInstanceProfileCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DisassociateIamInstanceProfileCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { GetInstanceProfileCommand, IAMClient } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { NO_INSTANCE, liveInstance } from '../../../shared/aws/instances';
import { defineBot } from '../../../shared/bot/bot';
import { serve } from '../../../shared/bot/serve';

/** A name, or an ARN with any path; `$ACCOUNT_ID` stands for the account of the instance. */
const PROFILE =
  /^(arn:aws[a-z-]*:iam::(\d{12}|\$ACCOUNT_ID):instance-profile\/([\w+=,.@/-]*\/)?)?[\w+=,.@-]{1,128}$/;

export const bot = defineBot({
  id: 'ec2_attach_instance_role',
  title: 'Attach an instance profile with its role to an EC2 instance',
  resource: 'AWS::EC2::Instance',
  severity: 'medium',
  risk: 'safe',
  kind: 'response',
  params: z.object({
    profile: z
      .string()
      .regex(PROFILE, 'must be the name or the ARN of an instance profile, not of a role')
      .describe('the instance profile, by name or ARN; $ACCOUNT_ID in it is the account of the instance'),
  }),
  words: { order: ['profile'], names: { role_arn: 'profile' } },
  permissions: {
    read: ['ec2:DescribeInstances', 'ec2:DescribeIamInstanceProfileAssociations', 'iam:GetInstanceProfile'],
    write: ['ec2:AssociateIamInstanceProfile', 'iam:PassRole'],
    undo: ['ec2:DisassociateIamInstanceProfile'],
  },
  controls: { config: ['EC2_INSTANCE_PROFILE_ATTACHED'], prowler: ['ec2_instance_profile_attached'] },
  docs: {
    why: 'Software on an instance without a role works with long-lived keys that lie on its disk, or cannot be managed at all.',
    effect:
      'Everything that runs on the instance may do what the role of the profile allows. An instance that has another profile keeps it, and a profile that does not exist or holds no role is not attached: the bot holds and says so. Undo takes the profile off.',
    references: [
      'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateIamInstanceProfile.html',
    ],
  },
  clients: { ec2: EC2Client, iam: IAMClient },
  gone: NO_INSTANCE,

  async inspect({ ec2, iam }, { target: { id }, params }): Promise<State | undefined> {
    if (!(await liveInstance(ec2, id))) return undefined;
    const Filters = [
      { Name: 'instance-id', Values: [id] },
      { Name: 'state', Values: ['associating', 'associated'] },
    ];
    const { IamInstanceProfileAssociations: [one] = [] } = await ec2.send(
      new DescribeIamInstanceProfileAssociationsCommand({ Filters }),
    );
    const InstanceProfileName = params.profile.split('/').at(-1);
    const wanted = await undefinedIfGone(
      iam.send(new GetInstanceProfileCommand({ InstanceProfileName })),
      'NoSuchEntityException',
    );
    const { Arn = '', Roles = [] } = wanted?.InstanceProfile ?? {};
    return {
      ...(one && {
        attached: { association: one.AssociationId ?? '', arn: one.IamInstanceProfile?.Arn ?? '' },
      }),
      ...(wanted && { wanted: { arn: Arn, empty: Roles.length === 0 } }),
    };
  },

  check({ attached, wanted }, { params }) {
    if (attached && attached.arn === wanted?.arn) return undefined;
    return `the instance has ${attached ? `the instance profile ${attached.arn}` : 'no instance profile'}, not ${params.profile}`;
  },

  plan({ attached, wanted }, { target, params }) {
    const arn = params.profile.replace('$ACCOUNT_ID', target.account);
    if (attached)
      return { held: 'it has another instance profile: take that off first if this one is right' };
    if (!wanted || (arn.startsWith('arn:') && arn !== wanted.arn)) {
      return { held: `account ${target.account} has no instance profile ${arn}: make it first` };
    }
    if (wanted.empty) return { held: `the instance profile ${wanted.arn} holds no role: add one first` };
    const input = { InstanceId: target.id, IamInstanceProfile: { Arn: wanted.arn } };
    return [{ ec2: new AssociateIamInstanceProfileCommand(input) }];
  },

  undo: (_before, { now: { attached } }) =>
    attached
      ? [{ ec2: new DisassociateIamInstanceProfileCommand({ AssociationId: attached.association }) }]
      : [],

  footprint: ({ attached }) => ({ attached: attached?.arn }),
});

export const handler = serve(bot);

interface State {
  readonly attached?: { readonly association: string; readonly arn: string };
  /** The profile that is asked for, where there is one of its name. */
  readonly wanted?: { readonly arn: string; readonly empty: boolean };
}
