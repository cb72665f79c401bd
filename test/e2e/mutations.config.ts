import { FINDING_SOURCES, defineConfig } from '../../shared/config';
import demo from '../../local/demo/config';

const STOP = 'AUTO: ec2_stop_instance';

/** The demo's bots, and routes enough that findings of every source ask for something. */
export default defineConfig({
  ...demo,
  exemptions: [],
  findings: {
    events: ['guardduty', 'securityhub', 'health'],
    // Mutations of every source are published, those that AWS alone sends too.
    own: { sources: [...FINDING_SOURCES] },
  },
  routes: {
    guardduty: {
      'Backdoor:EC2/*': { auto: STOP, minSeverity: 5 },
      'Policy:S3/*': 's3_block_all_public_access',
    },
    securityhub: { '*': 'AUTO: sg_close_ports ports=22 | AUTO: s3_block_all_public_access' },
    health: { '*': STOP },
    alarm: { '*': STOP },
    conformity: { 'EC2-*': 'AUTO: sg_close_ports ports=3389' },
  },
});
