import { busy } from './lib/domain';
import { PUBLISHING, publish, readPublishing, setPublishing } from './lib/logs';
import { defineBot } from '../../../shared/bot/bot';

const KIND = 'ES_APPLICATION_LOGS';

export const bot = defineBot({
  id: 'opensearch_enable_error_logs',
  title: 'Send the error logs of an OpenSearch domain to CloudWatch Logs',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  controls: {
    securityHub: ['OpenSearch.4', 'ES.4'],
    config: ['OPENSEARCH_LOGS_TO_CLOUDWATCH', 'ELASTICSEARCH_LOGS_TO_CLOUDWATCH'],
  },
  docs: {
    why: 'Without error logs nobody can say afterwards what the domain refused or why it failed.',
    effect: [
      'Errors and warnings go to the log group /aws/opensearch/<domain>/application, which is made where it is missing, and which domains of the account are let write to; logs cost money.',
      'A domain that is being made or changed is waited for; its other logs stay as they are.',
      'Undo turns the logs off again; the group and the policy stay.',
    ],
    references: [
      'https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html',
    ],
  },
  ...PUBLISHING,

  inspect: (aws, { target }) => readPublishing(aws, target, KIND),

  check: ({ on }) => (on ? undefined : 'the errors of the domain are logged nowhere'),

  plan: (state, { target }) => busy(state) ?? publish(state, target, KIND),

  undo: ({ group }, { target, now: { on } }) => (on ? [setPublishing(target, KIND, false, group)] : []),

  footprint: ({ on, group }) => (on ? { on, group } : { on }),
});
