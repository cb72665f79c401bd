import { findBot } from '../../shared/catalogue';
import { entry } from '../../testing/entry';
import { catalogue } from '../remediators/catalogue';
import { readWords, splitWords } from './words';

/** By position: days, name, then ports; `NumberOfDays` is another name of days. */
const bot = entry('bot');

function read(text: string) {
  return readWords(bot, splitWords(text));
}

describe('splitting', () => {
  test.each<[string, string[]]>([
    ['', []],
    ['   ', []],
    ['one', ['one']],
    [' one  two\tthree\nfour ', ['one', 'two', 'three', 'four']],
    ['"two words" three', ['"two words"', 'three']],
    ["name='two words' three", ["name='two words'", 'three']],
    ['a"b c"d e', ['a"b c"d', 'e']],
    [`"it's"`, [`"it's"`]],
    [`it's open`, [`it's`, 'open']],
    ['"never closed', ['"never', 'closed']],
  ])('%j', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });
});

describe('words that are understood', () => {
  test.each<[string, Record<string, unknown>]>([
    ['', {}],
    ['7', { days: 7 }],
    ['7 core', { days: 7, name: 'core' }],
    ['7 core 22 80', { days: 7, name: 'core', ports: [22, 80] }],
    ['7 core 22,80 443', { days: 7, name: 'core', ports: [22, 80, 443] }],
    ['days=7', { days: 7 }],
    ['days:7', { days: 7 }],
    ['Days=7', { days: 7 }],
    ['NumberOfDays:7', { days: 7 }],
    ['numberofdays=7', { days: 7 }],
    ['name=core days=7', { days: 7, name: 'core' }],
    ['name=core 7', { days: 7, name: 'core' }],
    ['days=7 core', { days: 7, name: 'core' }],
    ['name="two words"', { name: 'two words' }],
    ['7 "two words"', { days: 7, name: 'two words' }],
    ["7 'a=b'", { days: 7, name: 'a=b' }],
    ['name=a=b', { name: 'a=b' }],
    ["7 O'Brien", { days: 7, name: "O'Brien" }],
    ['7 arn:aws:kms:eu-west-1:1:key/k', { days: 7, name: 'arn:aws:kms:eu-west-1:1:key/k' }],
    ['name=', { name: '' }],
    ["name=''", { name: '' }],
    ["'' core", { name: 'core' }],
    ['"" core', { name: 'core' }],
    ["7 '' 22", { days: 7, ports: [22] }],
    ["days=7 '' 22", { days: 7, ports: [22] }],
    ["'' '' '' ''", {}],
    ["7 '--quoted'", { days: 7, name: '--quoted' }],
    ['7 __proto__:x', { days: 7, name: '__proto__:x' }],
    ['7 $(rm)`${x}`', { days: 7, name: '$(rm)`${x}`' }],
    ['verbose=true', { verbose: true }],
    ['verbose:False', { verbose: false }],
    ['ports=22,80', { ports: [22, 80] }],
    ['ports="22, 80"', { ports: [22, 80] }],
    ['name=007', { name: '007' }],
  ])('%j', (text, params) => {
    expect(read(text)).toEqual({ params });
  });

  test.each([
    ['owner a=b', { key: 'owner', value: 'a=b' }],
    ['env=prod yes', { key: 'env=prod', value: 'yes' }],
    ['owner a=b=c', { key: 'owner', value: 'a=b=c' }],
    ['owner value=a=b', { key: 'owner', value: 'a=b' }],
    ['value=yes env=prod', { key: 'env=prod', value: 'yes' }],
  ])('text with = in it, by position: tag_ec2_resource %s', (text, params) => {
    const tag = findBot(catalogue, 'tag_ec2_resource') ?? entry('missing');
    expect(readWords(tag, splitWords(text))).toEqual({ params });
  });

  test.each(['keys=owner yes', 'owner valu=yes', 'owner yes more=x', 'owner yes --dryRun'])(
    'but not what was meant as a name, or is one word too many: tag_ec2_resource %s',
    (text) => {
      const tag = findBot(catalogue, 'tag_ec2_resource') ?? entry('missing');
      expect(readWords(tag, splitWords(text))).toEqual({ wrong: expect.stringContaining('does not know') });
    },
  );

  test.each(['3H', '1h30m', 'time=3H'])('mark_for_stop_ec2_resource %s', (text) => {
    const mark = findBot(catalogue, 'mark_for_stop_ec2_resource') ?? entry('missing');
    expect(readWords(mark, splitWords(text))).toEqual({ params: { time: text.replace('time=', '') } });
  });

  test('CloudBots’ nine words of iam_turn_on_password_policy, by name and by position', () => {
    const policy = findBot(catalogue, 'iam_turn_on_password_policy') ?? entry('missing');
    const params = {
      minimumPasswordLength: 15,
      requireSymbols: true,
      requireNumbers: true,
      requireUppercaseCharacters: true,
      requireLowercaseCharacters: true,
      allowUsersToChangePassword: true,
      maxPasswordAge: 5,
      passwordReusePrevention: 5,
      hardExpiry: false,
    };
    const byPosition = '15 True True True True True 5 5 False';
    const byName =
      'MinimumPasswordLength:15 RequireSymbols:True RequireNumbers:True RequireUppercaseCharacters:True RequireLowercaseCharacters:True AllowUsersToChangePassword:True MaxPasswordAge:5 PasswordReusePrevention:5 HardExpiry:False';
    for (const text of [byPosition, byName, byName.split(' ').reverse().join(' ')]) {
      expect(readWords(policy, splitWords(text))).toEqual({ params });
    }
  });
});

