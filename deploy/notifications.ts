import type { Config } from '../shared/config';
import { type NotificationChannel, type SecretSource, channelName } from '../shared/config/notifications';
import type { Statement } from './policies';
import { functionQueue } from './queues';
import { type Resource, STAGE, att, pascal, sub } from './template';

/** The function that tells the channels of config.ts, if it names any: one for all, with a queue for each. */
export function channelsFunction({ notifications = [] }: Config): Record<string, object> {
  if (notifications.length === 0) return {};
  return {
    channels: {
      name: `selfheal-${STAGE}-channels`,
      description: 'Tells ticket systems, pagers, mailboxes and further channels',
      handler: 'functions/notifier/channels/handler.handler',
      role: att('ChannelsRole'),
      events: notifications.map((channel) => ({
        sqs: {
          arn: { 'Fn::GetAtt': [queueOf(channel), 'Arn'] },
          batchSize: 10,
          maximumBatchingWindow: 5,
          // The least that SQS takes.
          maximumConcurrency: 2,
          functionResponseType: 'ReportBatchItemFailures',
        },
      })),
    },
  };
}

/** The queues before that function, each subscribed to the events topic. */
export function channelResources({ notifications = [] }: Config): Record<string, Resource> {
  return Object.fromEntries(
    notifications.flatMap((channel): [string, Resource][] => [
      ...Object.entries(
        functionQueue(logicalName(channel), `notify-${channelName(channel)}`, [
          { Sid: 'EventsTopic', service: 'sns.amazonaws.com', from: { Ref: 'EventsTopic' } },
        ]),
      ),
      [
        `${logicalName(channel)}Subscription`,
        {
          Type: 'AWS::SNS::Subscription',
          Properties: {
            TopicArn: { Ref: 'EventsTopic' },
            Protocol: 'sqs',
            Endpoint: att(queueOf(channel)),
            RawMessageDelivery: true,
          },
        },
      ] as const,
    ]),
  );
}

/** The logical ids of the queues. */
export function channelQueues({ notifications = [] }: Pick<Config, 'notifications'>): string[] {
  return notifications.map(queueOf);
}

/**
 * What the function may do beside reading its queues: keep what it told under ids of its own, read the secrets that
 * config.ts names, and send mail from the addresses that it names.
 */
export function channelStatements({ notifications = [] }: Config): Statement[] {
  return [
    {
      Effect: 'Allow',
      Action: ['dynamodb:UpdateItem'],
      Resource: [att('JournalTable')],
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ticket/*'] } },
    },
    ...notifications.map((channel) =>
      channel.to === 'email'
        ? mailStatement(channel)
        : secretStatement(
            'parameter' in channel ? { parameter: channel.parameter } : { secret: channel.secret },
          ),
    ),
  ];
}

/** The right to read one secret text. Secrets Manager adds six characters to the name of a secret. */
export function secretStatement(source: SecretSource): Statement {
  const place = '${AWS::Region}:${AWS::AccountId}';
  return 'parameter' in source
    ? {
        Effect: 'Allow',
        Action: ['ssm:GetParameter'],
        Resource: [
          sub(`arn:\${AWS::Partition}:ssm:${place}:parameter/${source.parameter.replace(/^\//, '')}`),
        ],
      }
    : {
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue'],
        Resource: [sub(`arn:\${AWS::Partition}:secretsmanager:${place}:secret:${source.secret}-??????`)],
      };
}

/** What is verified is the address or its domain. Source: Service Authorization Reference, SES. */
function mailStatement({ from, region }: Extract<NotificationChannel, { to: 'email' }>): Statement {
  const identity = `arn:\${AWS::Partition}:ses:${region ?? '${AWS::Region}'}:\${AWS::AccountId}:identity`;
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return {
    Effect: 'Allow',
    Action: ['ses:SendEmail'],
    Resource: [sub(`${identity}/${from}`), sub(`${identity}/${domain}`)],
    Condition: { StringEquals: { 'ses:FromAddress': from } },
  };
}

function queueOf(channel: NotificationChannel): string {
  return `${logicalName(channel)}Queue`;
}

/** `NotifyJiraSecurity` of `jira-security`. */
function logicalName(channel: NotificationChannel): string {
  return pascal(`notify_${channelName(channel).replaceAll('-', '_')}`);
}
