/** What accounts are called, for people: `{ '111122223333': 'payments' }`. */
export type AccountNames = Readonly<Record<string, string>>;

/** Only the account that selfheal is deployed in. */
export interface SingleAccount {
  readonly mode: 'single';
  readonly names?: AccountNames;
  readonly scopedSessions?: boolean;
  readonly roleName?: string;
  readonly sessionScope?: 'resource' | 'account';
}

/** Member accounts too. An account that none of the lists names is refused. */
export interface MemberAccounts {
  readonly mode: 'multi';
  readonly names?: AccountNames;
  /** What the role of every member asks for. Not a secret: it keeps others from sending selfheal to your accounts. */
  readonly externalId: string;
  readonly accounts?: readonly string[];
  /** Every account of this organization: `o-a1b2c3d4e5`. */
  readonly organization?: string;
  /** Only those of the organization's accounts that lie under these units: `ou-ab12-cdefghij`. */
  readonly organizationalUnits?: readonly string[];
  /** Never these, whatever else names them. */
  readonly deny?: readonly string[];
  /** What the names of the roles that bots assume begin with. Default: `selfheal-<stage>-remediation`. */
  readonly roleName?: string;
  /** In selfheal's own account too, bots act through a session of that role that reaches one resource only. */
  readonly scopedSessions?: boolean;
  /**
   * `resource` (the default): a session reaches the target and its helpers. `account`: the session of a bot reaches
   * its kind of resources in one account, and is used again: fewer calls of STS, wider rights.
   */
  readonly sessionScope?: 'resource' | 'account';
}

/** See {@link SingleAccount} and {@link MemberAccounts}. */
export type Accounts = SingleAccount | MemberAccounts;

/** The tag of a session that says for which bot it was opened: the role's rights are given by it. */
export const BOT_TAG = 'selfheal:bot';

/** The tag of sessions that only look, for all bots. */
export const LOOK = 'look';

/**
 * The name of the role that the bots of a service assume, in every account the same: `selfheal-prod-remediation-ec2`.
 * One role for all bots would need more policies than IAM attaches to it.
 *
 * @param resource The type of resource that the bot is for; `*`: the pattern of all roles.
 */
export function roleNameOf(accounts: Accounts | undefined, stage: string, resource: string): string {
  return `${accounts?.roleName ?? `selfheal-${stage}-remediation`}-${resource === '*' ? '*' : roleGroupOf(resource)}`;
}

/** The bots that share a role: those for resources of one service, `ec2`, and those for settings, `settings`. */
export function roleGroupOf(resource: string): string {
  return /::(\w+)::/.exec(resource)?.[1]?.toLowerCase() ?? 'settings';
}

/** Whether bots act through scoped sessions in selfheal's own account too. */
export function isScoped(accounts: Accounts | undefined): boolean {
  return accounts?.scopedSessions ?? false;
}

/** Why config.ts keeps bots away from an account; `organization`: only AWS Organizations can tell. */
export function accountRefusal(
  accounts: Accounts | undefined,
  home: string,
  account: string,
): { readonly refused: string } | 'organization' | undefined {
  if (accounts?.mode === 'multi' && accounts.deny?.includes(account)) {
    return { refused: `account ${account} is on the deny list of config.ts` };
  }
  if (account === home) return undefined;
  if (accounts?.mode !== 'multi') {
    return {
      refused: `account ${account} is not this installation's account ${home}: name it under accounts in config.ts, or deploy selfheal there too`,
    };
  }
  if (accounts.accounts?.includes(account)) return undefined;
  return accounts.organization !== undefined
    ? 'organization'
    : { refused: `account ${account} is not one of the accounts in config.ts: name it there, and deploy` };
}
