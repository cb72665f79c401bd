import {
  AddRoleToInstanceProfileCommand,
  RemoveRoleFromInstanceProfileCommand,
  paginateListInstanceProfilesForRole,
} from '@aws-sdk/client-iam';
import { ROLE } from '../iam/lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...ROLE,
  id: 'ec2_detach_instance_role',
  title: 'Take an IAM role out of its instance profiles',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['iam:ListInstanceProfilesForRole'],
    write: ['iam:RemoveRoleFromInstanceProfile'],
    undo: ['iam:AddRoleToInstanceProfile', 'iam:PassRole'],
  },

  async inspect({ iam: client }, { target: { id: RoleName } }) {
    const profiles: string[] = [];
    for await (const page of paginateListInstanceProfilesForRole({ client }, { RoleName })) {
      for (const { InstanceProfileName = '' } of page.InstanceProfiles ?? [])
        profiles.push(InstanceProfileName);
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
