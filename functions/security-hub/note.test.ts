import type { SelfhealEvent } from '../../shared/worker/event';
import { anEvent } from '../notifier/testing';
import { answerTo } from './note';

const HEAD = 'selfheal on the finding of 2026-03-01T09:59:58.000Z: ';
const finding = (repairs = 1) => ({
  source: 'securityhub',
  id: 'finding-1',
  time: '2026-03-01T09:59:58.000Z',
  securityHub: { region: 'eu-west-1', repairs, productArn: 'arn:aws:securityhub:eu-west-1::product/aws/x' },
});
const answer = (over: Partial<SelfhealEvent>, repairs?: number) =>
  answerTo(anEvent({ finding: finding(repairs), ...over }));

test.each<[Partial<SelfhealEvent>, string, string | undefined]>([
  [
    { outcome: 'fixed' },
    'fixed by sg_close_ports, proven by a re-read. Undo: npx selfheal undo 01HXJOURNAL Found: port 22 is open to 0.0.0.0/0',
    'RESOLVED',
  ],
  [
    { outcome: 'planned' },
    'sg_close_ports would send ec2:RevokeSecurityGroupIngress; nothing was changed. Found: port 22 is open to 0.0.0.0/0',
    'NOTIFIED',
  ],
  [
    { outcome: 'held', reason: 'the rule is for all traffic', violation: 'all is open' },
    'sg_close_ports holds: the rule is for all traffic. Found: all is open',
    undefined,
  ],
  [
    { outcome: 'exempt', reason: 'a bastion', violation: undefined },
    'exempt from sg_close_ports by config.ts: a bastion',
    undefined,
  ],
  [
    { outcome: 'failed', reason: 'ec2:X: AccessDenied: no' },
    'sg_close_ports failed and will try again: ec2:X: AccessDenied: no',
    undefined,
  ],
  [
    { outcome: 'unverified', reason: 'the re-read still finds: port 22', violation: undefined },
    'sg_close_ports is not done and will look again: the re-read still finds: port 22. Undo: npx selfheal undo 01HXJOURNAL',
    undefined,
  ],
  [
    { outcome: 'dead-lettered', bot: undefined, reason: 'no such bot' },
    'no bot gave up: no such bot. The message is kept, see npx selfheal queue --dead',
    undefined,
  ],
  [
    { outcome: 'undone', reason: 'undone by arn:aws:iam::1:user/ann', violation: undefined },
    'the fix of sg_close_ports (01HXJOURNAL) was taken back: undone by arn:aws:iam::1:user/ann.',
    'NEW',
  ],
])('%j', (over, note, status) => {
  expect(answer(over)).toEqual({ note: HEAD + note, ...(status && { status }) });
});

test.each(['gone', 'compliant'] as const)('%s: nothing, Security Hub finds out by itself', (outcome) => {
  expect(answer({ outcome })).toBeUndefined();
});

test('one repair of several does not resolve the finding', () => {
  const told = answer({ outcome: 'fixed' }, 2);
  expect(told?.note).toContain('fixed by sg_close_ports');
  expect(told?.status).toBeUndefined();
});

test('what did not come through Security Hub is not for Security Hub', () => {
  expect(answerTo(anEvent({ outcome: 'fixed' }))).toBeUndefined();
  expect(answerTo(anEvent({ outcome: 'dead-lettered', finding: undefined }))).toBeUndefined();
});

test('a note fits, is one line, and keeps what undoes it', () => {
  const note = answer({ outcome: 'fixed', violation: `a\nb\u202e${'long '.repeat(300)}` })?.note ?? '';
  expect(note).toHaveLength(512);
  expect(note).toMatch(/undo 01HXJOURNAL Found: a b long/);
});
