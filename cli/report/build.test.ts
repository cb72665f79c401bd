import type { Decision, Plan } from '../../shared/worker/plans';
import { reportData } from './build';
import { entryOf, messageOf, minutesAgo, sourcesOf } from './fixtures/sources';

const states = (data: ReturnType<typeof reportData>) =>
  Object.fromEntries(data.items.map(({ id, state }) => [id.replace(/.*\//, ''), state]));

test('nothing at all', () => {
  const data = reportData(sourcesOf());
  expect(data).toMatchObject({ totals: {}, items: [], cut: [], exemptions: [] });
  expect(data.proof).toBeUndefined();
  expect(data.days.length).toBe(31);
});

test('how each entry of the journal stands', () => {
  const { after: _, endedAt: __, ...unfinished } = entryOf('x');
  const entry = (id: string, more: object) => ({ ...unfinished, ...entryOf(id, more) });
  const data = reportData(
    sourcesOf({
      entries: [
        entryOf('fixed'),
        { ...unfinished, ...idsOf('deleted'), endedAt: minutesAgo(9) },
        { ...unfinished, ...idsOf('running'), status: 'started', startedAt: minutesAgo(1) },
        { ...unfinished, ...idsOf('interrupted'), status: 'started', startedAt: minutesAgo(60) },
        entry('unverified', { status: 'unverified', reason: 'still off' }),
        entry('failed', { status: 'failed', reason: 'AccessDenied' }),
        entry('held', { status: 'held', reason: 'pending deletion' }),
        entry('waiting', { status: 'waiting' }),
        entry('undone', { status: 'undone', undoneAt: minutesAgo(2) }),
      ],
    }),
  );
  expect(states(data)).toEqual({
    ...{ fixed: 'fixed', deleted: 'fixed', running: 'working', interrupted: 'failed', unverified: 'failed' },
    ...{ failed: 'failed', held: 'held', waiting: 'working', undone: 'undone' },
  });
  expect(data.totals).toEqual({ fixed: 2, working: 2, failed: 3, held: 1, undone: 1 });
  const item = (id: string) => data.items.find((one) => one.id.endsWith(`/${id}`));
  expect(item('deleted')?.standing).toBe('fixed by deletion');
  expect(item('fixed')).toMatchObject({
    severity: 'medium',
    risk: 'safe',
    seconds: 40,
    differences: ['rotates: false → true'],
    words: expect.arrayContaining([expect.objectContaining({ sign: '+' })]),
    calls: [{ action: 'kms:EnableKeyRotation', input: 'KeyId: key-fixed\nRotationPeriodInDays: 365' }],
    undo: 'npx selfheal undo kms_enable_rotation/fixed --region eu-west-1',
    standards: expect.arrayContaining(['CIS 5.0']),
  });
  expect(item('failed')).not.toHaveProperty('undo');
});

test('messages: open, planned, exempt, alike, and those that nobody can use', () => {
  const data = reportData(
    sourcesOf({
      config: {
        enable_auto_response: false,
        bots: { sg_close_ports: { enabled: true }, ec2_stop_instance: { enabled: true, mode: 'plan' } },
        exemptions: [
          { resource: 'sg-0e*', owner: 'web team', reason: 'a honeypot' },
          {
            bot: 'sg_close_ports',
            resource: 'sg-0f*',
            owner: 'web team',
            reason: 'was moved',
            until: '2026-11-01',
          },
        ],
      },
      queue: {
        waiting: 9,
        messages: [
          messageOf('a1'),
          messageOf('a2', { target: targetOf('sg-0a1') }),
          messageOf('e1'),
          messageOf('b1', {
            bot: 'ec2_stop_instance',
            target: { ...targetOf('i-0123456789abcdef0'), type: 'AWS::EC2::Instance' },
          }),
          messageOf('c1', { bot: 'no_such_bot' }),
          { id: 'message-text', sentAt: 0, body: 'hello' },
        ],
      },
      deadLetters: { waiting: 1, messages: [{ ...messageOf('d1'), reason: 'given up after 5 tries' }] },
      setAside: 2,
    }),
  );
  expect(states(data)).toEqual({
    'message-a1': 'open',
    'message-e1': 'exempt',
    'message-b1': 'planned',
    'message-c1': 'failed',
    'message-text': 'failed',
    'message-d1': 'failed',
  });
  expect(data.items.find(({ id }) => id === 'message-a1')).toMatchObject({
    times: 2,
    violation: 'open to the world: tcp 22 from 0.0.0.0/0',
    calls: [{ action: 'ec2:RevokeSecurityGroupIngress' }],
  });
  expect(data.items.find(({ id }) => id === 'message-d1')).toMatchObject({
    from: 'dead letters',
    reason: 'given up after 5 tries',
    target: { id: 'sg-0d1' },
  });
  expect(data.exemptions).toEqual([
    { scope: 'resource sg-0e*', reason: 'a honeypot', isOver: false },
    { scope: 'bot sg_close_ports, resource sg-0f*', reason: 'was moved', until: '2026-11-01', isOver: true },
  ]);
  expect(data.cut).toEqual([
    expect.stringMatching(/^6 of 9 messages of the remediation queue were read/),
    expect.stringMatching(/^2 messages are set aside/),
  ]);
});

test('plans wait for a person, are told only, or were decided on', () => {
  const plan = (id: string, more: Partial<Plan> = {}): Plan => {
    const { bot, target, params, finding, violation, calls } = entryOf(id);
    return {
      ...{ id: `${bot}/pending-${id}`, bot, target, params, finding, violation, calls },
      changes: [{ sign: '+', text: 'rotation: every 365 days' }],
      ...{ digest: 'd', mode: 'approve', startedAt: minutesAgo(20), status: 'open' },
      ...more,
    };
  };
  const decided = (id: string, verdict: Decision['verdict']) => ({
    plan: plan(id),
    decision: { verdict, digest: 'd', by: 'ann', at: minutesAgo(5) },
  });
  const data = reportData(
    sourcesOf({
      plans: [
        { plan: plan('asked', { decideBy: minutesAgo(-60), ownedBy: 'stack payments' }) },
        { plan: plan('told', { mode: 'plan' }) },
        ...[decided('yes', 'approve'), decided('no', 'reject'), decided('off', 'drop')],
      ],
    }),
  );
  expect(states(data)).toEqual({
    ...{ 'pending-asked': 'approval', 'pending-told': 'planned' },
    ...{ 'pending-yes': 'working', 'pending-no': 'held' },
  });
  expect(data.items.find(({ id }) => id.endsWith('asked'))).toMatchObject({
    ...{ owner: 'stack payments', decideBy: minutesAgo(-60), from: 'plans' },
    words: [{ sign: '+', text: 'rotation: every 365 days' }],
  });
  expect(data.items.find(({ id }) => id.endsWith('no'))?.reason).toBe('rejected by ann on 2026-11-29');
});

test('what failed and was tried again later is not counted as failed', () => {
  const same = { target: { ...entryOf('x').target, id: 'k' } };
  const data = reportData(
    sourcesOf({
      entries: [
        entryOf('third', same),
        entryOf('second', { ...same, status: 'failed' }),
        entryOf('first', same),
        entryOf('other', { status: 'failed' }),
      ],
    }),
  );
  expect(states(data)).toEqual({ third: 'fixed', second: 'again', first: 'fixed', other: 'failed' });
});

test('median and 95th percentile from finding to proof, without what a person began', () => {
  const took = (seconds: number, source = 'config') =>
    entryOf(`${source}-${seconds}`, {
      finding: { source, id: 'f', time: minutesAgo(60) },
      endedAt: new Date(Date.parse(minutesAgo(60)) + seconds * 1000).toISOString(),
    });
  const of = (...entries: ReturnType<typeof took>[]) => reportData(sourcesOf({ entries })).proof;
  expect(of(took(7))).toEqual({ count: 1, medianSeconds: 7, p95Seconds: 7 });
  expect(of(took(10), took(30), took(20), took(100), took(0.1, 'cli'))).toEqual({
    ...{ count: 4, medianSeconds: 25, p95Seconds: 100 },
  });
  const hundred = Array.from({ length: 100 }, (_, index) => took(index + 1));
  expect(of(...hundred)).toEqual({ count: 100, medianSeconds: 50.5, p95Seconds: 95 });
  // A clock that runs ahead at the finding's source makes no negative time.
  expect(of(took(-5))).toEqual({ count: 1, medianSeconds: 0, p95Seconds: 0 });
});

test('coverage per standard: watched, with faults before, and after', () => {
  const data = reportData(
    sourcesOf({
      entries: [entryOf('a'), entryOf('b'), entryOf('c', { status: 'held' })],
      queue: { messages: [messageOf('a1')], waiting: 1 },
    }),
  );
  // One of rotation, three of ports.
  const cis = data.coverage.find(({ standard }) => standard === 'CIS 5.0');
  expect(cis).toMatchObject({ faulty: 4, stillFaulty: 4 });
  expect(cis?.byControl).toContainEqual({
    control: '3.6',
    bots: ['kms_enable_rotation'],
    ...{ found: 3, fixed: 2, left: 1 },
  });
  const mended = reportData(sourcesOf({ entries: [entryOf('a'), entryOf('a', { status: 'failed' })] }));
  expect(mended.coverage.find(({ standard }) => standard === 'CIS 5.0')).toMatchObject({
    faulty: 1,
    stillFaulty: 0,
  });
  expect(mended.breakdown.standard).toContainEqual({ name: 'CIS 5.0', counts: { fixed: 1, again: 1 } });
});

test('a long journal is counted whole and listed in part, and the document says so', () => {
  const entries = Array.from({ length: 300 }, (_, index) => entryOf(String(index)));
  const data = reportData(sourcesOf({ entries, limit: 10, unread: 'older ones are not read' }));
  expect(data.items.length).toBe(10);
  expect(data.totals).toEqual({ fixed: 300 });
  expect(data.breakdown.account).toEqual([{ name: '111122223333', counts: { fixed: 300 } }]);
  expect(data.cut).toEqual([
    expect.stringMatching(/^the newest 10 changes are listed; 290 older ones are counted only/),
    'older ones are not read',
  ]);
});

test('long calls and many differences are cut, and the item says so', () => {
  const rules = Array.from({ length: 200 }, (_, index) => ({ id: `rule-${index}` }));
  const data = reportData(
    sourcesOf({
      entries: [
        entryOf('long', {
          before: { rules },
          after: { rules: [] },
          calls: Array.from({ length: 50 }, () => ({ action: 'ec2:X', input: { Text: 'x'.repeat(10_000) } })),
        }),
      ],
    }),
  );
  expect(data.items[0]).toMatchObject({ cut: '10 more calls and 140 more differences are not on this page' });
  expect(JSON.stringify(data.items[0]).length).toBeLessThan(200_000);
});

test('text from outside carries nothing that cannot be seen', () => {
  const data = reportData(
    sourcesOf({
      entries: [entryOf('odd', { violation: 'a\u001b[31m \u202egnp.exe\u0000', status: 'failed' })],
    }),
  );
  expect(data.items[0]?.violation).toBe('a gnp.exe');
});

function targetOf(id: string) {
  return { account: '111122223333', region: 'eu-west-1', type: 'AWS::EC2::SecurityGroup', id };
}

function idsOf(id: string) {
  const { id: whole, target } = entryOf(id);
  return { id: whole, target };
}
