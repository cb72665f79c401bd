import { GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { QUEUE } from './lib/queue';
import { policyFootprint, writableText } from '../../../shared/policy/deleted-principals';
import { IGNORING, closedText, sayPublic } from '../../../shared/policy/public-statements';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'sqs_remove_public_statements',
  title: 'Remove public statements from the policy of an SQS queue',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  ...IGNORING,
  permissions: { read: ['sqs:GetQueueAttributes'], write: ['sqs:SetQueueAttributes'] },
  ...QUEUE,

  async inspect({ sqs }, { target }) {
    const read = new GetQueueAttributesCommand({ QueueUrl: target.id, AttributeNames: ['Policy'] });
    return { policy: (await sqs.send(read)).Attributes?.Policy };
  },

  check: ({ policy }, { params }) => sayPublic('queue', policy, params.ignore),

  plan: ({ policy }, { target, params }) => [{ sqs: put(target.id, closedText(policy, params.ignore)) }],

  undo: ({ policy = '' }, { target }) => [{ sqs: put(target.id, writableText(policy)) }],

  footprint: policyFootprint,
});

/** An empty text removes the policy. */
function put(QueueUrl: string, Policy = '') {
  return new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } });
}
