import type { Client } from '../../shared/bot/bot';
import type { CatalogueEntry } from '../../shared/catalogue';
import type { Config } from '../../shared/config';
import { concurrently } from '../concurrently';
import { denialOf, explain } from '../terminal/errors';
import { EXIT } from '../terminal/exit-codes';

/** What a check came to. Red: it is wrong. Warning: it works, and somebody should look. Unknown: AWS does not let it be told. Skipped: nothing was looked at. */
export type Verdict =
  | { readonly state: 'green'; readonly says: string }
  | {
      readonly state: 'red' | 'warning' | 'unknown' | 'skipped';
      readonly says: string;
      /** The command, or what to do, that mends it or lets it be told. */
      readonly mend: string;
    };

/** One thing to look at. It only reads. */
export interface Check {
  readonly id: string;
  /** The member account it is about; absent: home. */
  readonly account?: string;
  /** The IAM actions it calls. */
  readonly needs: readonly string[];
  readonly look: () => Promise<Verdict>;
}

/** A check and what it came to: a row of the table. */
export type Row = Pick<Check, 'id' | 'account'> & Verdict;

/** An account and a region in it, with the credentials to look there. */
export interface Site {
  readonly account: string;
  readonly region: string;
  readonly client: <T extends Client>(Class: new (config: never) => T, region?: string) => T;
}

/** The installation that is looked at. */
export interface Patient {
  readonly stage: string;
  /** What it was deployed with; config.ts here where that cannot be told. */
  readonly config: Config;
  /** Where config.ts here differs from what is deployed: none where that cannot be told. */
  readonly differences?: readonly string[];
  readonly catalogue: readonly CatalogueEntry[];
  /** Where it is installed. */
  readonly home: Site;
}

/** Checks at once: services allow some tens of reads a second. */
const AT_ONCE = 8;

/** As it should be. */
export function green(says: string): Verdict {
  return { state: 'green', says };
}

/** Wrong, and what mends it. */
export function red(says: string, mend: string): Verdict {
  return { state: 'red', says, mend };
}

/** It works, and somebody should look. */
export function warning(says: string, mend: string): Verdict {
  return { state: 'warning', says, mend };
}

/** It cannot be told, and what would let it be told. */
export function unknown(says: string, mend: string): Verdict {
  return { state: 'unknown', says, mend };
}

/** Runs all checks, in their order; one that fails is a row as well. */
export async function examine(
  checks: readonly Check[],
  place: { readonly stage: string; readonly region: string },
  tell: (progress: string) => void = () => undefined,
): Promise<Row[]> {
  let done = 0;
  return concurrently(checks, AT_ONCE, async (check) => {
    const verdict = await check.look().catch((error: unknown) => verdictOn(error, check.needs, place));
    done += 1;
    tell(`${done} of ${checks.length} checks`);
    const { id, account } = check;
    return { id, ...(account !== undefined && { account }), ...verdict };
  });
}

/** A missing permission, or a service that does not answer, says nothing about the installation; any other error does. */
export function verdictOn(
  error: unknown,
  needs: readonly string[],
  place: { readonly stage: string; readonly region: string },
): Verdict {
  const denied = denialOf(error);
  if (denied) {
    const action = denied.action ?? needs.join(', ');
    return unknown(`AWS denies ${action} to who runs this`, `allow ${action}, and run it again`);
  }
  const { sentence, exit } = explain(error, place);
  return isUnanswered(error) || exit === EXIT.aws
    ? unknown(`AWS gives no answer to ${needs.join(', ')}: ${sentence}`, 'run it again in a minute')
    : red(`the check failed: ${sentence}`, 'run it again; if it stays, report it');
}

/** The service failed, or still throttles after the SDK's retries. */
function isUnanswered(error: unknown): boolean {
  const { name = '', $metadata } = error as {
    name?: string;
    $metadata?: { httpStatusCode?: number };
  };
  return ($metadata?.httpStatusCode ?? 0) >= 500 || /throttl|TooManyRequests|RequestLimit/i.test(name);
}

/** The deployment that brings an installation to what config.ts says; not from a checkout that would change more. */
export function deployCommand({
  stage,
  home,
  differences = [],
}: Pick<Patient, 'stage' | 'home' | 'differences'>): string {
  const command = `npx selfheal deploy --stage ${stage} --region ${home.region}`;
  return differences.length === 0
    ? command
    : `with the config.ts that was deployed, which the one here is not: ${command}`;
}

/** A command of our own for this installation. */
export function selfhealCommand(words: string, { stage, home }: Pick<Patient, 'stage' | 'home'>): string {
  return `npx selfheal ${words}${stage === 'prod' ? '' : ` --stage ${stage}`} --region ${home.region}`;
}

/** Deploys what a member account holds; with credentials of that account. Source: AWS CLI, cloudformation deploy. */
export function memberMend({ stage, home, config }: Patient, account: string): string {
  const { accounts } = config;
  const given = [
    `HomeAccount=${home.account}`,
    `HomeRegion=${home.region}`,
    // Parameters of a stack that is there stay as they are unless they are said again.
    ...(accounts?.mode === 'multi' ? [`ExternalId=${accounts.externalId}`] : []),
  ];
  const template = selfhealCommand(`member-template --account ${home.account}`, { stage, home });
  return `with credentials of ${account}: ${template} > member.json && aws cloudformation deploy --stack-name selfheal-${stage}-member --template-file member.json --capabilities CAPABILITY_NAMED_IAM --region ${home.region} --parameter-overrides ${given.join(' ')}`;
}

/** A word of a command, so that a shell takes it as one whatever AWS answered. */
export function quoted(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
