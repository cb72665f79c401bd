import { IAMClient } from '@aws-sdk/client-iam';
import * as z from 'zod';
import {
  DELIVERY_ROLE as ROLE,
  type DeliveryRole,
  allowDelivery,
  createDeliveryRole,
  deliveryRoleArn,
  deliveryRoleOf,
} from './lib/delivery-role';
import { TOPIC, setTopic, topicAttributes } from './lib/topic';
import { defineBot } from '../../../shared/bot/bot';
import { AS_LOG_WRITER, LOG_WRITER } from '../../../shared/policy/log-writer';
import { afterwards } from '../../../shared/bot/steps';

/** How the names of a topic's attributes begin, by protocol. */
const NAMES = {
  application: 'Application',
  firehose: 'Firehose',
  http: 'HTTP',
  lambda: 'Lambda',
  sqs: 'SQS',
} as const;
const ROLES = ['SuccessFeedbackRoleArn', 'FailureFeedbackRoleArn'] as const;
const RATE = 'SuccessFeedbackSampleRate';

const params = z.object({
  protocols: z
    .array(z.enum(['application', 'firehose', 'http', 'lambda', 'sqs']))
    .min(1)
    .default(['application', 'firehose', 'http', 'lambda', 'sqs'])
    .describe('protocols whose deliveries must be logged; http is for HTTPS, too'),
  sampleRate: z
    .int()
    .min(0)
    .max(100)
    .default(100)
    .describe('percentage of successful deliveries that is logged'),
});

export const bot = defineBot({
  id: 'sns_enable_delivery_logging',
  title: 'Log what becomes of messages of an SNS topic',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  passes: 2,
  params,
  from: { protocols: 'config', sampleRate: 'config' },
  permissions: {
    read: ['sns:GetTopicAttributes', 'iam:GetRole', 'iam:GetRolePolicy'],
    write: ['sns:SetTopicAttributes', 'iam:CreateRole', 'iam:PassRole', 'iam:PutRolePolicy', 'iam:TagRole'],
    undo: ['sns:SetTopicAttributes'],
    where: { 'iam:CreateRole': AS_LOG_WRITER, 'iam:PutRolePolicy': AS_LOG_WRITER },
    only: Object.fromEntries(
      ['CreateRole', 'GetRole', 'GetRolePolicy', 'PassRole', 'PutRolePolicy', 'TagRole'].map((action) => [
        `iam:${action}`,
        `role/${ROLE}`,
      ]),
    ),
  },
  ...TOPIC,
  clients: { ...TOPIC.clients, iam: IAMClient },

  async inspect({ sns, iam }, { target, params: { protocols } }): Promise<State> {
    const attributes = Object.entries(await topicAttributes(sns, target.id));
    const set = Object.fromEntries(attributes.filter(([name, value]) => name.includes('Feedback') && value));
    if (missingOf(set, protocols).length === 0) return { set };
    const role = await deliveryRoleOf(iam);
    return { set, ...(role && { role }) };
  },

  check({ set }, { params: { protocols } }) {
    const missing = protocols.filter((protocol) => missingOf(set, [protocol]).length > 0);
    return missing.length > 0 ? `deliveries by ${missing.join(', ')} are not logged` : undefined;
  },

  plan({ set, role }, { target, params: { protocols, sampleRate } }) {
    if (!role) return [{ iam: createDeliveryRole(target) }];
    if (!role.isOwn)
      return {
        held: `the role ${ROLE} has not the permissions boundary ${LOG_WRITER}: rename it, or turn on the logs by hand`,
      };
    const arn = deliveryRoleArn(target);
    const steps = missingOf(set, protocols).flatMap((name) => [
      ...(name.endsWith(ROLES[0])
        ? [setTopic(target.id, name.replace(ROLES[0], RATE), String(sampleRate))]
        : []),
      setTopic(target.id, name, arn),
    ]);
    return [...(role.allows ? [] : [{ iam: allowDelivery(target) }]), ...afterwards(steps)];
  },

  undo: ({ set }, { target: { id }, now }) =>
    Object.keys(now.set)
      .filter((name) => name.endsWith('RoleArn') && set[name] === undefined)
      .map((name) => setTopic(id, name, '')),

  footprint: ({ set }) => Object.entries(set).filter(([name]) => name.endsWith('RoleArn')),
});

interface State {
  /** The attributes about logs of deliveries that say something. */
  readonly set: Readonly<Record<string, string>>;
  /** The role, where one is needed and there is one. */
  readonly role?: DeliveryRole;
}

/** The attributes that name no role yet. */
function missingOf(set: State['set'], protocols: z.output<typeof params>['protocols']): string[] {
  const names = protocols.flatMap((protocol) => ROLES.map((role) => `${NAMES[protocol]}${role}`));
  return names.filter((name) => set[name] === undefined);
}
