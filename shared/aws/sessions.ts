import { createHash } from 'node:crypto';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { type Accounts, BOT_TAG, LOOK, isScoped, roleNameOf } from '../accounts';
import type { Granted } from '../authority';
import type { Metadata } from '../bot/bot';
import { rightsUnder } from '../bot/rights';
import { type Target, partitionOf, resourceKey } from '../resources/target';
import { sessionPolicy } from './session-policy';

/** A session is renewed when it has less left than a run can take. */
const MARGIN_MS = 6 * 60_000;
const DURATION_SECONDS = 3600;
/** Sessions that are kept; each is a few hundred bytes. */
const KEPT = 500;

/** What of a bot decides what its session may do. */
export type Acting = Pick<Metadata, 'id' | 'permissions' | 'resource'>;

/** Keys of a session, as clients of the SDK take them. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Credentials that the SDK asks for whenever those it has are about to end. */
export type Credentials = () => Promise<Keys>;

/** Where the credentials of a bot for a target come from. */
export interface Sessions {
  /** `undefined`: the surrounding credentials are the right ones. */
  readonly credentialsFor: (bot: Acting, target: Target, remediation?: string) => Credentials | undefined;
  /** Drops what is kept for the target: AWS has called it expired. */
  readonly forget: (target: Target) => void;
}

/** What sessions are opened with. */
export interface SessionOptions {
  readonly accounts: Accounts | undefined;
  /** The account that selfheal runs in. */
  readonly home: string;
  readonly stage: string;
  /** What config.ts says of a bot, which its rights may hang on. */
  readonly granted?: (bot: string) => Granted | undefined;
  readonly sts: Pick<STSClient, 'send'>;
  /** `read`: only what the bot reads with; `apply`: also what it writes with. */
  readonly use: 'read' | 'apply';
}

/**
 * Opens a session in the target's account for one bot and one target, and keeps it while it lives. Source: STS,
 * AssumeRole.
 */
export function sessions({ accounts, home, stage, sts, use, granted }: SessionOptions): Sessions {
  const kept = new Map<string, Promise<Keys>>();
  const open = async (bot: Acting, target: Target, remediation: string): Promise<Keys> => {
    const RoleArn = `arn:${partitionOf(target.region)}:iam::${target.account}:role/${roleNameOf(accounts, stage, bot.resource)}`;
    const { read, write, ...narrowing } = rightsUnder(bot.permissions, granted?.(bot.id) ?? {});
    try {
      const assume = (form: 'exact' | 'coarse') =>
        new AssumeRoleCommand({
          RoleArn,
          RoleSessionName: sessionName(bot.id, remediation),
          DurationSeconds: DURATION_SECONDS,
          ...(accounts?.mode === 'multi' && { ExternalId: accounts.externalId }),
          Policy: sessionPolicy(
            {
              actions: use === 'apply' ? [...read, ...write] : read,
              ...narrowing,
              target,
              width: accounts?.sessionScope,
            },
            form,
          ),
          Tags: [{ Key: BOT_TAG, Value: use === 'apply' ? bot.id : LOOK }],
        });
      const { Credentials: given } = await sts.send(assume('exact')).catch((error: unknown) => {
        // How much STS packs policy and tags into is not to be told from their length.
        if (!isTooLarge(error)) throw error;
        return sts.send(assume('coarse'));
      });
      if (!given?.AccessKeyId || !given.SecretAccessKey) throw new Error('STS answered without credentials');
      return {
        accessKeyId: given.AccessKeyId,
        secretAccessKey: given.SecretAccessKey,
        ...(given.SessionToken && { sessionToken: given.SessionToken }),
        ...(given.Expiration && { expiration: given.Expiration }),
      };
    } catch (error) {
      throw explained(error, RoleArn);
    }
  };
  return {
    credentialsFor: (bot, target, remediation = 'look') => {
      if (target.account === home && !isScoped(accounts)) return undefined;
      // One for each remediation, so that CloudTrail's name of it leads to its entry in the journal.
      const name = accounts?.sessionScope === 'account' ? 'any' : remediation;
      const key = `${bot.id} ${name} ${scopeOf(target, accounts)}`;
      return async () => {
        const known = kept.get(key);
        const found = await known?.catch(() => undefined);
        if (found && (found.expiration?.getTime() ?? Infinity) - Date.now() > MARGIN_MS) return found;
        // Another client of the same run has asked meanwhile.
        const newer = kept.get(key);
        if (newer !== undefined && newer !== known) return newer;
        const opened = open(bot, target, remediation);
        kept.delete(key);
        kept.set(key, opened);
        const [oldest] = kept.keys();
        if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
        return opened;
      };
    },
    forget: (target) => {
      const scope = scopeOf(target, accounts);
      for (const key of kept.keys()) if (key.endsWith(` ${scope}`)) kept.delete(key);
    },
  };
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith('PackedPolicyTooLarge');
}

function scopeOf(target: Target, accounts: Accounts | undefined): string {
  return accounts?.sessionScope === 'account' ? target.account : resourceKey(target);
}

/**
 * `sg_close_ports.20261121093000-3f9a2c41`: the journal's id of the remediation, as CloudTrail shows it, with a point for
 * its slash. Source: RoleSessionName, 64 characters.
 */
function sessionName(bot: string, remediation: string): string {
  const own = remediation.startsWith(`${bot}/`) ? remediation.slice(bot.length + 1) : remediation;
  const digest = createHash('sha256').update(own).digest('hex').slice(0, 20);
  const plain = /^[\w+=,.@-]{1,23}$/.test(own) ? own : digest;
  return `${bot}.${plain}`;
}

function explained(error: unknown, role: string): unknown {
  if (!(error instanceof Error)) return error;
  const hint =
    error.name === 'AccessDenied'
      ? ': is the role there, does it trust this installation, and is its ExternalId that of config.ts? See npx selfheal doctor'
      : '';
  return Object.assign(new Error(`${role} could not be assumed${hint}: ${error.message}`, { cause: error }), {
    name: error.name,
    call: 'sts:AssumeRole',
  });
}
