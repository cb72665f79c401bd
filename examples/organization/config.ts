import { defineConfig, presets } from 'selfheal';

/** Every account of an organization: repaired in the sandboxes, asked about in production, told of elsewhere. */
export default defineConfig({
  enable_auto_response: true,
  bots: {
    ...presets['cis-5.0'],
    account_set_security_contact: {
      enabled: true,
      params: { name: 'Security', title: 'Team', email: 'security@example.com', phone: '+1 555 0100' },
    },
  },
  // The first rule that matches decides.
  rollout: [
    { organizationalUnits: ['ou-ab12-sandboxes'], mode: 'auto' },
    { organizationalUnits: ['ou-ab12-production'], mode: 'approve' },
    { mode: 'plan' },
  ],
  accounts: {
    mode: 'multi',
    externalId: 'a-text-of-your-own',
    organization: 'o-a1b2c3d4e5',
    // The management account is left alone.
    deny: ['111122223333'],
  },
  findings: { events: ['securityhub', 'guardduty'] },
  slack: { webhook: { parameter: '/selfheal/slack-webhook-url' } },
});
