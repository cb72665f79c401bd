import { defineConfig } from 'selfheal';

/** GuardDuty finds an intruder: instances are kept apart at once, people's accounts after somebody has agreed. */
export default defineConfig({
  enable_auto_response: true,
  bots: {
    ec2_create_snapshot: { enabled: true },
    ec2_quarantine_instance: { enabled: true },
    iam_quarantine_user: { enabled: true, mode: 'approve' },
    s3_block_all_public_access: { enabled: true },
  },
  findings: { events: ['guardduty'] },
  routes: {
    guardduty: {
      'Backdoor:EC2/*': { auto: 'AUTO: ec2_create_snapshot | AUTO: ec2_quarantine_instance', minSeverity: 7 },
      'CryptoCurrency:EC2/*': { auto: 'AUTO: ec2_quarantine_instance', minSeverity: 7 },
      'UnauthorizedAccess:IAMUser/*': { auto: 'AUTO: iam_quarantine_user', minSeverity: 7 },
      'Policy:S3/BucketAnonymousAccessGranted': 'AUTO: s3_block_all_public_access',
    },
  },
  // Whoever may decide in Slack; `npx selfheal approve` does without.
  approvals: {
    slack: {
      signingSecret: { parameter: '/selfheal/slack-signing-secret' },
      approvers: [{ users: ['U024BE7LH'] }],
    },
  },
  limits: { perDisruptiveResponse: 5 },
  accounts: { mode: 'single' },
  slack: { webhook: { parameter: '/selfheal/slack-webhook-url' } },
});
