import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../testing';

const ACCOUNT = '444455556666';
const config = { bots: { kms_enable_rotation: { enabled: true } } };

function fileOf(content: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), 'finding-')), 'finding.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const generic = { bot: 'kms_enable_rotation', target: { id: 'key-1', account: ACCOUNT } };

test('a finding that is carried out: who, what, on which resource, and what then', async () => {
  const { exit, out } = await run(['explain', fileOf(generic)], { config });
  expect(exit).toBe(0);
  expect(out).toMatch(/spoken by {3}generic/);
  expect(out).toMatch(/installed {3}in account 444455556666, eu-west-1 \(assumed, as the finding names it/);
  expect(out).toMatch(/repeats are not known: the finding gives neither id nor time/);
  expect(out).not.toMatch(/unknown/);
  expect(out).toMatch(/enqueued {4}kms_enable_rotation on key-1 \(AWS::KMS::Key\)/);
  expect(out).toMatch(/the bot looks again, and repairs what it still finds/);
});

test('what an exemption and mode plan make of it', async () => {
  const exemptions = [
    { resource: 'key-*', owner: 'web team', approver: 'head of security', reason: 'a test key' },
  ];
  expect((await run(['explain', fileOf(generic)], { config: { ...config, exemptions } })).out).toMatch(
    /exempts the resource \(a test key\)/,
  );
  const plan = { bots: { kms_enable_rotation: { enabled: true, mode: 'plan' } } } as const;
  expect((await run(['explain', fileOf(generic)], { config: plan })).out).toMatch(/only tells/);
});

test('that it would wait for its window, and for which calendar', async () => {
  const hours = {
    freezes: [{ from: '2020-01-01', until: '2100-01-01', reason: 'year-end close' }],
    calendars: [{ name: 'Closings' }],
  };
  const { out } = await run(['explain', fileOf(generic)], { config: { ...config, ...hours }, columns: 200 });
  expect(out).toMatch(/but not now: changes are frozen until 1 Jan 2100 00:00 UTC: year-end close/);
  expect(out).toMatch(/only while the Change Calendar Closings is open/);
});

test('what cannot be used, and why: one is enough for exit 1', async () => {
  const { exit, json } = await run(
    ['explain', fileOf([generic, { bot: 'make_tea', target: { id: 'x' } }]), '--json'],
    { config },
  );
  expect(exit).toBe(1);
  expect(json()).toMatchObject({
    findings: [
      { source: 'generic', steps: [{ result: 'enqueued', mode: 'auto' }] },
      {
        source: 'generic',
        steps: [{ result: 'dead letter', because: expect.stringMatching(/no bot "make_tea"/) }],
      },
    ],
  });
});

test('an installation in another account would decline it', async () => {
  const { exit, out } = await run(['explain', fileOf(generic), '--account', '111122223333'], { config });
  expect(exit).toBe(1);
  expect(out).toMatch(/account 444455556666 is not this installation's account 111122223333/);
});

test.each([
  ['no JSON', 'hello', /holds no JSON/],
  ['a bad line among good ones', '{"a":1}\nhello', /line 2 is not JSON/],
  ['an empty list', '[]', /holds no finding/],
])('%s: one sentence, exit 2', async (_name, content, sentence) => {
  const { exit, err } = await run(['explain', fileOf(content)], { config });
  expect(exit).toBe(2);
  expect(err).toMatch(sentence);
});

test('a file that is not there: one sentence, exit 2', async () => {
  const { exit, err } = await run(['explain', '/nowhere/finding.json'], { config });
  expect([exit, err]).toEqual([2, expect.stringMatching(/cannot be read: there is no such file/)]);
});

test('routes: those of config.ts, and the controls that enabled bots answer', async () => {
  const routes = { guardduty: { 'Backdoor:EC2/*': { auto: 'AUTO: kms_enable_rotation', minSeverity: 7 } } };
  const { exit, json, out } = await run(['routes', '--json'], { config: { ...config, routes } });
  expect([exit, out]).toEqual([0, expect.any(String)]);
  expect(json()).toMatchObject({
    routes: expect.arrayContaining([
      {
        source: 'guardduty',
        finding: 'Backdoor:EC2/*',
        order: 'kms_enable_rotation',
        from: 'config.ts',
        minSeverity: 7,
      },
      { source: 'securityhub', finding: 'KMS.4', order: 'kms_enable_rotation', from: 'controls' },
    ]),
  });
});
