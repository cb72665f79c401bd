import { defineConfig } from 'selfheal';

/** In place of CloudBots: rules of CloudGuard keep their `AUTO:` words. */
export default defineConfig({
  // Off: look at what would be done with `npx selfheal queue`, then switch it on.
  enable_auto_response: false,
  // The bots that your rules name. CloudBots' own names of them are understood too.
  bots: {
    ec2_stop_instance: { enabled: true },
    ec2_quarantine_instance: { enabled: true },
    s3_block_all_public_access: { enabled: true },
    s3_delete_acls: { enabled: true },
    sg_rules_delete_by_scope: { enabled: true },
    sg_single_rule_delete: { enabled: true },
    iam_quarantine_role: { enabled: true },
    // What grants rights is named here; a finding may only choose from it.
    iam_user_attach_policy: {
      enabled: true,
      allowed: { policyArn: ['arn:aws:iam::aws:policy/AWSDenyAll'] },
    },
  },
  findings: {
    // The account of your CloudGuard data centre.
    publishers: ['arn:aws:iam::444455556666:root'],
    own: { sources: ['cloudguard'] },
  },
  accounts: { mode: 'multi', externalId: 'a-text-of-your-own', accounts: ['777788889999'] },
  slack: { webhook: { parameter: '/selfheal/slack-webhook-url' } },
});
