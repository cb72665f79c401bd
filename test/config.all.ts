import { catalogue } from '../functions/remediators/catalogue';
import { type Config, defineConfig } from '../shared/config';

const policyArn = 'arn:aws:iam::$ACCOUNT_ID:policy/DenyEverything';

/** Bots that need a word of config.ts: no finding may say what they grant or attach. */
const GRANTED: Config['bots'] = {
  ec2_attach_instance_role: { enabled: true, allowed: { profile: ['managed-instance'] } },
  ec2_attach_sg: { enabled: true, params: { group: 'quarantine' } },
  iam_role_attach_policy: { enabled: true, params: { policyArn } },
  iam_user_attach_policy: { enabled: true, params: { policyArn } },
  sg_modify_scope_by_port: { enabled: true, allowed: { to: ['10.0.0.0/8'] } },
  tag_ec2_resource: { enabled: true, allowed: { key: ['owner'] } },
};

/** Every bot there is, and every part of the template that config.ts can ask for. */
export default defineConfig({
  enable_auto_response: false,
  bots: { ...Object.fromEntries(catalogue.map(({ id }) => [id, { enabled: true }])), ...GRANTED },
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
