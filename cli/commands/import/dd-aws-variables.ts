import { DEFAULT_WEBHOOK } from '../../../shared/config';
import { Problem } from '../../terminal/errors';
import type { Settings } from './file';
import { literalIn } from './literals';
import { type Move, quote } from './migration';
import { tfvarsIn } from './tfvars';

/** What DD-AWS takes where terraform.tfvars is silent. Source: its variables.tf and main.tf. */
const DEFAULTS = { region: 'ap-southeast-2', ports: [22, 1433, 3306, 3389] } as const;

/** The variables of DD-AWS, and what forks make variables of its modules' inputs. */
export interface Variables {
  readonly region: string;
  readonly ports: readonly number[];
  /** Buckets that its rule is told to pass over. */
  readonly whitelist: readonly string[];
  /** Whether it has a webhook of Slack: which, stands nowhere. */
  readonly isTold: boolean;
  /** What became of each variable that is set. */
  readonly moves: readonly Move[];
}

type Values = Readonly<Record<string, unknown>>;

const PORTS = ['prohibited_ports', 'prohibitedPorts'] as const;
const WHITELIST = ['bucket_whitelist', 'bucketWhitelist'] as const;

/**
 * Reads a terraform.tfvars, or a *.tfvars.json.
 *
 * @throws Problem when it sets variables, and none of DD-AWS, or sets one to what it cannot be.
 */
export function ddAwsVariables(settings: Settings): Variables {
  const isJson = settings.file.endsWith('.json') || settings.text.trimStart().startsWith('{');
  const given = isJson ? jsonOf(settings) : tfvarsIn(settings);
  const names = Object.keys(given);
  const region = regionOf(given, settings);
  const ports = listOf(given, PORTS, settings, /^\d{1,5}$/, 'port')?.map(Number);
  const whitelist = listOf(
    given,
    WHITELIST,
    settings,
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'name of a bucket',
  );
  const isTold =
    Object.hasOwn(given, 'slack_webhook_url') && ![null, ''].includes(given.slack_webhook_url as string);
  const became: Readonly<Record<string, Became>> = {
    region: { how: 'moved', to: 'regions' },
    enable_auto_response: isTrue(given.enable_auto_response)
      ? WAS_ON
      : { how: 'moved', to: 'enable_auto_response' },
    slack_webhook_url: isTold
      ? SECRET
      : { how: 'moved', to: 'slack', says: 'It is empty: DD-AWS told nobody.' },
    slack_channel: { how: 'left', says: 'A webhook of today posts to the channel that it was made for.' },
    enable_cis_level_2_alerts: {
      how: 'left',
      says: 'The alarms stay with Terraform; cloudwatch_create_metric_filter makes those that its parameter filters names.',
    },
    ...Object.fromEntries(PORTS.map((name) => [name, { how: 'moved', to: 'sg_close_ports' } as const])),
    ...Object.fromEntries(WHITELIST.map((name) => [name, EXEMPTED])),
  };
  if (names.length > 0 && !names.some((name) => Object.hasOwn(became, name))) {
    throw new Problem(
      `${settings.file} sets none of the variables of DD-AWS: region, enable_auto_response, slack_webhook_url …`,
    );
  }
  const moves = names.map((from): Move => ({
    from,
    ...((Object.hasOwn(became, from) ? became[from] : undefined) ?? STRANGE),
  }));
  const silent: Move = {
    ...{ from: 'region, which is not set', how: 'moved', to: 'regions' },
    says: `The default of DD-AWS is ${DEFAULTS.region}: look whether your variables.tf has another.`,
  };
  return {
    region: region ?? DEFAULTS.region,
    ports: ports ?? DEFAULTS.ports,
    whitelist: whitelist ?? [],
    isTold,
    moves: region === undefined ? [...moves, silent] : moves,
  };
}

type Became = Omit<Move, 'from'>;

const WAS_ON: Became = {
  ...{ how: 'differs', to: 'enable_auto_response' },
  says: 'It was on. Here it begins as false: look at npx selfheal queue, switch it off there, and on here.',
};
const SECRET: Became = {
  ...{ how: 'differs', to: 'slack.webhook' },
  says: `A secret is neither written into config.ts nor shown: put it into the SSM parameter ${DEFAULT_WEBHOOK.parameter}. It also stands in this file and in the state of Terraform: a new one is better.`,
};
const EXEMPTED: Became = {
  ...{ how: 'differs', to: 'exemptions' },
  says: 'Exemptions have an owner and an end; in DD-AWS any entry made its rule fail.',
};
const STRANGE: Became = {
  how: 'left',
  says: 'It is no variable of DD-AWS: if your fork has it, look at what it does.',
};

function jsonOf(settings: Settings): Values {
  const value = literalIn(settings);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Values;
  throw new Problem(`${settings.file} is no tfvars: it is an object of variables`);
}

/** As Terraform 0.11 has it, where all is text. */
function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === 'true' || value === '1';
}

function regionOf({ region }: Values, { file }: Settings): string | undefined {
  if (region === undefined || region === null || region === '') return undefined;
  if (typeof region === 'string' && /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(region)) return region;
  throw new Problem(`${file}: region is no region such as eu-west-1`);
}

/** A list, or a text with commas. */
function listOf(
  given: Values,
  names: readonly string[],
  { file }: Settings,
  right: RegExp,
  what: string,
): string[] | undefined {
  const name = names.find((each) => Object.hasOwn(given, each));
  if (name === undefined) return undefined;
  const value = given[name];
  const items: unknown = typeof value === 'string' ? value.split(',') : value;
  if (!Array.isArray(items)) throw new Problem(`${file}: ${name} is neither a list nor a text with commas`);
  const texts = items
    .map((item) =>
      typeof item === 'string' || typeof item === 'number' ? String(item).trim() : JSON.stringify(item),
    )
    .filter((item) => item !== '');
  const wrong = texts.find((text) => !right.test(text));
  if (wrong === undefined) return texts;
  throw new Problem(`${file}: ${name} holds ${quote(wrong)}, which is no ${what}`);
}