describe('CloudBots’ words of the bots for rules of security groups', () => {
  const scope = { scope: '0.0.0.0/0', direction: 'inbound' };
  test.each<[string, Record<string, unknown>]>([
    ['sg_rules_delete', {}],
    ['sg_rules_delete_by_scope 0.0.0.0/0 inbound 22 tcp', { ...scope, port: 22, protocol: 'tcp' }],
    ['sg_rules_delete_by_scope 0.0.0.0/0 inbound * *', { ...scope, port: '*', protocol: '*' }],
    [
      'intelligence_sg_rules_delete_by_scope ::/0 outbound 22 UDP',
      { scope: '::/0', direction: 'outbound', port: 22, protocol: 'udp' },
    ],
    [
      'sg_single_rule_delete split=false protocol=TCP scope=0.0.0.0/0 direction=inbound port=22',
      { ...scope, split: false, protocol: 'tcp', port: 22 },
    ],
    [
      'sg_single_rule_delete true ALL 0.0.0.0/0 inbound 0',
      { ...scope, split: true, protocol: 'all', port: 0 },
    ],
    [
      'sg_single_rule_delete split=true protocol=* scope=0.0.0.0/0 direction=inbound port=0',
      { ...scope, split: true, protocol: '*', port: 0 },
    ],
    ['sg_clear_rules_for_any_scope 22 tcp Inbound', { port: 22, protocol: 'tcp', direction: 'inbound' }],
    [
      'sg_clear_rules_for_any_scope 22 -1 outbound 10.0.0.0/8,fd00::/8',
      { port: 22, protocol: '-1', direction: 'outbound', whitelist: ['10.0.0.0/8', 'fd00::/8'] },
    ],
    [
      'sg_delete_not_matching_cidr 22 10.0.0.0/8 inbound',
      { port: 22, cidr: '10.0.0.0/8', direction: 'inbound' },
    ],
    [
      'sg_modify_scope_by_port 22 0.0.0.0/0 10.0.0.0/8 inbound',
      { port: 22, from: '0.0.0.0/0', to: '10.0.0.0/8', direction: 'inbound' },
    ],
    [
      'sg_modify_scope_by_port 22 * fd00::/8 outbound',
      { port: 22, from: '*', to: 'fd00::/8', direction: 'outbound' },
    ],
  ])('%s', (text, params) => {
    const [id = '', ...rest] = splitWords(text);
    expect(readWords(findBot(catalogue, id) ?? entry('missing'), rest)).toEqual({ params });
  });

  test.each([
    ['sg_rules_delete_by_scope 0.0.0.0 inbound 22 tcp', /^parameter scope of sg_rules_delete_by_scope/],
    ['sg_rules_delete_by_scope 0.0.0.0/0 inbound', /parameter port of sg_rules_delete_by_scope/],
    ['sg_single_rule_delete split=true protocol=TCP scope=sg-1 direction=inbound port=22', /parameter scope/],
    ['sg_modify_scope_by_port 22 * * inbound', /^parameter to of sg_modify_scope_by_port/],
    ['sg_delete_not_matching_cidr 70000 10.0.0.0/8 inbound', /^parameter port/],
  ])('not understood: %s', (text, wrong) => {
    const [id = '', ...rest] = splitWords(text);
    expect(readWords(findBot(catalogue, id) ?? entry('missing'), rest)).toEqual({
      wrong: expect.stringMatching(wrong),
    });
  });
});

