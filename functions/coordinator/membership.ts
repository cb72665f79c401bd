import {
  DescribeAccountCommand,
  ListParentsCommand,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { type Accounts, accountRefusal } from '../../shared/accounts';
import type { Config } from '../../shared/config';
import { asksFor } from '../../shared/rollout';
import { log } from '../../shared/worker/log';

/** Accounts move seldom, and AWS Organizations answers few questions a second. */
const REMEMBERED_MS = 10 * 60_000;

/** Why bots must not act in an account, as far as only AWS Organizations knows; `undefined`: they may. */
export type Membership = (account: string) => Promise<string | undefined>;

/**
 * Asks AWS Organizations whether accounts belong to what config.ts names. An account that cannot be asked about is not
 * acted in: where AWS denies the answer for good, that is the reason; what may pass is thrown. Source: AWS Organizations, DescribeAccount and ListParents, which answer to
 * the management account and to delegated administrators.
 */
export function membership(
  accounts: Accounts | undefined,
  home: string,
  organizations: Pick<OrganizationsClient, 'send'>,
): Membership {
  const known = new Map<string, { readonly answer: string | undefined; readonly until: number }>();
  return async (account) => {
    if (accounts?.mode !== 'multi' || accountRefusal(accounts, home, account) !== 'organization') {
      return undefined;
    }
    const remembered = known.get(account);
    if (remembered && remembered.until > Date.now()) return remembered.answer;
    const { organization, organizationalUnits = [] } = accounts;
    const member = async () =>
      (await isIn(organizations, account, organization)) &&
      (organizationalUnits.length === 0 || (await isUnder(organizations, account, organizationalUnits)));
    const answer = await member().then(
      (is) => (is ? undefined : `account ${account} is no active member of what accounts in config.ts names`),
      (error: unknown) => {
        if (!isClosed(error)) throw error;
        return `whether account ${account} belongs to ${organization ?? ''} cannot be told here: AWS Organizations answers only its management account and delegated administrators; make ${home} one, or list the account in config.ts`;
      },
    );
    known.set(account, { answer, until: Date.now() + REMEMBERED_MS });
    return answer;
  };
}

/** The units of AWS Organizations that an account lies under; `undefined`: they cannot be told, or nobody asks. */
export type Units = (account: string) => Promise<readonly string[] | undefined>;

/**
 * Asks AWS Organizations for the units above accounts, where the rollout of config.ts hangs on them. Where it denies the
 * answer, what hangs on a unit holds back: see stageOf.
 */
export function unitsOf(
  config: Pick<Config, 'rollout'>,
  organizations: Pick<OrganizationsClient, 'send'>,
): Units {
  const known = new Map<string, { readonly units: readonly string[] | undefined; readonly until: number }>();
  return async (account) => {
    if (!asksFor(config, 'organizationalUnits')) return undefined;
    const remembered = known.get(account);
    if (remembered && remembered.until > Date.now()) return remembered.units;
    const units = await unitsAbove(organizations, account).catch((error: unknown) => {
      if (!isClosed(error)) throw error;
      log('error', 'AWS Organizations does not say under which units an account lies', {
        ...{ account, error: String(error) },
      });
      return undefined;
    });
    known.set(account, { units, until: Date.now() + REMEMBERED_MS });
    return units;
  };
}

/** That asking again is of no use. Source: AWS Organizations, DescribeAccount, errors. */
function isClosed(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['AccessDeniedException', 'AWSOrganizationsNotInUseException'].includes(error.name)
  );
}

async function isIn(
  organizations: Pick<OrganizationsClient, 'send'>,
  AccountId: string,
  organization: string | undefined,
): Promise<boolean> {
  try {
    const { Account } = await organizations.send(new DescribeAccountCommand({ AccountId }));
    // arn:aws:organizations::111122223333:account/o-a1b2c3d4e5/444455556666
    return Account?.Arn?.split('/')[1] === organization && (Account?.State ?? Account?.Status) === 'ACTIVE';
  } catch (error) {
    if (error instanceof Error && error.name === 'AccountNotFoundException') return false;
    throw error;
  }
}

async function isUnder(
  organizations: Pick<OrganizationsClient, 'send'>,
  account: string,
  units: readonly string[],
): Promise<boolean> {
  return (await unitsAbove(organizations, account)).some((unit) => units.includes(unit));
}

/** The units above an account, and the root at last. */
async function unitsAbove(
  organizations: Pick<OrganizationsClient, 'send'>,
  account: string,
): Promise<string[]> {
  const units: string[] = [];
  for (let child = account; ;) {
    const { Parents = [] } = await organizations.send(new ListParentsCommand({ ChildId: child }));
    const [parent] = Parents;
    if (!parent?.Id) return units;
    units.push(parent.Id);
    if (parent.Type === 'ROOT') return units;
    child = parent.Id;
  }
}
