import type {
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import type { Context, Held } from '../../../../shared/bot/bot';
import { isAboutAll, statementsIn } from './iam';

/** The inline policy that denies everything to older sessions, by the name that IAM's console gives it. */
export const REVOKED_SESSIONS = 'AWSRevokeOlderSessions';

const MINUTE_MS = 60_000;
/** So long a revocation counts as done, for the message that asked for it and may come again. */
const FRESH_MS = 5 * MINUTE_MS;
/** As in the console: what is issued before the policy is known everywhere must be denied too. */
const PROPAGATION_MS = 30_000;

/** Parameters of the bots that revoke sessions. */
export const sessionParams = z.object({
  before: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('revoke sessions issued before this time, 2026-01-31T12:00:00Z; not given: all that there are'),
});
type Params = z.output<typeof sessionParams>;

/** How it stands with the sessions of a user or a role. */
interface Sessions {
  /** When this was read, ISO. */
  readonly now: string;
  /** The text of the inline policy, or nothing where there is none. */
  readonly policy: string;
  /** Why the sessions are left alone. */
  readonly obstacle?: string;
}

/** What the user's bot and the role's say, each with the commands of its own. */
export interface Holder<P, D> {
  /** The text of the inline policy, where there is one, and why the sessions are left alone, where they are. */
  readonly read: (
    iam: IAMClient,
    name: string,
    context: Context<Params>,
  ) => Promise<{ readonly policy: string | undefined; readonly obstacle?: string | undefined }>;
  readonly put: (name: string, PolicyDocument: string) => P;
  readonly remove: (name: string) => D;
}

/** The functions of a bot that revokes sessions: an inline policy of that user or role denies them everything. */
export function revoking<
  P extends PutRolePolicyCommand | PutUserPolicyCommand,
  D extends DeleteRolePolicyCommand | DeleteUserPolicyCommand,
>({ read, put, remove }: Holder<P, D>) {
  type In = Context<Params>;
  return {
    inspect: async ({ iam }: { readonly iam: IAMClient }, context: In): Promise<Sessions> => {
      const { policy = '', obstacle } = await read(iam, context.target.id, context);
      return { now: new Date().toISOString(), policy, ...(obstacle !== undefined && { obstacle }) };
    },
    check: (state: Sessions, { params }: In) => openSessions(state, params),
    plan: (state: Sessions, { target, params }: In) => {
      const document = revocation(state, params);
      return typeof document === 'string' ? [{ iam: put(target.id, document) }] : document;
    },
    undo: ({ policy }: Sessions, { target, now }: In & { readonly now: Sessions }) => {
      if (now.policy === policy) return [];
      return [{ iam: policy === '' ? remove(target.id) : put(target.id, policy) }];
    },
    footprint: ({ policy }: Sessions) => ({ policy }),
  };
}

/** Which sessions are not revoked and should be, or `undefined`. */
function openSessions({ now, policy }: Sessions, { before }: Params): string | undefined {
  const wanted = before === undefined ? Date.parse(now) - FRESH_MS : Date.parse(before);
  if ((revokedBefore(policy) ?? 0) >= wanted) return undefined;
  return before === undefined
    ? 'its open sessions are not revoked'
    : `its sessions from before ${before} are not revoked`;
}

/** The document that revokes them. Its time is a full minute, so that asking twice asks for the same. */
function revocation({ now, policy, obstacle }: Sessions, { before }: Params): string | Held {
  if (obstacle !== undefined) return { held: obstacle };
  if (policy !== '' && revokedBefore(policy) === undefined)
    return { held: `its inline policy ${REVOKED_SESSIONS} says something else: rename or delete it` };
  const soonest = Math.ceil((Date.parse(now) + PROPAGATION_MS) / MINUTE_MS) * MINUTE_MS;
  const time = before === undefined ? soonest : Date.parse(before);
  if (time > soonest) return { held: `${before ?? ''} lies ahead: nobody could open a session until then` };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Action: ['*'],
        Resource: ['*'],
        Condition: { DateLessThan: { 'aws:TokenIssueTime': new Date(time).toISOString() } },
      },
    ],
  });
}

/** The time up to which the policy denies everything to sessions; `undefined`: it is not a policy of that kind. */
function revokedBefore(policy: string): number | undefined {
  if (policy === '') return undefined;
  const [statement, ...others] = statementsIn(policy);
  if (!statement || others.length > 0) return undefined;
  const { Condition, ...rest } = statement;
  const time = revokedSchema.safeParse(Condition).data?.DateLessThan['aws:TokenIssueTime'];
  const parsed = Date.parse([time].flat()[0] ?? '');
  return rest.Effect === 'Deny' && isAboutAll(rest) && !Number.isNaN(parsed) ? parsed : undefined;
}

const time = z.union([z.string(), z.tuple([z.string()])]);
const revokedSchema = z.strictObject({ DateLessThan: z.strictObject({ 'aws:TokenIssueTime': time }) });
