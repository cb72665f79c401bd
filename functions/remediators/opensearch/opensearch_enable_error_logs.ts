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
  ...PUBLISHING,

  inspect: (aws, { target }) => readPublishing(aws, target, KIND),

  check: ({ on }) => (on ? undefined : 'the errors of the domain are logged nowhere'),

  plan: (state, { target }) => busy(state) ?? publish(state, target, KIND),

  undo: ({ group }, { target, now: { on } }) => (on ? [setPublishing(target, KIND, false, group)] : []),

  footprint: ({ on, group }) => (on ? { on, group } : { on }),
});
