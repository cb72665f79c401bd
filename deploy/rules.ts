import { ResourceType } from '@aws-sdk/client-config-service';
import type { CatalogueEntry } from '../shared/catalogue';
import type { Config } from '../shared/config';
import { isSettings } from '../shared/resources/target';
import { typesOf } from '../shared/bot/bot';
import { configTypesOf } from '../shared/resources/types';
import { type Resource, STAGE, functionArn, pascal, sub } from './template';

const RECORDED: ReadonlySet<string> = new Set(Object.values(ResourceType));

/**
 * Whether a bot has an AWS Config rule of its own. AMIs and EBS snapshots have no configuration items: no change of
 * theirs would ever ask a rule. Source: AWS Config API, ResourceType.
 */
export function hasRule(entry: Pick<CatalogueEntry, 'kind' | 'resource' | 'alsoOn'>): boolean {
  return entry.kind === 'posture' && (isSettings(entry.resource) || recordedTypes(entry).length > 0);
}

/** The names under which AWS Config records what a bot acts on. */
export function recordedTypes(entry: Pick<CatalogueEntry, 'resource' | 'alsoOn'>): string[] {
  return typesOf(entry)
    .flatMap(configTypesOf)
    .filter((type) => RECORDED.has(type));
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
  const isScheduled = isSettings(entry.resource);
  const messageTypes = isScheduled
    ? ['ScheduledNotification']
    : ['ConfigurationItemChangeNotification', 'OversizedConfigurationItemChangeNotification'];
  return {
    Type: 'AWS::Config::ConfigRule',
    DependsOn: 'ConfigRulesPermission',
    Properties: {
      ConfigRuleName: `selfheal-${STAGE}-${id}`,
      Description: `selfheal: ${title}`.slice(0, 256),
      InputParameters: { bot: id },
      ...(!isScheduled && { Scope: { ComplianceResourceTypes: recordedTypes(entry) } }),
      Source: {
        Owner: 'CUSTOM_LAMBDA',
        SourceIdentifier: evaluator,
        SourceDetails: messageTypes.map((MessageType) => ({
          EventSource: 'aws.config',
          MessageType,
          ...(isScheduled && { MaximumExecutionFrequency: 'TwentyFour_Hours' }),
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
