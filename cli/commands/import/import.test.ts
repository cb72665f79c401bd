import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../../shared/config';
import { loadCompiled } from '../../compiled.cjs';
import { configInItsOwnFolder } from '../../testing-config';
import { run } from '../../testing';

const { folder, file } = configInItsOwnFolder();

/** The settings of an old tool in a file. */
function given(text: string | Buffer, name = 'settings'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** What stands in config.ts, which `selfheal validate` has found to be right. */
async function written(): Promise<Config> {
  const { default: config } = loadCompiled(file, false) as { default: Config };
  const ran = await run(['validate', '--json'], { config, source: readFileSync(file, 'utf8') });
  expect(ran).toMatchObject({ exit: 0 });
  expect(ran.json()).toMatchObject({ valid: true, faults: [] });
  return config;
}

const RULESET = JSON.stringify({
  cloudVendor: 'aws',
  rules: [
    { name: 'Nobody stops', complianceTag: 'AUTO: ec2_stop_instance' },
    { name: 'Buckets', complianceTag: 'CIS 2.1|AUTO: s3_block_all_public_access' },
  ],
});
const RULES =
  "module.exports = { 'AutoRemediateS3-012': { enabled: true }, 'AutoRemediateS3-014': { enabled: false } };";
const SECRET = 'https://hooks.slack.com/services/T000/B000/sEcReT';
const TFVARS = `region = "eu-west-1"\nenable_auto_response = "true"\nslack_webhook_url = "${SECRET}"\n`;

test('cloudbots: what rules order is enabled; what could do more only plans', async () => {
  const ran = await run(['import', 'cloudbots', given(RULESET)]);
  expect(ran).toMatchObject({ exit: 0, err: '', out: expect.stringContaining(`Wrote ${file}.`) });
  expect(ran.out).toContain('findings.publishers');
  expect(await written()).toEqual({
    enable_auto_response: false,
    bots: {
      ec2_stop_instance: { enabled: true },
      s3_block_all_public_access: { enabled: true, mode: 'plan' },
    },
    findings: { own: { sources: ['cloudguard'] } },
    accounts: { mode: 'single' },
    slack: { webhook: { parameter: '/selfheal/slack-webhook-url' } },
  });
  expect(readFileSync(file, 'utf8')).toMatch(/\/\/ “Nobody stops”\n {4}ec2_stop_instance/);
});

test('conformity: the bots of rules that are on', async () => {
  expect(await run(['import', 'conformity', given(RULES)])).toMatchObject({ exit: 0, err: '' });
  expect((await written()).bots).toEqual({ s3_enable_versioning: { enabled: true } });
  expect(readFileSync(file, 'utf8')).toContain('// 1 rule of config.js is off, and stays so.');
});

test('dd-aws: its remediations in its region, and no secret anywhere', async () => {
  const path = given(TFVARS, 'terraform.tfvars');
  const ran = await run(['import', 'dd-aws', path]);
  expect(ran).toMatchObject({ exit: 0, err: '' });
  expect(await written()).toMatchObject({ enable_auto_response: false, regions: ['eu-west-1'] });
  const json = await run(['import', 'dd-aws', path, '--force', '--json']);
  for (const text of [ran.out, json.out, readFileSync(file, 'utf8')]) expect(text).not.toContain('sEcReT');
  const broken = await run(['import', 'dd-aws', given(`${TFVARS}x = "${SECRET}`), '--force']);
  expect(broken).toMatchObject({ exit: 2, err: expect.stringContaining('line 4, column 5') });
  expect(broken.err).not.toContain('sEcReT');
});

test('a config.ts that is there stays, unless --force is given', async () => {
  writeFileSync(file, 'mine');
  const argv = ['import', 'conformity', given(RULES)];
  expect(await run(argv)).toMatchObject({ exit: 3, err: expect.stringContaining('--force overwrites it') });
  const other = join(folder, 'other.ts');
  expect(await run([...argv, '--out', other])).toMatchObject({ exit: 0 });
  expect(await run([...argv, '--out', other])).toMatchObject({ exit: 3 });
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(await run([...argv, '--force'])).toMatchObject({ exit: 0 });
  expect(readFileSync(file, 'utf8')).toBe(readFileSync(other, 'utf8'));
});

test('--dry-run and --out - show it, and write nothing', async () => {
  writeFileSync(file, 'mine');
  const argv = ['import', 'conformity', given(RULES)];
  const dry = await run([...argv, '--dry-run']);
  expect(dry).toMatchObject({ exit: 0, err: '', out: expect.stringContaining('Nothing was written.') });
  const piped = await run([...argv, '--out', '-']);
  expect(piped).toMatchObject({ exit: 0, err: expect.stringContaining('S3-012') });
  expect(readFileSync(file, 'utf8')).toBe('mine');
  await run([...argv, '--force']);
  expect(`${piped.out}\n`).toBe(readFileSync(file, 'utf8'));
  expect(dry.out).toContain(piped.out);
});

test('--json has all that is said', async () => {
  const ran = await run(['import', 'cloudbots', given(RULESET), '--json']);
  expect(ran).toMatchObject({ exit: 0, err: '' });
  expect(ran.json()).toEqual({
    file,
    config: await written(),
    moves: [
      { from: '“Nobody stops”', how: 'moved', to: 'ec2_stop_instance' },
      { from: '“Buckets”', how: 'differs', to: 's3_block_all_public_access', says: expect.any(String) },
    ],
    next: expect.any(Array),
  });
});

test.each([
  ['cloudbots', 'nowhere.json', undefined, 2, 'cannot be read: there is no such file'],
  ['cloudbots', 'folder', undefined, 2, 'is no file'],
  ['cloudbots', 'binary', Buffer.from([0x7b, 0, 0x7d]), 2, 'is no text in UTF-8'],
  ['conformity', 'utf16', Buffer.from('\uFEFF{}', 'utf16le'), 2, 'is no text in UTF-8'],
  ['conformity', 'huge', Buffer.alloc(9 * 1024 * 1024, ' '), 2, 'is larger than 8 MB'],
  ['dd-aws', 'empty', '', 0, ''],
  ['cloudbots', 'tfvars', TFVARS, 2, 'line 1, column 1'],
  ['cloudbots', 'list', '[1]', 2, 'is neither a ruleset of CloudGuard'],
  ['cloudbots', 'none', '{"rules":[{"name":"x","logic":"y"}]}', 2, 'orders nothing'],
  ['conformity', 'list', '[]', 2, 'is no config of auto-remediation'],
  ['conformity', 'off', '{"AutoRemediateS3-012":{"enabled":false}}', 1, 'no bot comes over'],
  ['conformity', 'code', 'process.exit(7)', 2, 'line 1, column 1: only `module.exports'],
  ['dd-aws', 'hcl', 'variable "region" {}', 2, 'this is a block'],
  ['dd-aws', 'list.json', '[]', 2, 'is no tfvars'],
  ['dd-aws', 'region', 'region = "here"', 2, 'region is no region such as eu-west-1'],
  ['nothing', 'rules', RULES, 2, 'Allowed choices are cloudbots, conformity, dd-aws'],
])('%s %s', async (tool, name, text, exit, says) => {
  if (text !== undefined) given(text, name);
  else if (name === 'folder') mkdirSync(join(folder, name), { recursive: true });
  const ran = await run(['import', tool, join(folder, name)]);
  expect(ran).toMatchObject({ exit, err: expect.stringContaining(says) });
  expect(ran.err).not.toMatch(/\bat .*:\d+:\d+/);
});

test('what the old tool called things is a comment and a text, and nothing else', async () => {
  const hostile = '“*/ }); process.exit(); //\u2028\u001b[31m`${x}`\n});process.exit()';
  const rules = [
    { name: hostile, complianceTag: `AUTO: ec2_stop_instance | AUTO: tag_ec2_resource owner ${hostile}` },
  ];
  const ran = await run(['import', 'cloudbots', given(JSON.stringify({ rules }))]);
  expect(ran.exit).toBe(0);
  expect(ran.out).not.toContain('\u001b');
  expect((await written()).bots).toEqual({ ec2_stop_instance: { enabled: true } });
});
