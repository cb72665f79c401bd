import type { Config } from '../shared/config';
import { type Resource, STAGE, att, sub } from './template';

const ACCOUNT = sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root');
/** CloudWatch, for alarms of this account. */
const ALARMS = {
  Sid: 'Alarms',
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
} as const;

/** The topic that findings come in by, the key of the topics, and which changes of compliance are told to Slack. */
export function topicResources(config: Config): Record<string, Resource> {
  return {
    TopicsKey: topicsKey(),
    FindingsTopic: findingsTopic(config),
    FindingsTopicPolicy: findingsTopicPolicy(config),
    ConfigComplianceChange: complianceChanges(config),
  };
}

/** A key of our own: CloudWatch alarms may not use AWS's key for SNS. */
function topicsKey(): Resource {
  return {
    Type: 'AWS::KMS::Key',
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
    Properties: {
      Description: `selfheal ${STAGE}, encrypts the topics`,
      EnableKeyRotation: true,
      KeyPolicy: {
        Version: '2012-10-17',
        Statement: [
          { Sid: 'Account', Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'kms:*', Resource: '*' },
          { ...ALARMS, Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*' },
        ],
      },
    },
  };
}

/**
 * Not encrypted where others publish: a key policy is not enough across accounts, the publisher's own IAM policies would
 * have to allow our key, and CloudGuard's are not ours to write. Source: KMS, access from other accounts.
 */
function findingsTopic(config: Config): Resource {
  return {
    Type: 'AWS::SNS::Topic',
    Properties: {
      TopicName: `selfheal-${STAGE}-findings`,
      ...(publishersOf(config).length === 0 && { KmsMasterKeyId: { Ref: 'TopicsKey' } }),
    },
  };
}

function findingsTopicPolicy(config: Config): Resource {
  const publish = { Action: 'sns:Publish', Resource: { Ref: 'FindingsTopic' } };
  return {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [{ Ref: 'FindingsTopic' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Publishers',
            Effect: 'Allow',
            Principal: { AWS: [ACCOUNT, ...publishersOf(config)] },
            ...publish,
          },
          { ...ALARMS, ...publish },
        ],
      },
    },
  };
}

/** Of the account's Config rules, those of this installation, unless config.ts asks for all. */
function complianceChanges({ slack }: Config): Resource {
  return {
    Type: 'AWS::Events::Rule',
    Properties: {
      Description: 'Changes of compliance, told to Slack',
      EventPattern: {
        source: ['aws.config'],
        'detail-type': ['Config Rules Compliance Change'],
        ...(slack?.configRules !== 'all' && {
          detail: { configRuleName: [{ prefix: `selfheal-${STAGE}-` }] },
        }),
      },
      Targets: [{ Id: 'notifications', Arn: att('NotificationsQueue') }],
    },
  };
}

function publishersOf({ findings }: Config): readonly string[] {
  return findings?.publishers ?? [];
}

/**
 * The alarm for what waits too long, while bots are switched on: nothing waits longer than a day of itself, so a bot
 * cannot be started, or the coordinator does not get round to it. Off: findings wait for as long as they are kept.
 */
export function ageAlarm({ enable_auto_response }: Config): Record<string, Resource> {
  if (!enable_auto_response) return {};
  return {
    RemediationAgeAlarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: `selfheal-${STAGE}-remediation-age`,
        AlarmDescription:
          'A remediation has waited for more than 25 hours: a bot cannot start. See npx selfheal queue, and the logs of its function',
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateAgeOfOldestMessage',
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['RemediationQueue', 'QueueName'] } }],
        Statistic: 'Maximum',
        Period: 300,
        EvaluationPeriods: 1,
        Threshold: 90_000,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
        AlarmActions: [{ Ref: 'EventsTopic' }],
      },
    },
  };
}
