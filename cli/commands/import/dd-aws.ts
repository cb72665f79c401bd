import type { CatalogueEntry } from '../../../shared/catalogue';
import { type BotSettings, DEFAULT_WEBHOOK } from '../../../shared/config';
import { type Exemption, MOST_DAYS } from '../../../shared/config/exemptions';
import { Problem } from '../../terminal/errors';
import type { Settings } from './file';
import { literalIn } from './literals';
import { type Migration, type Move, type Wish, enabled, quote } from './migration';
import { tfvarsIn } from './tfvars';

/** What DD-AWS takes where terraform.tfvars is silent. Source: its variables.tf and main.tf. */
const DEFAULTS = { region: 'ap-southeast-2', ports: [22, 1433, 3306, 3389] } as const;

const DAY_MS = 86_400_000;

/** What DD-AWS always does beside its variables. */
const PROVISIONED: readonly (readonly [from: string, says: string])[] = [
  [
    'module best_practice/enable_cloudtrail',
    'Terraform makes the trail, and may go on doing so; cloudtrail_enable would.',
  ],
  [
    'module best_practice/iam_password_policy',
    'Terraform sets it, and may go on doing so; iam_turn_on_password_policy would.',
  ],
  [
    'module best_practice/cloudtrail_monitoring',
    'Terraform makes the metric filters and alarms, and may go on doing so; cloudwatch_create_metric_filter would. Its alarms reach Slack through the notifier of DD-AWS alone.',
  ],
  [
    'module aws_config/setup_config',
    'Terraform makes the recorder of AWS Config, which selfheal needs too: leave it there, or enable config_enable first.',
  ],
];

/**
 * What the terraform.tfvars, or *.tfvars.json, of Defendable Design for AWS comes to: its three remediations, its two rules
 * that only detect, and its region.
 *
 * @throws Problem when the file sets no variables, or sets one to what it cannot be.
 */
export function fromDdAws(settings: Settings, catalogue: readonly CatalogueEntry[]): Migration {
  const given =
    settings.file.endsWith('.json') || settings.text.trimStart().startsWith('{')
      ? jsonOf(settings)
      : tfvarsIn(settings);
  const region = textOf(given, 'region', settings) ?? DEFAULTS.region;
  const ports = listOf(given, ['prohibited_ports', 'prohibitedPorts'], settings);
  const whitelist = listOf(given, ['bucket_whitelist', 'bucketWhitelist'], settings);
  const bots: Record<string, BotSettings<never>> = {};
  const moves: Move[] = [];
  enable(
    'EC2_SG_PROHIBITED_PORT',
    'sg_close_ports',
    { params: { ports: ports ? ports.map(Number) : DEFAULTS.ports } },
    'Only what is open to the world goes: other sources of the same ports stay, which DD-AWS took with it. udp stays too. Address ranges that add up to half of the internet count as open.',
  );
  enable(
    'S3_BUCKET_PUBLIC_ACL',
    's3_remove_public_grants',
    {},
    'Grants to AuthenticatedUsers go too, which DD-AWS reported as removed and left.',
  );
  enable(
    'S3_BUCKET_PUBLIC_POLICY',
    's3_remove_public_statements',
    {},
    'What conditions or a Deny confine is not public; of several statements none is passed over.',
  );
  moves.push(
    { from: 'DD_Config_CloudTrail_Enabled', how: 'moved', to: 'managedRules.cloudTrailEnabled' },
    { from: 'DD_Config_IAM_PasswordPolicy', how: 'moved', to: 'managedRules.iamPasswordPolicy' },
    ...movesOf(given, { region, whitelist }),
    ...PROVISIONED.map(([from, says]): Move => ({ from, how: 'left', says })),
  );
  return {
    config: {
      enable_auto_response: false,
      bots: bots,
      regions: [region],
      managedRules: { cloudTrailEnabled: true, iamPasswordPolicy: true },
      ...(whitelist && whitelist.length > 0 && { exemptions: whitelist.map(exemptionOf) }),
      accounts: { mode: 'single' },
      slack: { webhook: DEFAULT_WEBHOOK, configRules: 'all' },
    },
    moves,
    notes: {
      regions: ['DD-AWS acted in its own region alone.'],
      ...(whitelist && {
        exemptions: ['Name who wants each, and until when: they end after 90 days unless somebody approves.'],
      }),
      slack: ['As DD-AWS did, this tells compliance changes of every rule of the account.'],
    },
    next: [
      `Deploy with --region ${region}, where DD-AWS is.`,
      `Keep the URL of the webhook in the SSM parameter ${DEFAULT_WEBHOOK.parameter}.`,
      'Set enable_auto_response of DD-AWS to "false" and apply that, before selfheal repairs anything.',
    ],
  };

  function enable(from: string, id: string, wish: Wish, says: string): void {
    const entry = catalogue.find((each) => each.id === id);
    const result = entry ? enabled(entry, wish) : { wrong: 'there is no such bot' };
    if ('settings' in result) bots[id] = result.settings;
    moves.push(
      'settings' in result
        ? { from, how: 'differs', to: id, says: [says, ...result.says].join(' ') }
        : { from, how: 'left', says: `${id} cannot be enabled: ${result.wrong}` },
    );
  }
}

