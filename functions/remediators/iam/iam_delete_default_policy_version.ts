import { DeletePolicyVersionCommand, SetDefaultPolicyVersionCommand } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { isAboutAll, statementsIn } from './lib/iam';
import {
  type Version,
  type Versions,
  documentOf,
  documentsOf,
  numberOf,
  ownedByAws,
  versionsBack,
  versionsOf,
} from './lib/versions';
import { MANAGED_POLICY } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

const HOUR_MS = 3_600_000;

const params = z.object({
  version: z
    .string()
    .regex(/^v\d+$/)
    .optional()
    .describe(
      'the version to delete where it is the default one; not given: whatever was made in the last hours',
    ),
  hours: z
    .int()
    .min(1)
    .max(720)
    .default(24)
    .describe('a default version that is older is left, unless it is named'),
  to: z
    .enum(['previous', 'newest'])
    .default('previous')
    .describe('what becomes the default one: the version before it, or the newest other one'),
});
type Params = z.output<typeof params>;

export const bot = defineBot({
  ...MANAGED_POLICY,
  id: 'iam_delete_default_policy_version',
  title: 'Take back the default version of a managed policy',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  params,
  from: { version: 'finding', hours: 'config', to: 'config' },
  words: { order: ['version'] },
  permissions: {
    read: ['iam:GetPolicy', 'iam:ListPolicyVersions', 'iam:GetPolicyVersion'],
    write: ['iam:SetDefaultPolicyVersion', 'iam:DeletePolicyVersion'],
    undo: ['iam:CreatePolicyVersion'],
  },

  inspect: async ({ iam }, { target: { id } }): Promise<State> => ({
    ...(await versionsOf(iam, id)),
    now: new Date().toISOString(),
  }),

  check({ current, versions, now }, { params: { version, hours } }) {
    const made = versions.find(({ id }) => id === current)?.made ?? '';
    const isNew = Date.parse(now) - Date.parse(made) < hours * HOUR_MS;
    const isMeant = version === undefined ? isNew : version === current;
    return isMeant ? `${current}, made ${made}, is the default version` : undefined;
  },

  plan(state, { target: { id: PolicyArn }, params: given }) {
    const held = ownedByAws(PolicyArn);
    if (held !== undefined) return { held };
    const next = nextOf(state, given);
    if (!next) return { held: `there is no version to take the place of ${state.current}: make one` };
    if (allowsAll(next.document) && !allowsAll(documentOf(state)))
      return { held: `${next.id}, which would take its place, allows everything` };
    return [
      { iam: new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: next.id }) },
      ...afterwards([{ iam: new DeletePolicyVersionCommand({ PolicyArn, VersionId: state.current }) }]),
    ];
  },

  undo: (before, { target: { id }, params: given, now }) =>
    versionsBack(id, { before, now, left: nextOf(before, given)?.document ?? '' }),

  footprint: documentsOf,
});

interface State extends Versions {
  /** When this was read, ISO. */
  readonly now: string;
}

/** The version that is to become the default one. */
function nextOf({ current, versions }: Versions, { to }: Params): Version | undefined {
  const now = versions.find(({ id }) => id === current);
  return versions.findLast(
    (one) => one !== now && (to === 'newest' || (now && numberOf(one) < numberOf(now))),
  );
}

function allowsAll(document: string): boolean {
  return statementsIn(document).some((one) => one.Effect === 'Allow' && isAboutAll(one));
}
