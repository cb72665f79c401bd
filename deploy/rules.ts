import { isListed } from '../shared/aws/inventory';
import { isAskedDaily, recordedTypes } from '../shared/aws/recorded';
import type { CatalogueEntry } from '../shared/catalogue';
import type { Config } from '../shared/config';
import { isSettings } from '../shared/resources/target';
import { type Resource, STAGE, functionArn, pascal, sub } from './template';

/**
 * Whether a bot has an AWS Config rule of its own: changes ask it, or the clock does, about what can be listed. AMIs and
 * EBS snapshots have no configuration items; their rule evaluates the account.
 */
export function hasRule(entry: Pick<CatalogueEntry, 'kind' | 'resource' | 'alsoOn'>): boolean {
  const { kind, resource } = entry;
  return (
    kind === 'posture' && (isSettings(resource) || recordedTypes(entry).length > 0 || isListed(resource))
  );
}

/** The AWS Config rules of the bots, and the right of AWS Config to ask their one function. */
export function ruleResources(ruled: readonly CatalogueEntry[]): Record<string, Resource> {
  const evaluator = sub(functionArn('config-rules'));
  const permission: Resource = {
    Type: 'AWS::Lambda::Permission',
    DependsOn: 'ConfigDashrulesLambdaFunction',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: evaluator,
      Principal: 'config.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
    },
  };
  return {
    ConfigRulesPermission: permission,
    ...Object.fromEntries(ruled.map((entry) => [`${pascal(entry.id)}Rule`, customRule(entry, evaluator)])),
  };
}

function customRule(entry: CatalogueEntry, evaluator: object): Resource {
  const { id, title } = entry;
  const recorded = recordedTypes(entry);
  const messageTypes = [
    ...(recorded.length > 0
      ? ['ConfigurationItemChangeNotification', 'OversizedConfigurationItemChangeNotification']
      : []),
    ...(isAskedDaily(entry) ? ['ScheduledNotification'] : []),
  ];
  return {
    Type: 'AWS::Config::ConfigRule',
    DependsOn: 'ConfigRulesPermission',
    Properties: {
      ConfigRuleName: `selfheal-${STAGE}-${id}`,
      Description: `selfheal: ${title}`.slice(0, 256),
      InputParameters: { bot: id },
      // AWS Config refuses a scope for a rule that only the clock asks.
      ...(recorded.length > 0 && { Scope: { ComplianceResourceTypes: recorded } }),
      Source: {
        Owner: 'CUSTOM_LAMBDA',
        SourceIdentifier: evaluator,
        SourceDetails: messageTypes.map((MessageType) => ({
          EventSource: 'aws.config',
          MessageType,
          ...(MessageType === 'ScheduledNotification' && { MaximumExecutionFrequency: 'TwentyFour_Hours' }),
        })),
      },
    },
  };
}

/** The two rules of Defendable Design for AWS that AWS itself evaluates; their findings are told, not repaired. */
export function managedRules({ managedRules: wanted = {} }: Config): Record<string, Resource> {
  const { cloudTrailEnabled = true, iamPasswordPolicy = true } = wanted;
  return {
    ...(cloudTrailEnabled && {
      CloudTrailEnabledRule: managedRule('cloudtrail-enabled', 'CLOUD_TRAIL_ENABLED'),
    }),
    ...(iamPasswordPolicy && {
      IamPasswordPolicyRule: managedRule('iam-password-policy', 'IAM_PASSWORD_POLICY', {
        RequireUppercaseCharacters: 'true',
        RequireLowercaseCharacters: 'true',
        RequireSymbols: 'true',
        RequireNumbers: 'true',
        MinimumPasswordLength: '14',
        PasswordReusePrevention: '24',
        MaxPasswordAge: '90',
      }),
    }),
  };
}

function managedRule(name: string, SourceIdentifier: string, InputParameters?: object): Resource {
  return {
    Type: 'AWS::Config::ConfigRule',
    Properties: {
      ConfigRuleName: `selfheal-${STAGE}-${name}`,
      Source: { Owner: 'AWS', SourceIdentifier },
      ...(InputParameters && { InputParameters }),
    },
  };
}
