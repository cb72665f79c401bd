import type { RuleEvent } from './notification';

/** The item of a KMS key, as AWS Config sends it. */
export function item(changes: object = {}): object {
  return {
    version: '1.3',
    resourceType: 'AWS::KMS::Key',
    resourceId: 'key-1',
    resourceName: null,
    ARN: 'arn:aws:kms:eu-west-1:111122223333:key/key-1',
    awsAccountId: '111122223333',
    awsRegion: 'eu-west-1',
    configurationItemCaptureTime: '2026-11-21T10:00:00.123Z',
    configurationItemStatus: 'OK',
    configurationStateId: 1795255200123,
    configuration: { keyId: 'key-1' },
    tags: {},
    relationships: [],
    ...changes,
  };
}

/** The event of a changed item. */
export function changed(itemChanges: object = {}, eventChanges: Partial<RuleEvent> = {}): RuleEvent {
  return invoked(
    {
      messageType: 'ConfigurationItemChangeNotification',
      configurationItem: item(itemChanges),
      configurationItemDiff: { changeType: 'UPDATE', changedProperties: {} },
      notificationCreationTime: '2026-11-21T10:00:01.000Z',
      recordVersion: '1.3',
    },
    eventChanges,
  );
}

/** The event of a rule for kms_enable_rotation. */
export function invoked(invokingEvent: unknown, changes: Partial<RuleEvent> = {}): RuleEvent {
  const event = {
    version: '1.0',
    invokingEvent: typeof invokingEvent === 'string' ? invokingEvent : JSON.stringify(invokingEvent),
    ruleParameters: '{"bot":"kms_enable_rotation"}',
    resultToken: 'selfheal-kms_enable_rotation#token',
    eventLeftScope: false,
    executionRoleArn: 'arn:aws:iam::111122223333:role/config',
    configRuleArn: 'arn:aws:config:eu-west-1:111122223333:config-rule/config-rule-1',
    configRuleName: 'selfheal-kms_enable_rotation',
    configRuleId: 'config-rule-1',
    accountId: '111122223333',
  };
  return { ...event, ...changes };
}
