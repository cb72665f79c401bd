import * as z from 'zod';
import type { Held } from '../bot/bot';
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
export interface Sessions {
  /** When this was read, ISO. */
  readonly now: string;
  /** The text of the inline policy, or nothing where there is none. */
  readonly policy: string;
  /** Why the sessions are left alone. */
  readonly obstacle?: string;
}

/** What was read, at this moment. */
export function sessions(policy = '', obstacle?: string): Sessions {
  return { now: new Date().toISOString(), policy, ...(obstacle !== undefined && { obstacle }) };
}

/** Which sessions are not revoked and should be, or `undefined`. */
export function openSessions({ now, policy }: Sessions, { before }: Params): string | undefined {
  const wanted = before === undefined ? Date.parse(now) - FRESH_MS : Date.parse(before);
  if ((revokedBefore(policy) ?? 0) >= wanted) return undefined;
  return before === undefined
    ? 'its open sessions are not revoked'
    : `its sessions from before ${before} are not revoked`;
}

/** The document that revokes them. Its time is a full minute, so that asking twice asks for the same. */
export function revocation({ now, policy, obstacle }: Sessions, { before }: Params): string | Held {
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
