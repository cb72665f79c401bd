import { Problem } from '../../terminal/errors';
import type { Settings } from './file';
import { literalIn } from './literals';
import type { Move } from './migration';

/** Tags of a rule of CloudGuard, or what GD_ACTIONS says of a finding type. */
export interface Tagged {
  /** The rule's name, or the finding type. */
  readonly name: string;
  readonly tags: string;
}

/** What was found in the settings of CloudBots. */
export interface CloudBotsSettings {
  /** Of CloudGuard; `undefined`: no ruleset was given. */
  readonly rules?: readonly Tagged[];
  /** Of GuardDuty, as GD_ACTIONS has them; `undefined`: none was given. */
  readonly findings?: readonly Tagged[];
  /** Whether it acts in several accounts; `undefined`: it was not said. */
  readonly isMulti?: boolean;
  /** What cannot come over. */
  readonly left: readonly Move[];
}

const VARIABLE = 'GD_ACTIONS';

/**
 * Reads a ruleset of CloudGuard (one, a list of rules, or several), the map of GD_ACTIONS, the variable as a shell or an env
 * file sets it, or the function as `aws lambda get-function-configuration` prints it.
 *
 * @throws Problem when it is none of these.
 */
export function cloudBotsSettings(settings: Settings): CloudBotsSettings {
  const value = literalIn(withoutName(settings));
  if (Array.isArray(value)) return rulesets(value, settings);
  if (!isObject(value)) throw strange(settings);
  const environment = [value, value.Environment].map((each) => (isObject(each) ? each.Variables : undefined));
  const variables = environment.find(isObject) ?? (VARIABLE in value ? value : undefined);
  if (variables) return ofEnvironment(variables, settings);
  if ('rules' in value || 'complianceTag' in value) return rulesets([value], settings);
  if (Object.keys(value).length > 0 && Object.values(value).every((each) => typeof each === 'string')) {
    return ofActions(value);
  }
  throw strange(settings);
}

/** `GD_ACTIONS={…}`, with `export` before it or quotes around the value. */
function withoutName({ file, text }: Settings): Settings {
  const [, value] = /^\s*(?:export\s+)?GD_ACTIONS\s*=\s*([\s\S]*)$/.exec(text) ?? [];
  if (value === undefined) return { file, text };
  const [, quote, inner] = /^(['"])([\s\S]*)\1\s*;?\s*$/.exec(value) ?? [];
  // In double quotes a shell takes a backslash before these away.
  const meant = quote === '"' ? inner?.replace(/\\(["\\$`])/g, '$1') : inner;
  return { file, text: meant ?? value };
}

function rulesets(items: readonly unknown[], settings: Settings): CloudBotsSettings {
  const left: Move[] = [];
  const rules = items.flatMap((item) => {
    if (!isObject(item)) throw strange(settings);
    if (!Array.isArray(item.rules)) return [item];
    const { cloudVendor: cloud } = item;
    if (typeof cloud === 'string' && !/^aws/i.test(cloud)) {
      const from = `ruleset ${nameOf(item)}`;
      left.push({ from, how: 'left', says: `It is about ${cloud}, not about AWS.` });
      return [];
    }
    return item.rules as readonly unknown[];
  });
  if (
    rules.length > 0 &&
    !rules.some((rule) => isObject(rule) && ('complianceTag' in rule || 'logic' in rule))
  ) {
    throw strange(settings);
  }
  return { rules: rules.filter(isObject).map(taggedOf), left };
}

/** `complianceTag` in rulesets, `complianceTags` in findings; a list where somebody has made it one. */
function taggedOf(rule: Readonly<Record<string, unknown>>): Tagged {
  const tags = [rule.complianceTag, rule.complianceTags].flat().filter((tag) => typeof tag === 'string');
  return { name: nameOf(rule), tags: tags.join('|') };
}

function nameOf({ name, ruleId, id }: Readonly<Record<string, unknown>>): string {
  const named = [name, ruleId, id].find(
    (each) => typeof each === 'number' || (typeof each === 'string' && each !== ''),
  );
  return named === undefined ? 'without a name' : `“${named as string | number}”`;
}

function ofActions(actions: Readonly<Record<string, unknown>>): CloudBotsSettings {
  return {
    findings: Object.entries(actions).map(([name, tags]) => ({ name, tags: String(tags) })),
    left: [],
  };
}

/** Variables of CloudBots' function, and what becomes of each. Source: its template and code. */
const VARIABLES: Readonly<Record<string, string>> = {
  SNS_TOPIC_ARN: 'Outcomes go to the events topic of the installation, in a form of their own.',
  CROSS_ACCOUNT_ROLE_NAME: 'Members have roles of their own: npx selfheal member-template prints them.',
  OUTPUT_TYPE: 'Outcomes are JSON.',
  SEND_LOGS_TO_DOME9: 'Nothing is sent to CloudGuard.',
  SEND_LOGS: 'Nothing is sent to CloudGuard.',
};

function ofEnvironment(variables: Readonly<Record<string, unknown>>, settings: Settings): CloudBotsSettings {
  const { [VARIABLE]: actions, ACCOUNT_MODE: mode, ...others } = variables;
  const parsed =
    typeof actions === 'string' && actions.trim() !== ''
      ? literalIn({ file: `${VARIABLE} in ${settings.file}`, text: actions })
      : (actions ?? {});
  if (!isObject(parsed) || Object.values(parsed).some((each) => typeof each !== 'string'))
    throw strange(settings);
  return {
    ...ofActions(parsed),
    ...(typeof mode === 'string' && { isMulti: mode === 'multi' }),
    left: Object.keys(others).map((from) => ({
      ...{ from, how: 'left' },
      says: Object.hasOwn(VARIABLES, from) ? (VARIABLES[from] ?? '') : 'It is no variable of CloudBots.',
    })),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strange({ file }: Settings): Problem {
  return new Problem(
    `${file} is neither a ruleset of CloudGuard (a JSON with rules that have a complianceTag) nor the map of ${VARIABLE} (finding types of GuardDuty and their AUTO: words)`,
  );
}
