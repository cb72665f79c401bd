import { enabling } from '../test/entry';
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
