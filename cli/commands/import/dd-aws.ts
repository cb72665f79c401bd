import type { CatalogueEntry } from '../../../shared/catalogue';
import { type BotSettings, DEFAULT_WEBHOOK } from '../../../shared/config';
import { type Exemption, MOST_DAYS } from '../../../shared/config/exemptions';
import { ddAwsVariables } from './dd-aws-variables';
import type { Settings } from './file';
import { type Migration, type Move, enabled } from './migration';

const DAY_MS = 86_400_000;

/** What each remediation of DD-AWS becomes, and how that differs. Source: its code, read and run. */
const REMEDIATIONS = [
  {
    from: 'EC2_SG_PROHIBITED_PORT',
    id: 'sg_close_ports',
    says: 'Only what is open to the world goes: other sources of the same ports stay, which DD-AWS took with it. udp stays too. Address ranges that add up to half of the internet count as open.',
  },
  {
    from: 'S3_BUCKET_PUBLIC_ACL',
    id: 's3_remove_public_grants',
    says: 'Grants to AuthenticatedUsers go too, which DD-AWS said it removed, and left.',
  },
  {
    from: 'S3_BUCKET_PUBLIC_POLICY',
    id: 's3_remove_public_statements',
    says: 'What conditions or a Deny confine is not public; of several statements none is passed over.',
  },
] as const;

/** What DD-AWS makes by Terraform and never repairs. */
const PROVISIONED: Readonly<Record<string, string>> = {
  'module best_practice/enable_cloudtrail':
    'Terraform makes the trail, and may go on doing so; cloudtrail_enable would.',
  'module best_practice/iam_password_policy':
    'Terraform sets it, and may go on doing so; iam_turn_on_password_policy would.',
  'module best_practice/cloudtrail_monitoring':
    'Terraform makes the metric filters and alarms, and may go on doing so; cloudwatch_create_metric_filter would. Its alarms reach Slack through the notifier of DD-AWS alone.',
  'module aws_config/setup_config':
    'Terraform makes the recorder of AWS Config, which selfheal needs too: leave it there, or enable config_enable first.',
};

/**
 * What the terraform.tfvars, or *.tfvars.json, of Defendable Design for AWS comes to: its three remediations, its two rules
 * that only detect, and its region.
 *
 * @throws Problem when the file is none of DD-AWS.
 */
export function fromDdAws(settings: Settings, catalogue: readonly CatalogueEntry[]): Migration {
  const { region, ports, whitelist, isTold, moves: variables } = ddAwsVariables(settings);
  const bots: Record<string, BotSettings<never>> = {};
  const remediations = REMEDIATIONS.map(({ from, id, says }): Move => {
    const entry = catalogue.find((each) => each.id === id);
    const wish = id === 'sg_close_ports' ? { params: { ports } } : {};
    const result = entry ? enabled(entry, wish) : { wrong: 'there is no such bot' };
    if ('wrong' in result) return { from, how: 'left', says: `${id} cannot be enabled: ${result.wrong}` };
    bots[id] = result.settings;
    return { from, how: 'differs', to: id, says: [says, ...result.says].join(' ') };
  });
  return {
    config: {
      enable_auto_response: false,
      bots,
      regions: [region],
      managedRules: { cloudTrailEnabled: true, iamPasswordPolicy: true },
      ...(whitelist.length > 0 && { exemptions: whitelist.map(exemptionOf) }),
      accounts: { mode: 'single' },
      slack: { webhook: DEFAULT_WEBHOOK, ...(isTold && { configRules: 'all' }) },
    },
    moves: [
      ...remediations,
      { from: 'rule CloudTrail_Enabled', how: 'moved', to: 'managedRules' },
      { from: 'rule IAM_PasswordPolicy', how: 'moved', to: 'managedRules' },
      ...variables,
      ...Object.entries(PROVISIONED).map(([from, says]): Move => ({ from, how: 'left', says })),
    ],
    notes: {
      regions: ['DD-AWS acted in its own region alone.'],
      exemptions: ['Name who wants each, and until when: longer than 90 days takes an approver.'],
      slack: isTold ? ['As DD-AWS did, this tells compliance changes of every rule of the account.'] : [],
    },
    next: [
      `Deploy with --region ${region}, where DD-AWS is.`,
      `Keep the URL of the webhook in the SSM parameter ${DEFAULT_WEBHOOK.parameter}.`,
      ...(whitelist.length > 0 ? ['Name the owner of each exemption.'] : []),
      'Set enable_auto_response of DD-AWS to "false" and apply that, before selfheal repairs anything.',
    ],
  };
}

function exemptionOf(bucket: string): Exemption {
  return {
    resource: bucket,
    reason: 'bucketWhitelist of Defendable Design for AWS',
    owner: 'nobody yet: name who wants this',
    until: new Date(Date.now() + (MOST_DAYS - 1) * DAY_MS).toISOString().slice(0, 10),
  };
}
