import {
  AddRoleToInstanceProfileCommand,
  IAMClient,
  RemoveRoleFromInstanceProfileCommand,
  paginateListInstanceProfilesForRole,
} from '@aws-sdk/client-iam';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'ec2_detach_instance_role',
  title: 'Take an IAM role out of its instance profiles',
  resource: 'AWS::IAM::Role',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['iam:ListInstanceProfilesForRole'],
    write: ['iam:RemoveRoleFromInstanceProfile'],
    undo: ['iam:AddRoleToInstanceProfile', 'iam:PassRole'],
  },
  docs: {
    why: 'A role that was put into an instance profile without leave gives its rights to everything that runs on the instances with it.',
    effect: [
      'The role is taken out of all its instance profiles, so all instances with one of these get no new credentials for it.',
      'Credentials that they hold already stay valid until they expire, within hours.',
      'To end these too, revoke the sessions of the role.',
      'Profiles, instances and the role itself stay.',
      'Undo puts the role back into exactly these profiles.',
    ],
    references: [
      'https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveRoleFromInstanceProfile.html',
    ],
  },
  clients: { iam: IAMClient },
  gone: ['NoSuchEntityException'],

  async inspect({ iam }, { target: { id: RoleName } }) {
    const profiles: string[] = [];
    for await (const { InstanceProfiles = [] } of paginateListInstanceProfilesForRole(
      { client: iam },
      { RoleName },
    )) {
      profiles.push(...InstanceProfiles.map(({ InstanceProfileName = '' }) => InstanceProfileName));
    }
    return { profiles: profiles.sort() };
  },

  check: ({ profiles }) =>
    profiles.length > 0 ? `the role is in the instance profiles ${profiles.join(', ')}` : undefined,

  plan: ({ profiles }, { target: { id: RoleName } }) =>
    profiles.map((InstanceProfileName) => ({
      iam: new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }),
    })),

  undo: (before, { target: { id: RoleName }, now }) =>
    before.profiles
      .filter((name) => !now.profiles.includes(name))
      .map((InstanceProfileName) => ({
        iam: new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }),
      })),
});
