import { CUSTOM_ACTION } from '../functions/findings/sources/securityhub';
import { type Config, hasAction } from '../shared/config';
import { ACTION_ID, ACTION_NAME } from '../shared/security-hub';
import { functionQueue } from './queues';
import { type Resource, STAGE, att } from './template';

/** The function that writes to Security Hub what became of its findings, if config.ts wants it. */
export function securityHubFunction({ findings }: Config): Record<string, object> {
  if (!findings?.updateSecurityHub) return {};
  return {
    'security-hub': {
      name: `selfheal-${STAGE}-security-hub`,
      description: 'Tells Security Hub what became of its findings',
      handler: 'functions/security-hub/handler.handler',
      role: att('SecurityHubRole'),
      events: [
        {
          sqs: {
            arn: { 'Fn::GetAtt': ['SecurityHubQueue', 'Arn'] },
            batchSize: 100,
            maximumBatchingWindow: 5,
            maximumConcurrency: 2,
            functionResponseType: 'ReportBatchItemFailures',
          },
        },
      ],
    },
  };
}

/** The queue before that function: of the events topic it takes what came from Security Hub. */
export function securityHubResources({ findings }: Config): Record<string, Resource> {
  if (!findings?.updateSecurityHub) return {};
  return {
    ...functionQueue('SecurityHub', 'security-hub', [
      { Sid: 'EventsTopic', service: 'sns.amazonaws.com', from: { Ref: 'EventsTopic' } },
    ]),
    SecurityHubSubscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        TopicArn: { Ref: 'EventsTopic' },
        Protocol: 'sqs',
        Endpoint: att('SecurityHubQueue'),
        RawMessageDelivery: true,
        FilterPolicyScope: 'MessageBody',
        FilterPolicy: {
          finding: { securityHub: { region: [{ exists: true }] } },
          outcome: [{ 'anything-but': ['declined'] }],
        },
      },
    },
  };
}

/**
 * The custom action by which people ask for the repair of findings in Security Hub's console. Where its other findings
 * come in too, their rule lets in the custom actions.
 */
export function securityHubAction(config: Config): Record<string, Resource> {
  if (!hasAction(config)) return {};
  return {
    SecurityHubAction: {
      Type: 'AWS::SecurityHub::ActionTarget',
      Properties: {
        Name: ACTION_NAME,
        Description: 'Asks selfheal for the repair of the selected findings',
        // Letters and digits alone: a stage may have hyphens.
        Id: { 'Fn::Join': ['', [ACTION_ID, { 'Fn::Join': ['', { 'Fn::Split': ['-', STAGE] }] }]] },
      },
    },
    ...(!config.findings?.events?.includes('securityhub') && {
      SecurityHubActionFindings: {
        Type: 'AWS::Events::Rule',
        Properties: {
          Description: `Findings that people have chosen by ${ACTION_NAME}, taken in by selfheal`,
          EventPattern: {
            source: ['aws.securityhub'],
            'detail-type': [CUSTOM_ACTION],
            resources: [{ 'Fn::GetAtt': ['SecurityHubAction', 'ActionTargetArn'] }],
          },
          Targets: [{ Id: 'findings', Arn: att('FindingsQueue') }],
        },
      },
    }),
  };
}
