import * as z from 'zod';
import { TOPIC, setTopic, topicAttributes } from './lib/topic';
import { policyFootprint, writableText } from '../../../shared/policy/deleted-principals';
import { closedText, sayPublic } from '../../../shared/policy/public-statements';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'sns_set_topic_private',
  aliases: ['sns_remove_public_statements'],
  title: 'Remove public statements from the policy of an SNS topic',
  severity: 'high',
  risk: 'disruptive',
  kind: 'posture',
  params: z.object({
    ignore: z.array(z.string()).default([]).describe('Sids of statements that are public on purpose'),
    policy: z
      .string()
      .regex(/^\{/, 'must be the text of a policy')
      .optional()
      .describe('the policy that a topic with public statements gets instead of its own, as JSON'),
  }),
  from: { ignore: 'config', policy: 'config' },
  permissions: { read: ['sns:GetTopicAttributes'], write: ['sns:SetTopicAttributes'] },
  ...TOPIC,

  async inspect({ sns }, { target }) {
    const { Policy: policy, Owner: owner = target.account } = await topicAttributes(sns, target.id);
    return { policy, owner };
  },

  check: ({ policy }, { params }) => sayPublic('topic', policy, params.ignore),

  plan({ policy, owner }, { target, params }) {
    const open = sayPublic('topic', params.policy, params.ignore);
    if (open !== undefined) return { held: `the policy of config.ts would not close the topic: ${open}` };
    const closed = params.policy ?? closedText(policy, params.ignore) ?? defaultPolicy(target.id, owner);
    return [setTopic(target.id, 'Policy', closed)];
  },

  undo: ({ policy = '' }, { target }) => [setTopic(target.id, 'Policy', writableText(policy))],

  footprint: policyFootprint,
});

const OWN_ACTIONS = [
  'GetTopicAttributes',
  'SetTopicAttributes',
  'AddPermission',
  'RemovePermission',
  'DeleteTopic',
  'Subscribe',
  'ListSubscriptionsByTopic',
  'Publish',
];

/** What SNS gives to a new topic; it takes no empty policy. */
function defaultPolicy(topic: string, owner: string): string {
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: OWN_ACTIONS.map((action) => `SNS:${action}`),
        Resource: topic,
        Condition: { StringEquals: { 'AWS:SourceOwner': owner } },
      },
    ],
  });
}
