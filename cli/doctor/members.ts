import {
  DescribeOrganizationCommand,
  OrganizationsClient,
  paginateListAccounts,
} from '@aws-sdk/client-organizations';
import { membership } from '../../functions/coordinator/membership';
import type { MemberAccounts } from '../../shared/accounts';
import { undefinedIfGone } from '../../shared/aws/errors';
import { denialOf } from '../terminal/errors';
import { recorderCheck } from './aws-config';
import {
  type Check,
  type Patient,
  type Site,
  type Verdict,
  deployCommand,
  red,
  green,
  memberMend,
  selfhealCommand,
  unknown,
} from './check';
import { forwarding } from './forwarding';
import { externalIdCheck, roleChecks } from './role';

/** How member accounts are looked into. */
export interface Inside {
  /** The role that `--assume-role` names. */
  readonly role: string | undefined;
  /** Opens it in an account. */
  readonly open: (account: string) => Promise<Site>;
}

/** The member accounts that config.ts lets bots act in, each looked at from inside where `--assume-role` leads there. */
export async function memberChecks(patient: Patient, inside: Inside): Promise<readonly Check[]> {
  const { accounts } = patient.config;
  if (accounts?.mode !== 'multi') return [];
  const { members, failure } = await membersOf(patient, accounts);
  const checks = await Promise.all(members.map((account) => checksIn(patient, account, inside)));
  return [
    {
      id: 'member-accounts',
      needs: ['organizations:ListAccounts', 'organizations:DescribeOrganization'],
      look: async () => {
        if (failure !== undefined) return closedTo(patient.home, failure);
        return members.length > 0
          ? green(`${members.length} to look at`)
          : red(
              'accounts in config.ts come to no member account',
              `name them in config.ts, then ${deployCommand(patient)}`,
            );
      },
    },
    ...checks.flat(),
  ];
}

/** Those that config.ts lists, and those of the organization as far as it can be asked. */
async function membersOf(
  { home }: Patient,
  accounts: MemberAccounts,
): Promise<{ readonly members: readonly string[]; readonly failure?: Error }> {
  const isWanted = (account: string) => account !== home.account && !accounts.deny?.includes(account);
  const listed = (accounts.accounts ?? []).filter(isWanted);
  if (accounts.organization === undefined) return { members: listed };
  try {
    const all = (await organizationAccounts(accounts, home)).filter(isWanted);
    return { members: [...new Set([...listed, ...all])].sort() };
  } catch (error) {
    return { members: listed, failure: asError(error) };
  }
}

/** Source: AWS Organizations, ListAccounts, which answers to the management account and delegated administrators. */
async function organizationAccounts(accounts: MemberAccounts, home: Site): Promise<string[]> {
  // It lies in one region of its partition, which the SDK finds from any other.
  const client = home.client(OrganizationsClient);
  const refusal = membership(accounts, home.account, client);
  const found: string[] = [];
  for await (const { Accounts = [] } of paginateListAccounts({ client }, {})) {
    for (const { Id = '' } of Accounts) if ((await refusal(Id)) === undefined) found.push(Id);
  }
  return found;
}

/**
 * Red where AWS Organizations denies what it would deny the coordinator too. In the management account the denial is of
 * who runs this, and is thrown as it is. Source: AWS Organizations, DescribeOrganization, which answers every member.
 */
async function closedTo(home: Site, failure: Error): Promise<Verdict> {
  if (!denialOf(failure)) throw failure;
  const found = await undefinedIfGone(
    home.client(OrganizationsClient).send(new DescribeOrganizationCommand({})),
    'AWSOrganizationsNotInUseException',
  );
  const management = found?.Organization?.MasterAccountId;
  if (management === home.account) throw failure;
  return red(
    `AWS Organizations answers only its management account${management === undefined ? '' : ` ${management}`} and delegated administrators, and ${home.account} seems to be neither: findings of accounts that only the organization names are refused`,
    `make ${home.account} a delegated administrator, or list the accounts in config.ts`,
  );
}

async function checksIn(patient: Patient, account: string, inside: Inside): Promise<readonly Check[]> {
  const access = { id: 'member-access', account, needs: ['sts:AssumeRole'] };
  const closed = (says: string): Check[] => [
    {
      ...access,
      look: () =>
        Promise.resolve(
          unknown(
            `${says}: its roles, rights, recorder and forwarding are not looked at`,
            selfhealCommand('doctor --assume-role OrganizationAccountAccessRole', patient),
          ),
        ),
    },
    externalIdCheck({ patient, account }),
  ];
  const { role } = inside;
  if (role === undefined) return closed('--assume-role names no role to look into it with');
  let site: Site;
  try {
    site = await inside.open(account);
  } catch (error) {
    if (denialOf(error)) return closed(`AWS denies sts:AssumeRole of ${role} to who runs this`);
    return [{ ...access, look: () => Promise.reject(asError(error)) }, externalIdCheck({ patient, account })];
  }
  const mend = memberMend(patient, account);
  return [
    { ...access, look: () => Promise.resolve(green(`looked into with ${role}`)) },
    ...roleChecks(patient, site, mend),
    recorderCheck(patient, site),
    {
      id: 'member-forwarding',
      account,
      needs: ['events:ListRuleNamesByTarget', 'events:DescribeRule'],
      look: () => forwarding(patient, site, mend),
    },
  ];
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
