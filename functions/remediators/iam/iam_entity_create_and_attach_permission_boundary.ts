import * as z from 'zod';
import { boundedOf, setBoundary } from './lib/boundary';
import { notAttachable, policyArnFor, policyArnSchema } from './lib/iam';
import { USER_OR_ROLE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...USER_OR_ROLE,
  id: 'iam_entity_create_and_attach_permission_boundary',
  aliases: ['iam_entity_create_and_attach_permissions_boundary'],
  title: 'Set the permissions boundary of an IAM user or role',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'response',
  params: z.object({
    policyArn: policyArnSchema
      .optional()
      .describe('the managed policy that becomes the boundary; $ACCOUNT_ID in it stands for the account'),
    replace: z.boolean().default(false).describe('also in place of another boundary, which may give rights'),
  }),
  from: { policyArn: 'config', replace: 'config' },
  words: { order: ['policyArn'] },
  permissions: {
    read: ['iam:GetRole', 'iam:GetUser', 'iam:GetPolicy'],
    write: ['iam:PutRolePermissionsBoundary', 'iam:PutUserPermissionsBoundary'],
    undo: [
      'iam:DeleteRolePermissionsBoundary',
      'iam:DeleteUserPermissionsBoundary',
      'iam:PutRolePermissionsBoundary',
      'iam:PutUserPermissionsBoundary',
    ],
    where: {
      'iam:PutRolePermissionsBoundary': { ArnEquals: { 'iam:PermissionsBoundary': '${params.policyArn}' } },
      'iam:PutUserPermissionsBoundary': { ArnEquals: { 'iam:PermissionsBoundary': '${params.policyArn}' } },
    },
  },

  async inspect({ iam }, context) {
    const { target, params } = context;
    const { policyArn } = params;
    const { boundary, obstacle } = await boundedOf(iam, context);
    const wanted = policyArn === undefined ? undefined : policyArnFor(policyArn, target);
    const missing = wanted === undefined ? undefined : await notAttachable(iam, wanted);
    const held = obstacle ?? missing;
    return {
      ...(wanted !== undefined && { wanted }),
      ...(boundary !== undefined && { boundary }),
      ...(held !== undefined && { held }),
    };
  },

  check({ boundary, wanted }) {
    if (wanted === undefined) return 'nothing says which permissions boundary is wanted';
    return boundary === wanted
      ? undefined
      : `its permissions boundary is ${boundary ?? 'missing'}, not ${wanted}`;
  },

  plan({ boundary, wanted, held }, { target, params }) {
    if (wanted === undefined) return { held: 'no policy is named: give policyArn' };
    if (held !== undefined) return { held };
    if (boundary !== undefined && !params.replace)
      return { held: 'it has another permissions boundary: say replace=true if this one is right' };
    return [setBoundary(target, wanted)];
  },

  undo: ({ boundary }, { target, now }) => (boundary === now.boundary ? [] : [setBoundary(target, boundary)]),

  footprint: ({ boundary }) => ({ boundary }),
});
