import fc from 'fast-check';
import { readRecord } from './records';
import { PLACE, aComplianceChange, anAlarm, anEvent, snsBody } from './testing';

function read(body: string) {
  const reading = readRecord({ body }, PLACE);
  if (reading.is === 'unknown') return `unknown: ${reading.why}`;
  if (reading.is === 'no-news') return 'no news';
  const { word, by } = reading.telling.summary;
  return `${word}: ${by}`;
}

test.each([
  ['fixed', 'Fixed: sg_close_ports'],
  ['planned', 'Planned: sg_close_ports'],
  ['unverified', 'Unverified: sg_close_ports'],
  ['failed', 'Failed: sg_close_ports'],
  ['held', 'Held: sg_close_ports'],
  ['undone', 'Undone: sg_close_ports'],
  ['dead-lettered', 'Given up: sg_close_ports'],
  ['gone', 'no news'],
  ['compliant', 'no news'],
  ['exempt', 'no news'],
] as const)('an event with outcome %s', (outcome, expected) => {
  expect(read(snsBody(anEvent({ outcome })))).toBe(expected);
});

test('raw delivery, without the envelope of SNS, is read as well', () => {
  expect(read(JSON.stringify(anEvent()))).toBe('Fixed: sg_close_ports');
});

test('the topic may have any name', () => {
  expect(read(snsBody(aComplianceChange(), 'some-topic-of-config'))).toBe('Non Compliant: SG_OpenPorts');
});

const result = (complianceType: string) => ({ ...aComplianceChange().newEvaluationResult, complianceType });

test.each([
  ['NON_COMPLIANT', undefined, 'Non Compliant: SG_OpenPorts'],
  ['NON_COMPLIANT', 'COMPLIANT', 'Non Compliant: SG_OpenPorts'],
  ['NON_COMPLIANT', 'NON_COMPLIANT', 'no news'],
  ['COMPLIANT', 'NON_COMPLIANT', 'Compliant: SG_OpenPorts'],
  ['COMPLIANT', 'COMPLIANT', 'no news'],
  ['COMPLIANT', undefined, 'no news'],
  ['NOT_APPLICABLE', 'NON_COMPLIANT', 'Not Applicable: SG_OpenPorts'],
  ['NOT_APPLICABLE', undefined, 'no news'],
  ['INSUFFICIENT_DATA', 'COMPLIANT', 'Insufficient Data: SG_OpenPorts'],
  ['INSUFFICIENT_DATA', undefined, 'no news'],
  [undefined, 'COMPLIANT', 'Not recorded: SG_OpenPorts'],
  [undefined, undefined, 'no news'],
])('compliance %s after %s', (now, then, expected) => {
  const change = aComplianceChange({
    newEvaluationResult: now === undefined ? null : result(now),
    oldEvaluationResult: then === undefined ? null : result(then),
  });
  expect(read(snsBody(change))).toBe(expected);
  const { oldEvaluationResult, ...detail } = change;
  const bridge = {
    version: '0',
    'detail-type': 'Config Rules Compliance Change',
    source: 'aws.config',
    detail: oldEvaluationResult === null ? detail : change,
  };
  expect(read(snsBody(bridge))).toBe(expected);
  expect(read(JSON.stringify(bridge))).toBe(expected);
});

test('other messages of Config’s delivery channel are no news', () => {
  for (const messageType of ['ConfigurationItemChangeNotification', 'ConfigurationSnapshotDeliveryStarted']) {
    expect(read(snsBody({ messageType, configurationItem: {} }))).toBe('no news');
  }
});

test.each([
  ['ALARM', 'Alarm: Root_Account_Usage'],
  ['OK', 'no news'],
  ['INSUFFICIENT_DATA', 'no news'],
])('an alarm in state %s', (NewStateValue, expected) => {
  expect(read(snsBody(anAlarm({ NewStateValue })))).toBe(expected);
});

test('an alarm of any name and any make is read', () => {
  const bare = { AlarmName: 'selfheal-dead-letters', NewStateValue: 'ALARM' };
  expect(read(snsBody(bare))).toBe('Alarm: selfheal-dead-letters');
  expect(read(snsBody({ ...bare, Trigger: { Metrics: [{ Id: 'm1' }] } }))).toBe(
    'Alarm: selfheal-dead-letters',
  );
});

test.each([
  ['not json', 'unknown: it is not JSON'],
  ['', 'unknown: it is not JSON'],
  ['null', 'unknown: JSON of another kind'],
  ['[1,2]', 'unknown: JSON of another kind'],
  ['"text"', 'unknown: JSON of another kind'],
  ['{"hello":"world"}', 'unknown: JSON of another kind'],
  ['{"kind":7,"messageType":{},"AlarmName":[]}', 'unknown: JSON of another kind'],
  [snsBody('hello'), 'unknown: its message is not JSON'],
  [JSON.stringify({ Type: 'SubscriptionConfirmation', Message: 'x' }), 'unknown: JSON of another kind'],
  [
    snsBody({ 'detail-type': 'EC2 Instance State-change Notification', detail: {} }),
    'unknown: an EventBridge event "EC2 Instance State-change Notification"',
  ],
  [snsBody({ ...anEvent(), outcome: 'vanished' }), expect.stringMatching(/^unknown: its outcome: /)],
  [snsBody({ ...anEvent(), version: 2 }), expect.stringMatching(/^unknown: its version: /)],
  [snsBody({ ...aComplianceChange(), resourceId: 7 }), expect.stringMatching(/^unknown: its resourceId: /)],
])('%s is answered for', (body, expected) => {
  expect(read(body)).toEqual(expected);
});

test('no record makes the reader throw', () => {
  const pieces = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((text) => snsBody(text)),
    fc
      .tuple(fc.constantFrom<object>(anEvent(), aComplianceChange(), anAlarm()), fc.nat(), fc.jsonValue())
      .map(([message, n, value]) => {
        const keys = Object.keys(message);
        return snsBody({ ...message, [keys[n % keys.length] ?? '']: value });
      }),
  );
  fc.assert(
    fc.property(pieces, (body) => {
      expect(['news', 'no-news', 'unknown']).toContain(readRecord({ body }, PLACE).is);
    }),
    { numRuns: 500 },
  );
});
