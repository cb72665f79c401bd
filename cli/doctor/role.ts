import { randomBytes } from 'node:crypto';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { isScoped, roleNameOf } from '../../shared/accounts';
import { undefinedIfGone } from '../../shared/aws/errors';
import { partitionOf } from '../../shared/resources/target';
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
  some,
  unknown,
} from './check';
import { rights } from './rights';
import { type Trusts, readTrust } from './trust';

/** The remediation role in an account: there, open to the bots and to nobody else, with the rights they need. */
export function roleChecks(patient: Patient, site: Site, arn: string, mend: string): readonly Check[] {
  const { account } = site;
  const read = once(() => trustOf(patient, site));
  const missing = red(`there is no role ${arn}`, mend);
  return [
    {
      id: 'member-role',
      account,
      needs: ['iam:GetRole'],
      look: async () => roleVerdict(patient, arn, mend, await read()),
    },
    ...(patient.config.accounts?.mode === 'multi' ? [externalIdCheck({ patient, account, arn, read })] : []),
    {
      id: 'member-rights',
      account,
      needs: ['iam:SimulatePrincipalPolicy'],
      look: async () =>
        (await undefinedIfGone(rights(patient, site, arn, mend), 'NoSuchEntityException', 'NoSuchEntity')) ??
        missing,
    },
  ];
}

/** The role at home, where config.ts has bots act through it there too. */
export function homeRoleChecks(patient: Patient): readonly Check[] {
  const { home, config } = patient;
  if (!isScoped(config.accounts)) return [];
  const arn = `arn:${partitionOf(home.region)}:iam::${home.account}:role/${roleNameOf(config.accounts)}`;
  return roleChecks(patient, home, arn, deployCommand(patient));
}

interface Asked {
  readonly patient: Patient;
  readonly account: string;
  readonly arn: string;
  /** Reads the trust policy; absent where nobody may look into the account. */
  readonly read?: () => Promise<Trusts | undefined>;
}

/**
 * Whether the role opens only to who gives the ExternalId of config.ts. A refusal proves nothing by itself, since the
 * role trusts bots alone: it is green only where the trust policy says so too.
 */
export function externalIdCheck({ patient, account, arn, read }: Asked): Check {
  const mend = account === patient.home.account ? deployCommand(patient) : memberMend(patient, account);
  return {
    id: 'member-external-id',
    account,
    needs: ['sts:AssumeRole', 'iam:GetRole'],
    look: async () => {
      if (!(await refusesWrongId(patient.home, arn))) {
        return red(`${arn} lets you in with a wrong ExternalId`, mend);
      }
      if (!read) {
        return unknown(
          'a wrong ExternalId is refused to you; whether the role asks everybody for it was not looked at',
          selfhealCommand('doctor --assume-role OrganizationAccountAccessRole', patient),
        );
      }
      const trust = await read();
      if (!trust) return red(`there is no role ${arn}`, mend);
      return trust.open.length > 0
        ? red(some(trust.open, 2), mend)
        : green('asked for by the trust policy, and a wrong one is refused');
    },
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
async function trustOf({ config, home, stage }: Patient, site: Site): Promise<Trusts | undefined> {
  const RoleName = roleNameOf(config.accounts);
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

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined;
  return () => (begun ??= work());
}
