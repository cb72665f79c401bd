import { createHash } from 'node:crypto';
import type { IAMClient } from '@aws-sdk/client-iam';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
  type Role,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import { undefinedIfGone } from '../../../shared/aws/errors';
import {
  NO_SUCH_ENTITY,
  documentText,
  rolePolicies,
  untouchable,
  policyArnFor,
  policyArnSchema,
} from './lib/iam';
import { type Inline, inlineOf } from './lib/inline';
import { ROLE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

/** By this tag a clone says of which role, by its unique id. */
const CLONE_OF = 'selfheal:clone-of';
/** The longest name of a role. Source: IAM quotas. */
const LONGEST = 64;

/** Who may make roles and write into them may make an administrator, unless a boundary keeps them within bounds. */
const BOUNDED = { ArnEquals: { 'iam:PermissionsBoundary': '${params.boundaries}' } };

export const bot = defineBot({
  ...ROLE,
  id: 'iam_role_clone_with_non_enumerable_name',
  aliases: ['iam_role_clone_non_enumerable_name'],
  title: 'Clone an IAM role under a name that cannot be guessed',
  severity: 'low',
  risk: 'safe',
  kind: 'response',
  passes: 2,
  params: z.object({
    length: z.int().min(8).max(32).default(13).describe('so many letters and digits behind the name'),
    boundaries: z
      .array(policyArnSchema)
      .default([])
      .describe(
        'the permissions boundaries of roles that may be cloned; $ACCOUNT_ID stands for their account',
      ),
  }),
  from: { length: 'config', boundaries: 'config' },
  permissions: {
    read: ['iam:GetRole', 'iam:ListRolePolicies', 'iam:GetRolePolicy', 'iam:ListAttachedRolePolicies'],
    write: ['iam:CreateRole', 'iam:TagRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy'],
    undo: ['iam:DetachRolePolicy', 'iam:DeleteRolePolicy', 'iam:DeleteRole'],
    where: { 'iam:CreateRole': BOUNDED, 'iam:PutRolePolicy': BOUNDED, 'iam:AttachRolePolicy': BOUNDED },
    elsewhere: [
      ...['iam:GetRole', 'iam:ListRolePolicies', 'iam:GetRolePolicy', 'iam:ListAttachedRolePolicies'],
      ...['iam:CreateRole', 'iam:TagRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy'],
      ...['iam:DetachRolePolicy', 'iam:DeleteRolePolicy', 'iam:DeleteRole'],
    ],
  },

  async inspect({ iam }, context): Promise<State> {
    const { target, params } = context;
    const { length, boundaries } = params;
    const { id } = target;
    const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: id }));
    const name = `${id}-${suffixFor(role, length)}`;
    const tooLong = name.length > LONGEST;
    const clone = tooLong ? undefined : await roleCalled(iam, name);
    const bounds = boundaries.map((arn) => policyArnFor(arn, target));
    const isBounded = bounds.includes(role?.PermissionsBoundary?.PermissionsBoundaryArn ?? '');
    const unbounded = isBounded
      ? undefined
      : 'its permissions boundary is none of those that config.ts names under boundaries: clone it by hand';
    const obstacle = tooLong
      ? 'its name is too long for that'
      : (untouchable(id, role?.Path, context) ?? unbounded);
    return {
      ...{
        isClone: tagIn(role, CLONE_OF) !== undefined,
        name,
        role: describe(role),
        rights: await rightsOf(iam, id),
      },
      ...(clone && {
        clone: {
          isAlike: tagIn(clone, CLONE_OF) === role?.RoleId && isAlike(describe(clone), describe(role)),
          used: clone.RoleLastUsed?.LastUsedDate !== undefined,
          rights: await rightsOf(iam, name),
        },
      }),
      ...(obstacle !== undefined && { obstacle }),
    };
  },

  check({ isClone, clone, rights, name }) {
    if (isClone) return undefined;
    if (!clone) return 'the role has a name that can be guessed, and no clone of another name';
    const { inline, attached } = missing(rights, clone.rights);
    const lacks = [...inline.map((one) => one.name), ...attached];
    return lacks.length > 0 ? `its clone ${name} lacks ${lacks.join(', ')}` : undefined;
  },

  plan({ obstacle, clone, role, rights, name: RoleName }) {
    if (obstacle !== undefined) return { held: obstacle };
    if (!clone) return [{ iam: new CreateRoleCommand({ RoleName, ...role }) }];
    // Anybody who may make roles can make one of that name and tag.
    if (!clone.isAlike)
      return { held: `${RoleName} trusts others than the role does, or has another boundary` };
    const { inline, attached } = missing(rights, clone.rights);
    return [
      ...inline.map(({ name: PolicyName, document: PolicyDocument }) => ({
        iam: new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }),
      })),
      ...attached.map((PolicyArn) => ({ iam: new AttachRolePolicyCommand({ RoleName, PolicyArn }) })),
    ];
  },

  undo(before, { now: { clone, name: RoleName } }) {
    if (!clone) return [];
    if (clone.used) return { irreversible: `the clone ${RoleName} is in use: delete it by hand` };
    const { inline, attached } = missing(clone.rights, before.clone?.rights ?? { inline: [], attached: [] });
    return [
      ...inline.map(({ name: PolicyName }) => ({
        iam: new DeleteRolePolicyCommand({ RoleName, PolicyName }),
      })),
      ...attached.map((PolicyArn) => ({ iam: new DetachRolePolicyCommand({ RoleName, PolicyArn }) })),
      ...afterwards(before.clone ? [] : [{ iam: new DeleteRoleCommand({ RoleName }) }]),
    ];
  },

  footprint: ({ clone }) => ({ rights: clone?.rights }),
});

