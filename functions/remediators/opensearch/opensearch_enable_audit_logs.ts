import { busy } from './lib/domain';
import { PUBLISHING, publish, readPublishing, setPublishing } from './lib/logs';
import { defineBot } from '../../../shared/bot/bot';

const KIND = 'AUDIT_LOGS';

export const bot = defineBot({
  id: 'opensearch_enable_audit_logs',
  title: 'Send the audit logs of an OpenSearch domain to CloudWatch Logs',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  ...PUBLISHING,

  inspect: (aws, { target }) => readPublishing(aws, target, KIND),

  check: ({ on }) => (on ? undefined : 'what users do in the domain is logged nowhere'),

  plan(state, { target }) {
    if (!state.hasOwnUsers) {
      return {
        held: 'it has no fine-grained access control, without which there are no audit logs: turn that on first',
      };
    }
    return busy(state) ?? publish(state, target, KIND);
  },

  undo: ({ group }, { target, now: { on } }) => (on ? [setPublishing(target, KIND, false, group)] : []),

  footprint: ({ on, group }) => (on ? { on, group } : { on }),
});
