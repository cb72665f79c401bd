import { defineConfig } from 'selfheal';

/** What selfheal looks for and what it may do. Every bot is described in docs/bots.md. */
export default defineConfig({
  /** Off: findings wait in the queue; `npx selfheal queue` shows what would be done. On: it is done. */
  enable_auto_response: false,

  bots: {
    // Lists in one word: `...presets.baseline,` with `import { defineConfig, presets } from 'selfheal'`; see selfheal presets.

    // Posture bots: AWS Config asks them at every change, `npx selfheal scan` at any time, and findings by their control.
    sg_close_ports: { enabled: true, params: { ports: [22, 1433, 3306, 3389] } },
    s3_remove_public_grants: { enabled: true },
    s3_remove_public_statements: { enabled: true },
    kms_enable_rotation: { enabled: true },

    s3_block_all_public_access: { enabled: false },
    iam_turn_on_password_policy: {
      enabled: false,
      params: { minimumPasswordLength: 14, maxPasswordAge: 90 },
    },

    // These act only on findings that name them: `AUTO: ec2_quarantine_instance` in a rule of CloudGuard, say.
    ec2_stop_instance: { enabled: false },
    ec2_quarantine_instance: { enabled: false },
  },

  /** Rules that AWS itself evaluates; their changes are told to Slack. */
  managedRules: { cloudTrailEnabled: true, iamPasswordPolicy: true },

  /** Who else may publish findings, say the account of your CloudGuard data centre; and `events: ['securityhub']`. */
  findings: { publishers: [] },

  /** Members, docs/members.md: { mode: 'multi', externalId: 'a text of your own', organization: 'o-a1b2c3d4e5' }. */
  accounts: { mode: 'single' },

  /** Where the webhook's URL is kept. It is read at run time and stands in no template. */
  slack: { webhook: { parameter: '/selfheal/slack-webhook-url' } },

  /** Changes an hour and account; what is over waits, and `npx selfheal limits` shows it. `npx selfheal stop` stops all. */
  limits: { perAccount: 100, perBot: 20, perDisruptiveResponse: 10, perDestructive: 1 },

  /** What bots leave alone: { bot, account, region, resource: 'website-*', owner, reason, until: '2027-01-31' }. */
  exemptions: [],
});
