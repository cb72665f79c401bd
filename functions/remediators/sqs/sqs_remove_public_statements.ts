import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { policyFootprint, writableText } from '../../../shared/policy/deleted-principals';
import { closedText, sayPublic } from '../../../shared/policy/public-statements';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'sqs_remove_public_statements',
  title: 'Remove public statements from the policy of an SQS queue',
  resource: 'AWS::SQS::Queue',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  params: z.object({
    ignore: z.array(z.string()).default([]).describe('Sids of statements that are public on purpose'),
  }),
  from: { ignore: 'config' },
  permissions: {
    read: ['sqs:GetQueueAttributes'],
    write: ['sqs:SetQueueAttributes'],
  },
  controls: {
    securityHub: ['SQS.3'],
    config: ['SQS_QUEUE_NO_PUBLIC_ACCESS'],
    prowler: ['sqs_queues_not_publicly_accessible'],
  },
  docs: {
    why: 'A statement that allows everyone lets anybody on the internet send to the queue, read from it or empty it.',
    effect: [
      'Strangers lose what the statement allowed, and so does whoever relied on it without being named: another account, or an AWS service that sends without a condition on its source.',
      'All other statements stay as they are, also Deny and those confined to a topic, bucket, account or network, and a statement that names principals beside "*" keeps these.',
      'A policy that is left without statements is removed, and the account itself goes on by its IAM policies.',
      'Messages and other attributes are not touched.',
      'Undo puts the exact policy back.',
    ],
    references: [
      'https://docs.aws.amazon.com/config/latest/developerguide/sqs-queue-no-public-access.html',
      'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html',
    ],
  },
  clients: { sqs: SQSClient },
  gone: ['QueueDoesNotExist'],

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
