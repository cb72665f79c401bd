import { catalogue } from '../functions/remediators/catalogue';
import { defineConfig } from '../shared/config';

/** Every bot there is, and every part of the template that config.ts can ask for. */
export default defineConfig({
  enable_auto_response: false,
  bots: Object.fromEntries(catalogue.map(({ id }) => [id, { enabled: true }])),
  findings: {
    publishers: ['arn:aws:iam::444455556666:root'],
    topics: ['arn:aws:sns:eu-west-1:444455556666:scanner'],
    events: ['securityhub'],
    updateSecurityHub: true,
  },
  accounts: {
    mode: 'multi',
    externalId: 'selfheal-all',
    accounts: ['444455556666'],
    organization: 'o-a1b2c3d4e5',
    deny: ['777788889999'],
  },
});
