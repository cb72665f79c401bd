import type { BotId } from '../config';
import { NOT_IN_CIS_5_0, NOT_IN_FSBP } from './lists';
import type { PresetName } from './presets';

/** What a person should know of a preset. */
export interface About {
  readonly title: string;
  /** What it should have and the catalogue has no bot for: bots by name, or controls. */
  readonly lacks: readonly string[];
}

/** See {@link About}. */
export const ABOUT: Readonly<Record<PresetName, About>> = {
  baseline: {
    title: 'what an account should have before anything runs in it',
    lacks: ['inspector_enable', 'emr_block_public_access'],
  },
  'cis-5.0': {
    title: 'CIS AWS Foundations Benchmark 5.0',
    lacks: NOT_IN_CIS_5_0,
  },
  fsbp: {
    title: 'AWS Foundational Security Best Practices',
    lacks: NOT_IN_FSBP,
  },
};

/** Of bots that turn on what is paid for: by what. */
export const COSTS: Readonly<Partial<Record<BotId, string>>> = {
  apigateway_enable_execution_logging: 'logs',
  apigateway_enable_xray: 'traces',
  appsync_enable_logging: 'logs',
  athena_enable_workgroup_logging: 'metrics',
  cloudfront_enable_logging: 'storage',
  cloudtrail_enable: 'storage',
  cloudtrail_enable_data_events: 'events',
  cloudtrail_send_to_cloudwatch: 'logs',
  cloudwatch_create_metric_filter: 'alarms',
  config_enable: 'items recorded',
  dynamodb_enable_auto_scaling: 'capacity used',
  dynamodb_enable_point_in_time_recovery: 'storage',
  ecs_enable_task_logging: 'logs',
  eks_enable_audit_logging: 'logs',
  elasticache_enable_automatic_failover: 'replicas',
  elasticache_enable_backups: 'storage',
  guardduty_enable: 'events',
  guardduty_enable_features: 'events, agents',
  kinesis_enable_encryption: 'key requests',
  kms_enable_rotation: 'key versions',
  load_balancer_enable_access_logs: 'storage',
  macie_enable: 'buckets',
  network_firewall_enable_logging: 'logs',
  opensearch_enable_audit_logs: 'logs',
  opensearch_enable_error_logs: 'logs',
  rds_cluster_export_logs: 'logs',
  rds_cluster_set_backup_retention: 'storage',
  rds_enable_enhanced_monitoring: 'logs',
  rds_enable_multi_az: 'a standby each',
  rds_export_logs: 'logs',
  rds_snapshot_encrypt: 'storage',
  redshift_enable_audit_logging: 'logs',
  redshift_set_snapshot_retention: 'storage',
  route53_enable_query_logging: 'logs',
  s3_enable_logging: 'storage',
  securityhub_enable: 'checks',
  stepfunctions_enable_logging: 'logs',
  vpc_create_endpoint: 'endpoints',
  vpc_turn_on_flow_logs: 'logs',
};

/** Of bots that hold until config.ts says more: the parameters that it must give, `or` where one will do. */
export const NEEDS: Readonly<Partial<Record<BotId, readonly (readonly string[])[]>>> = {
  account_set_security_contact: [['name'], ['title'], ['email'], ['phone']],
  cloudtrail_encrypt_log_files_using_existing_key: [['key']],
  cloudwatch_create_metric_filter: [['topic', 'email']],
  secretsmanager_enable_rotation: [['lambda']],
  ssm_attach_instance_role: [['profile']],
};
