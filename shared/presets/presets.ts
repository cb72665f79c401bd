import type { Config } from '../config';
import { CIS_5_0, FSBP } from './lists';

const on = { enabled: true } as const;

/**
 * Lists of bots in one word, for `bots` of config.ts: `bots: { ...presets.baseline, macie_enable: { enabled: false } }`.
 * What stands behind a preset changes what it says. `npx selfheal presets` shows what each enables, costs and lacks.
 */
export const presets = {
  /** What an account should have before anything runs in it. */
  baseline: {
    accessanalyzer_enable: on,
    account_set_security_contact: on,
    ami_block_public_access: on,
    cloudtrail_enable: on,
    cloudtrail_enable_log_file_validation: on,
    cloudtrail_send_to_cloudwatch: on,
    cloudwatch_create_metric_filter: on,
    config_enable: on,
    ebs_block_public_snapshots: on,
    ec2_enable_ebs_encryption: on,
    guardduty_enable: on,
    iam_turn_on_password_policy: on,
    macie_enable: on,
    s3_block_account_public_access: on,
    securityhub_enable: on,
    ssm_block_public_sharing: on,
  },
  /** The CIS AWS Foundations Benchmark 5.0: safe bots repair, all others say what they would do. */
  'cis-5.0': CIS_5_0,
  /** AWS Foundational Security Best Practices: safe bots repair, all others say what they would do. */
  fsbp: FSBP,
} as const satisfies Readonly<Record<string, Config['bots']>>;

/** The name of a preset. */
export type PresetName = keyof typeof presets;
