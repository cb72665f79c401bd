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
  controls: {
    securityHub: ['OpenSearch.5', 'ES.5'],
    config: ['OPENSEARCH_AUDIT_LOGGING_ENABLED'],
    prowler: ['opensearch_service_domains_audit_logging_enabled'],
  },
  docs: {
    why: 'Without audit logs nobody can say who read what in the domain, or tried to.',
    effect: [
      'The domain may write audit logs to the log group /aws/opensearch/<domain>/audit, which is made where it is missing; logs cost money.',
      'What is in them is chosen in OpenSearch Dashboards, where audit logs have to be turned on too.',
      'A domain without fine-grained access control, which has no users to audit, is held; one that is being made or changed is waited for.',
      'Undo turns the logs off again; the group and the policy stay.',
    ],
    references: ['https://docs.aws.amazon.com/opensearch-service/latest/developerguide/audit-logs.html'],
  },
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
