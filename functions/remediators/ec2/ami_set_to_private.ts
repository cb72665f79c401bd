import {
  DescribeImageAttributeCommand,
  type LaunchPermission,
  ModifyImageAttributeCommand,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { IMAGE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...IMAGE,
  id: 'ami_set_to_private',
  title: 'Stop sharing an AMI with everyone',
  severity: 'high',
  risk: 'disruptive',
  kind: 'posture',
  params: z.object({
    keepNamed: z.boolean().default(true).describe('true: accounts and others that are named keep the image'),
  }),
  from: { keepNamed: 'config' },
  words: { order: ['keepNamed'] },
  permissions: { read: ['ec2:DescribeImageAttribute'], write: ['ec2:ModifyImageAttribute'] },

  inspect: ({ ec2 }, { target: { id } }) =>
    ec2
      .send(new DescribeImageAttributeCommand({ ImageId: id, Attribute: 'launchPermission' }))
      .then(({ LaunchPermissions = [] }) => ({
        permissions: LaunchPermissions.sort((one, other) => nameOf(one).localeCompare(nameOf(other))),
      })),

  check(state, { params: { keepNamed } }) {
    const wrong = wrongIn(state, keepNamed);
    return wrong.length > 0 ? `the image is shared with ${wrong.map(nameOf).join(', ')}` : undefined;
  },

  plan: (state, { target: { id }, params: { keepNamed } }) => [
    modify(id, { Remove: wrongIn(state, keepNamed) }),
  ],

  undo(before, { target: { id }, params: { keepNamed }, now }) {
    const has = new Set(now.permissions.map(nameOf));
    const Add = wrongIn(before, keepNamed).filter((permission) => !has.has(nameOf(permission)));
    return Add.length > 0 ? [modify(id, { Add })] : [];
  },
});

function wrongIn(state: { readonly permissions: readonly LaunchPermission[] }, keepNamed: boolean) {
  return state.permissions.filter(({ Group }) => Group === 'all' || !keepNamed);
}

function nameOf({ Group, UserId, OrganizationArn, OrganizationalUnitArn }: LaunchPermission): string {
  return Group === 'all' ? 'everyone' : (UserId ?? OrganizationArn ?? OrganizationalUnitArn ?? '');
}

function modify(ImageId: string, change: { Add?: LaunchPermission[]; Remove?: LaunchPermission[] }) {
  return { ec2: new ModifyImageAttributeCommand({ ImageId, LaunchPermission: change }) };
}