interface Rights {
  readonly inline: readonly Inline[];
  readonly attached: readonly string[];
}

interface State {
  readonly isClone: boolean;
  /** What its clone is called. */
  readonly name: string;
  /** What CreateRole needs for the clone. */
  readonly role: Description;
  readonly rights: Rights;
  /** The role of that name. */
  readonly clone?: {
    /** It says whose clone it is, trusts whom the role trusts, and has its boundary. */
    readonly isAlike: boolean;
    readonly used: boolean;
    readonly rights: Rights;
  };
  /** Why the role is left alone. */
  readonly obstacle?: string;
}

type Description = ReturnType<typeof describe>;

/** From what nobody outside the account sees; not at random, since a run that was cut off must find its clone again. */
function suffixFor(role: Role | undefined, length: number): string {
  const secret = `${role?.RoleId ?? ''} ${role?.CreateDate?.toISOString() ?? ''} ${role?.Arn ?? ''}`;
  const digest = createHash('sha256').update(secret).digest('hex');
  return BigInt(`0x${digest}`).toString(36).slice(0, length);
}

function describe(role: Role | undefined) {
  const { Path, AssumeRolePolicyDocument, Description, MaxSessionDuration, PermissionsBoundary, RoleId } =
    role ?? {};
  const boundary = PermissionsBoundary?.PermissionsBoundaryArn;
  // Tags of AWS itself can be given to nothing.
  const own = (role?.Tags ?? []).filter(({ Key }) => Key?.startsWith('aws:') !== true);
  return {
    ...{ Path: Path ?? '/', AssumeRolePolicyDocument: documentText(AssumeRolePolicyDocument) },
    ...(Description !== undefined && { Description }),
    ...(MaxSessionDuration !== undefined && { MaxSessionDuration }),
    ...(boundary !== undefined && { PermissionsBoundary: boundary }),
    Tags: [
      ...own.map(({ Key = '', Value = '' }) => ({ Key, Value })),
      { Key: CLONE_OF, Value: RoleId ?? '' },
    ],
  };
}

async function roleCalled(iam: IAMClient, RoleName: string): Promise<Role | undefined> {
  return (await undefinedIfGone(iam.send(new GetRoleCommand({ RoleName })), NO_SUCH_ENTITY))?.Role;
}

async function rightsOf(client: IAMClient, RoleName: string): Promise<Rights> {
  const inline = await inlineOf(paginateListRolePolicies({ client }, { RoleName }), async (PolicyName) =>
    client.send(new GetRolePolicyCommand({ RoleName, PolicyName })),
  );
  return { inline, attached: await rolePolicies(client, RoleName) };
}

function isAlike(one: Description, other: Description): boolean {
  return (
    one.AssumeRolePolicyDocument === other.AssumeRolePolicyDocument &&
    one.PermissionsBoundary === other.PermissionsBoundary
  );
}

/** What the other lacks. */
function missing(some: Rights, other: Rights): Rights {
  return {
    inline: some.inline.filter(
      ({ name, document }) => !other.inline.some((one) => one.name === name && one.document === document),
    ),
    attached: some.attached.filter((arn) => !other.attached.includes(arn)),
  };
}

function tagIn(role: Role | undefined, key: string): string | undefined {
  return role?.Tags?.find(({ Key }) => Key === key)?.Value;
}
