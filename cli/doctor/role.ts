import { randomBytes } from 'node:crypto';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { isScoped } from '../../shared/accounts';
import { undefinedIfGone } from '../../shared/aws/errors';
import { once } from '../../shared/once';
import { partitionOf } from '../../shared/resources/target';
import { concurrently } from '../concurrently';
import { denialOf } from '../terminal/errors';
import {
  type Check,
  type Patient,
  type Site,
  type Verdict,
  deployCommand,
  green,
  memberMend,
  red,
  selfhealCommand,
  unknown,
} from './check';
import { some } from '../../shared/text';
import { rights, roleArns } from './rights';
import { type Trusts, readTrust } from './trust';

/** Roles looked at at once: IAM answers few questions a second. */
const AT_ONCE = 4;

/** The remediation roles in an account: there, open to the bots and to nobody else, with the rights they need. */
export function roleChecks(patient: Patient, site: Site, mend: string): readonly Check[] {
  const { account } = site;
  const arns = roleArns(patient, account);
  const reads = new Map(arns.map((arn) => [arn, once(() => trustOf(patient, site, arn))]));
  const read = (arn: string) => reads.get(arn)?.() ?? Promise.resolve(undefined);
  return [
    {
      id: 'member-role',
      account,
      needs: ['iam:GetRole'],
      look: () => each(arns, async (arn) => roleVerdict(patient, arn, mend, await read(arn))),
    },
    ...(patient.config.accounts?.mode === 'multi' ? [externalIdCheck({ patient, account, read })] : []),
    {
      id: 'member-rights',
      account,
      needs: ['iam:SimulatePrincipalPolicy'],
      look: async () =>
        (await undefinedIfGone(rights(patient, site, mend), 'NoSuchEntityException', 'NoSuchEntity')) ??
        red('a role is missing', mend),
    },
  ];
}

/** The roles at home, where config.ts has bots act through them there too. */
export function homeRoleChecks(patient: Patient): readonly Check[] {
  const { home, config } = patient;
  if (!isScoped(config.accounts)) return [];
  return roleChecks(patient, home, deployCommand(patient));
}

interface Asked {
  readonly patient: Patient;
  readonly account: string;
  /** Reads the trust policy of a role; absent where nobody may look into the account. */
  readonly read?: (arn: string) => Promise<Trusts | undefined>;
}

/**
 * Whether the roles open only to who gives the ExternalId of config.ts. A refusal proves nothing by itself, since the
 * roles trust bots alone: it is green only where the trust policy says so too.
 */
export function externalIdCheck({ patient, account, read }: Asked): Check {
  const mend = account === patient.home.account ? deployCommand(patient) : memberMend(patient, account);
  return {
    id: 'member-external-id',
    account,
    needs: ['sts:AssumeRole', 'iam:GetRole'],
    look: () =>
      each(roleArns(patient, account), async (arn) => {
        if (!(await refusesWrongId(patient.home, arn))) {
          return red(`${arn} lets you in with a wrong ExternalId`, mend);
        }
        if (!read) {
          return unknown(
            'a wrong ExternalId is refused to you; whether the role asks everybody for it was not looked at',
            selfhealCommand('doctor --assume-role OrganizationAccountAccessRole', patient),
          );
        }
        const trust = await read(arn);
        if (!trust) return red(`there is no role ${arn}`, mend);
        return trust.open.length > 0
          ? red(some(trust.open, 2), mend)
          : green('asked for by the trust policy, and a wrong one is refused');
      }),
  };
}

function roleVerdict({ stage }: Patient, arn: string, mend: string, trust: Trusts | undefined): Verdict {
  if (!trust) return red(`there is no role ${arn}`, mend);
  const { bots } = trust;
  if (bots === true) return green(`trusts the bots of stage ${stage}`);
  return 'no' in bots
    ? red(`bots cannot assume ${arn}: ${bots.no}`, mend)
    : unknown(`whether bots can assume ${arn} is not clear: ${bots.unclear}`, mend);
}

/** Source: IAM, GetRole, whose trust policy is URL-encoded. */
async function trustOf(
  { config, home, stage }: Patient,
  site: Site,
  arn: string,
): Promise<Trusts | undefined> {
  const RoleName = arn.split('/').at(-1);
  const found = await undefinedIfGone(
    site.client(IAMClient).send(new GetRoleCommand({ RoleName })),
    'NoSuchEntityException',
    'NoSuchEntity',
  );
  if (!found?.Role) return undefined;
  const multi = config.accounts?.mode === 'multi' ? config.accounts : undefined;
  return readTrust(decodeURIComponent(found.Role.AssumeRolePolicyDocument ?? '{}'), {
    partition: partitionOf(home.region),
    home: home.account,
    stage,
    externalId: multi?.externalId,
    organization: multi?.organization,
  });
}

/** Asks for a session that may do nothing, with an ExternalId that nobody has. Source: STS, AssumeRole. */
async function refusesWrongId(home: Site, RoleArn: string): Promise<boolean> {
  const nothing = { Effect: 'Deny', Action: '*', Resource: '*' };
  try {
    await home.client(STSClient).send(
      new AssumeRoleCommand({
        RoleArn,
        RoleSessionName: 'selfheal-doctor',
        ExternalId: `wrong-${randomBytes(12).toString('hex')}`,
        DurationSeconds: 900,
        Policy: JSON.stringify({ Version: '2012-10-17', Statement: nothing }),
      }),
    );
    return false;
  } catch (error) {
    if (denialOf(error)) return true;
    throw error;
  }
}

/** What the roles together come to: the worst of what each of them does. */
async function each(arns: readonly string[], look: (arn: string) => Promise<Verdict>): Promise<Verdict> {
  const verdicts = await concurrently(arns, AT_ONCE, look);
  const worst = ['red', 'warning', 'unknown', 'skipped', 'green'].flatMap((wanted) =>
    verdicts.filter(({ state }) => state === wanted),
  )[0];
  return worst ?? green('no bot is enabled');
}
