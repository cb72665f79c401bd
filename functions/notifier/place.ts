import type { Config } from '../../shared/config';
import { readVariable } from '../../shared/worker/environment';
import { arnsOf } from '../../shared/resources/policy-arn';
import { type Target, isGlobal } from '../../shared/resources/target';

/** What messages need to know of the installation that sends them. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly stage: string;
  /** What accounts are called, see `accounts.names` of config.ts. */
  readonly names?: Readonly<Record<string, string>>;
  /** A function takes in what people press in Slack. */
  readonly hasButtons?: boolean;
  /** Where docs/bots.md can be read. */
  readonly botPages?: string;
}

/** The place of this function. */
export function placeHere({
  accounts,
  botPages,
  approvals,
}: Pick<Config, 'accounts' | 'botPages' | 'approvals'>): Place {
  const names = accounts?.names;
  return {
    account: readVariable('SELFHEAL_ACCOUNT_ID'),
    region: readVariable('AWS_REGION'),
    stage: readVariable('SELFHEAL_STAGE'),
    ...(names && { names }),
    ...(approvals?.slack && { hasButtons: true }),
    ...(botPages !== undefined && { botPages }),
  };
}

/** The stage of the command line where nobody says another. */
const USUAL_STAGE = 'prod';

/** What is longer is not for copying. */
const LONGEST_COMMAND = 900;

/**
 * A command for a person's shell. It names the region always, since what the shell takes for it is not known here.
 *
 * @param verb - Our own words: `undo --bot`.
 * @param names - Words of others, quoted where the shell would read anything into them.
 * @returns `undefined`: it would be too long, or hold what a message cannot show.
 */
export function commandIn(
  { region, stage }: Place,
  verb: string,
  names: readonly string[],
): string | undefined {
  const where = `--region ${region}${stage === USUAL_STAGE ? '' : ` --stage ${stage}`}`;
  const quoted = names.map(shellWord).join(' ');
  // A name that looks like an option is none behind this.
  const looksLikeOption = names.some((name) => name.startsWith('-'));
  const words = looksLikeOption ? [verb, where, '--', quoted] : [verb, quoted, where];
  const command = ['npx selfheal', ...words.filter((word) => word !== '')].join(' ');
  const isSayable = !/[\p{Cc}\p{Cf}\p{Surrogate}`]| {2}/u.test(command);
  return isSayable && command.length <= LONGEST_COMMAND ? command : undefined;
}

/** The command that repairs a resource by hand, and lets the bot work on it again. */
export function fixCommand(place: Place, bot: string, target: Target): string | undefined {
  const isElsewhere = target.region !== place.region && !isGlobal(target.type);
  const verb = isElsewhere ? `fix --resource-region ${target.region}` : 'fix';
  return commandIn(place, verb, [bot, target.account === place.account ? target.id : arnOf(target)]);
}

/** `payments (111122223333)` where config.ts gives the account a name. */
export function accountText({ names }: Pick<Place, 'names'>, account: string): string {
  const name = names && Object.hasOwn(names, account) ? names[account] : undefined;
  return name === undefined ? account : `${name} (${account})`;
}

/** The one ARN of a resource, which says its account; else its id. */
function arnOf(target: Target): string {
  try {
    const [arn, ...others] = arnsOf(target);
    return arn !== undefined && others.length === 0 && !/[*?]/.test(arn) ? arn : target.id;
  } catch {
    return target.id;
  }
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
