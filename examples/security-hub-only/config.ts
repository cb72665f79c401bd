import { defineConfig, presets } from 'selfheal';

/** Security Hub says what is wrong, and is told what became of it. */
export default defineConfig({
  enable_auto_response: true,
  rollout: [{ mode: 'plan' }],
  bots: { ...presets.fsbp },
  findings: {
    events: ['securityhub'],
    updateSecurityHub: true,
    // The findings topic is left to tools of your own.
    own: { sources: ['generic'] },
  },
  accounts: { mode: 'single' },
  slack: { webhook: { parameter: '/selfheal/slack-webhook-url' } },
});