describe('words that are not: what is wrong, and what is allowed', () => {
  const allowed = /it takes days=… name=… verbose=… ports=…$/;
  test.each<[string, RegExp]>([
    ['day=7', allowed],
    ['7 days2=3', allowed],
    ['__proto__=7', allowed],
    ['constructor=7', allowed],
    ['toString=7', allowed],
    ['7 core __proto__=x', allowed],
    ['--dryRun', allowed],
    ['--dryRun 7', allowed],
    ['__proto__:7', /^parameter days of bot: .*number/],
    ['seven', /^parameter days of bot: .*number/],
    ['7.5', /^parameter days of bot: must be a whole number/],
    ['0', /^parameter days of bot: .*>=1/],
    ['days=', /^parameter days of bot: .*number/],
    ['verbose=perhaps', /^parameter verbose of bot: must be true or false/],
    ['verbose=constructor', /^parameter verbose of bot: must be true or false, not a text/],
    ['ports=22,ssh', /^parameter ports\.1 of bot: .*number/],
    ['days=7 days=8', /^bot: days is given twice$/],
    ['7 days=8', /^bot: days is given twice$/],
    ['days=7 NumberOfDays:8', /^bot: days is given twice$/],
  ])('%j', (text, wrong) => {
    expect(read(text)).toEqual({ wrong: expect.stringMatching(wrong) });
  });

  test('a value that may be a number or a word, and one of a few words', () => {
    const either = entry('either', {
      words: { order: ['port', 'protocol'] },
      params: {
        type: 'object',
        properties: {
          port: { anyOf: [{ type: 'integer' }, { type: 'string', enum: ['*'] }] },
          protocol: { type: 'string', enum: ['tcp', 'UDP', 'udp'] },
        },
      },
    });
    expect(readWords(either, ['22', 'TCP'])).toEqual({ params: { port: 22, protocol: 'tcp' } });
    expect(readWords(either, ['*', 'UDP'])).toEqual({ params: { port: '*', protocol: 'UDP' } });
    expect(readWords(either, ['*', 'icmp'])).toEqual({ wrong: expect.stringMatching(/"tcp"\|"UDP"\|"udp"/) });
    expect(readWords(either, ['often'])).toEqual({
      wrong: expect.stringMatching(/^parameter port of either/),
    });
  });

  test('nothing is put on what all objects share', () => {
    for (const word of ['__proto__=x', '__proto__:x', 'constructor=x', 'prototype.x=1'])
      read(`7 core ${word}`);
    expect(Object.keys(Object.prototype)).toEqual([]);
    const { params } = read('7 __proto__:x') as { params: object };
    expect(Object.getPrototypeOf(params)).toBe(Object.prototype);
  });

  test('more words than there are positions', () => {
    const short = entry('short', { words: { order: ['days'] } });
    expect(readWords(short, ['7', 'more'])).toEqual({
      wrong: 'short does not know the word "more": it takes days=… name=… verbose=… ports=…',
    });
  });

  test('a bot without parameters', () => {
    const none = entry('none', { params: { type: 'object' }, words: {} });
    expect(readWords(none, ['now'])).toEqual({
      wrong: 'none does not know the word "now": it takes no parameters',
    });
    expect(readWords(none, [])).toEqual({ params: {} });
  });

  test('a word as long as a book is cut', () => {
    const none = entry('none', { params: { type: 'object' }, words: {} });
    expect(readWords(none, ['x'.repeat(100_000)])).toEqual({ wrong: expect.stringMatching(/^.{1,200}$/) });
  });
});
