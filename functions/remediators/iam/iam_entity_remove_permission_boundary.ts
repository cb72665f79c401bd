import * as z from 'zod';
import { type Bounded, boundedOf, setBoundary } from './lib/boundary';
import { USER_OR_ROLE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

const ENTITY = /^arn:aws[a-z-]*:iam::(\d{12}|\$ACCOUNT_ID):(user|role)\/[\w+=,.@/-]+$/;

export const bot = defineBot({
  ...USER_OR_ROLE,
  id: 'iam_entity_remove_permission_boundary',
  title: 'Remove the permissions boundary of an IAM user or role',
  severity: 'low',
  risk: 'disruptive',
  kind: 'response',
  params: z.object({
    entities: z
      .array(z.string().regex(ENTITY, 'must be the ARN of a user or a role, with its path'))
      .default([])
      .describe(
        'the users and roles from which a boundary may be taken; $ACCOUNT_ID stands for their account',
      ),
    account: z
      .string()
      .regex(/^\d{12}$/)
      .optional()
      .describe('the account that the user or role must be of'),
  }),
  from: { entities: 'config', account: 'finding' },
  words: { order: ['entities'], names: { entity_arn: 'entities', cloud_account_id: 'account' } },
  permissions: {
    read: ['iam:GetRole', 'iam:GetUser'],
    write: ['iam:DeleteRolePermissionsBoundary', 'iam:DeleteUserPermissionsBoundary'],
    undo: ['iam:PutRolePermissionsBoundary', 'iam:PutUserPermissionsBoundary'],
    only: {
      'iam:DeleteRolePermissionsBoundary': '${params.entities}',
      'iam:DeleteUserPermissionsBoundary': '${params.entities}',
    },
  },

  inspect: async ({ iam }, context): Promise<Bounded> => boundedOf(iam, context),

  check: ({ boundary }) => boundary && `it has the permissions boundary ${boundary}`,

  plan({ arn, obstacle }, { target, params: { entities, account } }) {
    if (obstacle !== undefined) return { held: obstacle };
    if (account !== undefined && account !== target.account)
      return { held: `it is of account ${target.account}, and account ${account} was meant` };
    const named = entities.map((one) => one.replace('$ACCOUNT_ID', target.account));
    if (!named.includes(arn))
      return { held: `without its boundary it gets rights: name ${arn} under entities in config.ts` };
    return [setBoundary(target, undefined)];
  },

  undo: ({ boundary }, { target, now }) =>
    boundary === undefined || now.boundary !== undefined ? [] : [setBoundary(target, boundary)],

  footprint: ({ boundary }) => ({ boundary }),
});
