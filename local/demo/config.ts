import { defineConfig } from '../../shared/config';

/** What the demo deploys: every bot of the first eight, automatic once it is switched on. */
export default defineConfig({
  enable_auto_response: false,
  bots: {
    sg_close_ports: { enabled: true, params: { ports: [22, 3389] } },
    s3_remove_public_grants: { enabled: true },
    s3_remove_public_statements: { enabled: true },
    s3_block_all_public_access: { enabled: true },
    kms_enable_rotation: { enabled: true },
    iam_turn_on_password_policy: { enabled: true },
    ec2_stop_instance: { enabled: true },
    ec2_quarantine_instance: { enabled: true },
  },
  // In one region a person has to approve.
  rollout: [{ regions: ['eu-central-1'], mode: 'approve' }],
  approvals: {
    slack: {
      signingSecret: { parameter: '/selfheal/slack-signing-secret' },
      approvers: [{ users: ['U0DEMO0001'] }],
    },
  },
  // A demo, and the benchmarks on it, mend more within an hour than ever should be in an account.
  limits: { perAccount: 1_000_000, perBot: 1_000_000, perDisruptiveResponse: 1_000_000 },
  exemptions: [
    {
      bot: 's3_block_all_public_access',
      resource: 'website-*',
      owner: 'web team',
      reason: 'a public website, by intent',
      approver: 'head of security',
    },
  ],
});
