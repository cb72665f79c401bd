import type { Config } from '../shared/config';
import { type Resource, STAGE, att } from './template';

/** The function behind Slack's buttons, and for decisions over EventBridge, if config.ts wants either. */
export function approvalsFunction({ approvals }: Config): Record<string, object> {
  if (!hasFunction(approvals)) return {};
  return {
    approvals: {
      name: `selfheal-${STAGE}-approvals`,
      description: 'Takes in what people decide on planned repairs',
      handler: 'functions/approvals/handler.handler',
      role: att('ApprovalsRole'),
      timeout: 15,
      // Slack has no credentials of AWS: the function believes what Slack has signed, and nothing else.
      ...(approvals?.slack && { url: true }),
    },
  };
}

/** Whether config.ts asks for that function. */
export function hasFunction(approvals: Config['approvals']): boolean {
  return approvals?.slack !== undefined || approvals?.eventBridge === true;
}

/** The rule that lets decisions of other tools through: from this account's own bus. */
export function approvalsResources({ approvals }: Config): Record<string, Resource> {
  if (!approvals?.eventBridge) return {};
  return {
    DecisionsRule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        Name: `selfheal-${STAGE}-decisions`,
        Description: 'What other tools decide on planned repairs',
        EventPattern: {
          account: [{ Ref: 'AWS::AccountId' }],
          'detail-type': ['selfheal decision'],
        },
        Targets: [{ Id: 'approvals', Arn: att('ApprovalsLambdaFunction') }],
      },
    },
    DecisionsPermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: att('ApprovalsLambdaFunction'),
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: att('DecisionsRule'),
      },
    },
  };
}
