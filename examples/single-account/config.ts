import { defineConfig, presets } from 'selfheal';

/** One account: a baseline, ports and buckets that are open, and a person who is asked first. */
export default defineConfig({
  enable_auto_response: true,
  rollout: [{ mode: 'approve' }],
  bots: {
    ...presets.baseline,
    account_set_security_contact: {
      enabled: true,
      params: { name: 'Security', title: 'Team', email: 'security@example.com', phone: '+1 555 0100' },
    },
    cloudwatch_create_metric_filter: { enabled: true, params: { email: 'security@example.com' } },
    sg_close_ports: { enabled: true, params: { ports: [22, 3389] } },
    s3_remove_public_grants: { enabled: true },
    s3_remove_public_statements: { enabled: true },
    kms_enable_rotation: { enabled: true },
  },
  accounts: { mode: 'single' },
  slack: { webhook: { parameter: '/selfheal/slack-webhook-url' } },
});
