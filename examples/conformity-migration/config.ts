import { defineConfig } from 'selfheal';

/** In place of Conformity's auto-remediation: its checks come over SNS and go to the bots that answer their rule. */
export default defineConfig({
  // Off: look at what would be done with `npx selfheal queue`, then switch it on.
  enable_auto_response: false,
  bots: {
    s3_remove_public_grants: { enabled: true }, // S3-001 to S3-010
    s3_remove_public_statements: { enabled: true }, // S3-014
    s3_enable_versioning: { enabled: true }, // S3-012
    sg_close_ports: { enabled: true }, // EC2-002, EC2-003 and others: each closes the port that it is about
    kms_enable_rotation: { enabled: true }, // KMS-002
    rds_set_private: { enabled: true }, // RDS-008
    iam_deactivate_old_access_key: { enabled: true, mode: 'approve' }, // IAM-001, IAM-038
    vpc_turn_on_flow_logs: { enabled: true }, // VPC-001
    ebs_snapshot_set_private: { enabled: true }, // EBS-009
  },
  findings: {
    // The account that Conformity publishes from.
    publishers: ['arn:aws:iam::444455556666:root'],
    own: { sources: ['conformity'] },
  },
  // Conformity's own id of an account, and the account of AWS that it is.
  conformity: { accounts: { HJzFMHchx: '111122223333' } },
  accounts: { mode: 'single' },
  slack: { webhook: { parameter: '/selfheal/slack-webhook-url' } },
});
