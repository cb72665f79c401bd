import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import bucketV2 from '../functions/findings/sources/fixtures/securityhub/bucket-v2.json';
import customAction from '../functions/findings/sources/fixtures/securityhub/custom-action.json';
import guardduty from '../functions/findings/sources/fixtures/securityhub/guardduty.json';
import securityGroup from '../functions/findings/sources/fixtures/securityhub/security-group.json';
import { SQS_DEFAULTS } from '../shared/aws/clients';
import { newAccount } from '../testing/account';
import { enabling } from '../testing/entry';
import { findingsEvents } from './events';

test('the events of the sources that config.ts names go to the findings queue, and of no others', () => {
  const rules = findingsEvents({ ...enabling(), findings: { events: ['guardduty', 'securityhub'] } });
  expect(Object.keys(rules)).toEqual(['GuarddutyFindings', 'SecurityhubFindings']);
  expect(rules.GuarddutyFindings).toMatchObject({
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.guardduty'] },
      Targets: [{ Arn: { 'Fn::Sub': '${FindingsQueue.Arn}' } }],
    },
  });
  expect(findingsEvents(enabling())).toEqual({});
});

test('a source that says nothing on EventBridge is refused in a sentence', () => {
  const config = { ...enabling(), findings: { events: ['conformity'] as const } };
  expect(() => findingsEvents(config)).toThrow(
    'findings.events names conformity, which says nothing on EventBridge',
  );
});

describe('what of Security Hub reaches the findings queue', () => {
  const [finding] = securityGroup.detail.findings;
  const imported = (changes: object) => ({
    ...securityGroup,
    detail: { findings: [{ ...finding, ...changes }] },
  });
  const closed = imported({ Workflow: { Status: 'RESOLVED' } }).detail;
  const { Compliance: _, ...notOfAControl } = finding ?? {};
  const cases: readonly (readonly [string, object, boolean])[] = [
    ['a new finding of a control', securityGroup, true],
    ['NOTIFIED', imported({ Workflow: { Status: 'NOTIFIED' } }), true],
    ['WARNING', imported({ Compliance: { Status: 'WARNING' } }), true],
    ['of another product', guardduty, true],
    ['without compliance', { ...securityGroup, detail: { findings: [notOfAControl] } }, true],
    ['in OCSF', bucketV2, true],
    ['chosen by hand', customAction, true],
    ['chosen by hand, though closed', { ...customAction, detail: { actionName: 'x', ...closed } }, true],
    ['RESOLVED, our own updates among them', imported({ Workflow: { Status: 'RESOLVED' } }), false],
    ['SUPPRESSED', imported({ Workflow: { Status: 'SUPPRESSED' } }), false],
    ['ARCHIVED', imported({ RecordState: 'ARCHIVED' }), false],
    ['PASSED', imported({ Compliance: { Status: 'PASSED' } }), false],
    ['NOT_AVAILABLE', imported({ Compliance: { Status: 'NOT_AVAILABLE' } }), false],
    ['an insight', { ...securityGroup, 'detail-type': 'Security Hub Insight Results' }, false],
    ['of another service', { ...guardduty, source: 'aws.guardduty' }, false],
  ];
  const reached = new Set<string>();

  beforeAll(async () => {
    const { account, region, client } = await newAccount();
    const events = client(EventBridgeClient);
    const { credentials } = events.config;
    const sqs = new SQSClient({ ...SQS_DEFAULTS, region, credentials });
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'findings' }));
    const { SecurityhubFindings } = findingsEvents({ ...enabling(), findings: { events: ['securityhub'] } });
    const { EventPattern } = SecurityhubFindings?.Properties as { EventPattern: object };
    await events.send(new PutRuleCommand({ Name: 'r', EventPattern: JSON.stringify(EventPattern) }));
    const Arn = `arn:aws:sqs:${region}:${account}:findings`;
    await events.send(new PutTargetsCommand({ Rule: 'r', Targets: [{ Id: 'q', Arn }] }));
    for (const [name, event] of cases) {
      const { source, 'detail-type': DetailType, detail } = event as typeof securityGroup;
      const Detail = JSON.stringify({ ...detail, name });
      await events.send(new PutEventsCommand({ Entries: [{ Source: source, DetailType, Detail }] }));
    }
    for (;;) {
      const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
      const { Messages = [] } = await sqs.send(receive);
      if (Messages.length === 0) break;
      for (const { Body = '' } of Messages) {
        reached.add((JSON.parse(Body) as { detail: { name: string } }).detail.name);
      }
    }
  });

  test.each(cases)('%s', (name, _event, isWanted) => {
    expect(reached.has(name)).toBe(isWanted);
  });
});
