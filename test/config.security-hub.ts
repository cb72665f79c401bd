import { defineConfig } from '../shared/config';

/** Findings of Security Hub, taken in and answered: one bot repairs, one only says what it would do. */
export default defineConfig({
  enable_auto_response: false,
  bots: {
    ec2_stop_instance: { enabled: true },
    s3_block_all_public_access: { enabled: true, mode: 'plan' },
  },
  routes: { securityhub: { 'EC2.9': 'AUTO: ec2_stop_instance' } },
  findings: { events: ['securityhub'], updateSecurityHub: true },
});