function jsonOf(settings: Settings): Readonly<Record<string, unknown>> {
  const value = literalIn(settings);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Problem(`${settings.file} is no tfvars: it is an object of variables`);
}

/** What became of each variable that is set. What a secret is stands nowhere. */
function movesOf(
  given: Readonly<Record<string, unknown>>,
  { region, whitelist }: { readonly region: string; readonly whitelist: readonly string[] | undefined },
): Move[] {
  const said: Readonly<Record<string, () => Move>> = {
    region: () => ({ from: 'region', how: 'moved', to: 'regions' }),
    enable_auto_response: () => ({
      ...{ from: 'enable_auto_response', how: isTrue(given.enable_auto_response) ? 'differs' : 'moved' },
      to: 'enable_auto_response',
      ...(isTrue(given.enable_auto_response) && {
        says: 'It was on. Here it begins as false: look at npx selfheal queue, switch it off there, and on here.',
      }),
    }),
    slack_webhook_url: () => ({
      ...{ from: 'slack_webhook_url', how: 'differs', to: 'slack.webhook' },
      says: `A secret is not written into config.ts, nor shown: put it into the SSM parameter ${DEFAULT_WEBHOOK.parameter}. It also stands in the state of Terraform and in this file: take it out, or make a new one.`,
    }),
    slack_channel: () => ({
      ...{ from: 'slack_channel', how: 'left' },
      says: 'A webhook of today posts to the channel that it was made for.',
    }),
    enable_cis_level_2_alerts: () => ({
      ...{ from: 'enable_cis_level_2_alerts', how: 'left' },
      says: 'The alarms stay with Terraform; of selfheal, cloudwatch_create_metric_filter makes those that its parameter filters names.',
    }),
    ...Object.fromEntries(
      ['prohibited_ports', 'prohibitedPorts'].map((from) => [
        from,
        (): Move => ({ from, how: 'moved', to: 'sg_close_ports' }),
      ]),
    ),
    ...Object.fromEntries(
      ['bucket_whitelist', 'bucketWhitelist'].map((from) => [
        from,
        (): Move => ({
          ...{ from, how: 'differs', to: 'exemptions' },
          says: `${whitelist?.length ?? 0} buckets are exempted. An exemption names an owner and an end; in DD-AWS any entry made its rule fail.`,
        }),
      ]),
    ),
  };
  const moves = Object.keys(given).map(
    (name): Move =>
      (Object.hasOwn(said, name) ? said[name] : undefined)?.() ?? {
        ...{ from: name, how: 'left' },
        says: 'It is no variable of DD-AWS: if your fork has it, look at what it does.',
      },
  );
  if (Object.hasOwn(given, 'region')) return moves;
  return [
    ...moves,
    {
      from: 'region, which is not set',
      how: 'moved',
      to: 'regions',
      says: `Its default is ${region}: look at variables.tf.`,
    },
  ];
}

function exemptionOf(bucket: string): Exemption {
  return {
    resource: bucket,
    reason: 'bucketWhitelist of Defendable Design for AWS',
    owner: 'nobody yet: name who wants this',
    until: new Date(Date.now() + (MOST_DAYS - 1) * DAY_MS).toISOString().slice(0, 10),
  };
}

/** As Terraform 0.11 has it, where all is text. */
function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === 'true' || value === '1';
}

function textOf(
  given: Readonly<Record<string, unknown>>,
  name: string,
  { file }: Settings,
): string | undefined {
  const value = Object.hasOwn(given, name) ? given[name] : undefined;
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' && /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(value)) return value;
  throw new Problem(`${file}: ${name} is no region such as eu-west-1`);
}

/** A list, or a text with commas. */
function listOf(
  given: Readonly<Record<string, unknown>>,
  names: readonly string[],
  { file }: Settings,
): string[] | undefined {
  const name = names.find((each) => Object.hasOwn(given, each));
  if (name === undefined) return undefined;
  const value = given[name];
  const items = typeof value === 'string' ? value.split(',') : value;
  const isList = Array.isArray(items) && items.every((item) => ['string', 'number'].includes(typeof item));
  if (!isList) throw new Problem(`${file}: ${name} is neither a list nor a text with commas`);
  const texts = items.map((item) => String(item).trim()).filter((item) => item !== '');
  const right = name.startsWith('p') ? /^\d{1,5}$/ : /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
  const wrong = texts.find((text) => !right.test(text));
  if (wrong !== undefined)
    throw new Problem(
      `${file}: ${name} holds ${quote(wrong)}, which is no ${name.startsWith('p') ? 'port' : 'name of a bucket'}`,
    );
  return texts;
}
