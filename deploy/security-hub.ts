import type { Config } from '../shared/config';
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
