import { DescribeIamInstanceProfileAssociationsCommand, type EC2Client } from '@aws-sdk/client-ec2';
import {
  GetInstanceProfileCommand,
  type IAMClient,
  ListInstanceProfilesForRoleCommand,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import { undefinedIfGone } from '../../../../shared/aws/errors';

/** A name, or an ARN with any path; `$ACCOUNT_ID` stands for the account of the instance. */
const PROFILE =
  /^(arn:aws[a-z-]*:iam::(\d{12}|\$ACCOUNT_ID):instance-profile\/([\w+=,.@/-]*\/)?)?[\w+=,.@-]{1,128}$/;

/** An instance profile as config.ts names it. */
export const profileSchema = z
  .string()
  .regex(PROFILE, 'must be the name or the ARN of an instance profile, not of a role');

/** An instance profile as config.ts names it, also by the role that it holds. */
export const profileOrRoleSchema = z
  .string()
  .regex(
    new RegExp(PROFILE.source.replace('instance-profile', '(instance-profile|role)')),
    'must be the name or the ARN of an instance profile, or the ARN of its role',
  );

/** The instance profile that an instance has. */
export interface Association {
  readonly association: string;
  /** The ARN of the profile. */
  readonly arn: string;
}

/** An instance profile. */
export interface Profile {
  readonly arn: string;
  /** The name of its role; absent: it holds none. */
  readonly role?: string;
}

/** The instance profile of an instance; `undefined`: it has none. */
export async function associationOf(ec2: EC2Client, id: string): Promise<Association | undefined> {
  const Filters = [
    { Name: 'instance-id', Values: [id] },
    { Name: 'state', Values: ['associating', 'associated'] },
  ];
  const { IamInstanceProfileAssociations: [one] = [] } = await ec2.send(
    new DescribeIamInstanceProfileAssociationsCommand({ Filters }),
  );
  return one && { association: one.AssociationId ?? '', arn: one.IamInstanceProfile?.Arn ?? '' };
}

/** The instance profile of that name or ARN; `undefined`: there is none. */
export async function profileCalled(
  iam: IAMClient,
  profile: string | undefined,
): Promise<Profile | undefined> {
  if (profile === undefined) return undefined;
  const InstanceProfileName = profile.split('/').at(-1);
  const reply = await undefinedIfGone(
    iam.send(new GetInstanceProfileCommand({ InstanceProfileName })),
    'NoSuchEntityException',
  );
  const { Arn: arn, Roles: [role] = [] } = reply?.InstanceProfile ?? {};
  // One of another account or path may have the same name.
  const isIt = arn !== undefined && (!profile.startsWith('arn:') || profile === arn);
  return isIt ? { arn, ...(role?.RoleName !== undefined && { role: role.RoleName }) } : undefined;
}

/** The instance profiles that hold the role of that ARN: profiles are attached, and roles are what people name. */
export async function profilesOf(iam: IAMClient, roleArn: string): Promise<Profile[]> {
  const RoleName = roleArn.split('/').at(-1);
  const reply = await undefinedIfGone(
    iam.send(new ListInstanceProfilesForRoleCommand({ RoleName })),
    'NoSuchEntityException',
  );
  // A role of another account or path may have the same name.
  const holding = (reply?.InstanceProfiles ?? []).filter(({ Roles }) =>
    Roles?.some(({ Arn }) => Arn === roleArn),
  );
  return holding
    .flatMap(({ Arn: arn, Roles: [role] = [] }) =>
      arn && role?.RoleName ? [{ arn, role: role.RoleName }] : [],
    )
    .sort((one, other) => one.arn.localeCompare(other.arn));
}
