import { entry } from '../../testing/entry';
import { catalogue } from '../remediators/catalogue';
import { type Said, readAutoWords, ordersIn, routed } from './routing';
import type { Intake } from './source';

const INSTANCE = 'AWS::EC2::Instance';
const intake: Intake = {
  catalogue: [
    entry('stop', { resource: INSTANCE }),
    entry('rotate', { controls: { securityHub: ['KMS.4'] } }),
    entry('rotate_hard', { controls: { securityHub: ['KMS.4'] } }),
    entry('lock_account', { resource: 'AWS::::Account' }),
    entry('drop_user', { resource: 'AWS::IAM::User' }),
  ],
  accountId: '111122223333',
  region: 'eu-west-1',
  sentAt: '2026-11-21T12:00:00.000Z',
  messageId: 'message-1',
  isEnabled: (bot) => bot !== 'rotate_hard',
  routes: {
    guardduty: {
      'Backdoor:EC2/*': { auto: 'AUTO: stop days=3 | AUTO: stop days=4', minSeverity: 7 },
      'Recon:EC2/Portscan': 'stop',
    },
  },
};
const said: Said = {
  source: 'guardduty',
  id: 'finding-1',
  time: '2026-11-21T10:00:00Z',
  account: '111122223333',
  region: 'eu-west-1',
  resources: [
    { type: INSTANCE, id: 'i-1' },
    { type: 'AWS::KMS::Key', id: 'key-1' },
  ],
  keys: ['Recon:EC2/Portscan'],
};

const bots = (asked: Said, changes: Partial<Intake> = {}) =>
  routed(asked, { ...intake, ...changes }).map((reading) =>
    'remediation' in reading
      ? [reading.remediation.bot, reading.remediation.target.id, reading.remediation.params]
      : reading,
  );

test('a route by its exact name, in whatever case', () => {
  expect(bots(said)).toEqual([['stop', 'i-1', {}]]);
  expect(bots({ ...said, keys: ['recon:ec2/portscan'] })).toEqual([['stop', 'i-1', {}]]);
});

test('a route by how it begins, from its severity on, with every order once', () => {
  const backdoor = { ...said, keys: ['Backdoor:EC2/XORDDOS'] };
  expect(bots({ ...backdoor, severity: 8 })).toEqual([
    ['stop', 'i-1', { days: 3 }],
    ['stop', 'i-1', { days: 4 }],
  ]);
  expect(bots({ ...backdoor, severity: 5 })).toEqual([
    { declined: expect.stringMatching(/severity 5 is under the 7/) },
  ]);
});

test('what no route names goes to the enabled bots that answer its control', () => {
  const controls = { standard: 'securityHub', ids: ['kms.4'] } as const;
  const finding: Said = { ...said, source: 'securityhub', keys: ['KMS.4'], controls };
  expect(bots(finding)).toEqual([['rotate', 'key-1', {}]]);
  expect(bots(finding, { routes: { securityhub: { 'KMS.4': 'stop' } } })).toEqual([['stop', 'i-1', {}]]);
  expect(bots({ ...finding, resources: [] })).toMatchObject([
    { unusable: 'rotate is enabled for this, and the finding names no AWS::KMS::Key' },
  ]);
});

test('what nobody answers is declined', () => {
  expect(bots({ ...said, keys: ['Trojan:EC2/DropPoint'] })).toEqual([
    {
      declined: expect.stringMatching(/no route for Trojan:EC2\/DropPoint of guardduty/),
      withoutRoute: true,
    },
  ]);
});

test('an order that cannot be carried out is kept', () => {
  expect(readAutoWords('make_tea', said, intake)).toEqual({
    unusable: expect.stringMatching(/no bot "make_tea"/),
  });
  expect(readAutoWords('stop days=often', said, intake)).toEqual({ unusable: expect.stringMatching(/days/) });
  expect(readAutoWords('stop', { ...said, resources: [] }, intake)).toEqual({
    unusable: 'the finding names no AWS::EC2::Instance, which stop acts on',
  });
});

test.each([
  ['eu_west_1', 'eu-west-1'],
  ['Oregon', 'us-west-2'],
  ['Europe (Ireland)', 'eu-west-1'],
])('the region %p is %s', (region, expected) => {
  const reading = readAutoWords('stop', { ...said, region }, intake);
  expect(reading).toMatchObject({ remediation: { target: { region: expected } } });
});

test.each(['', 'global', undefined])('the region %p is none, and nothing is guessed', (region) => {
  expect(readAutoWords('stop', { ...said, region }, intake)).toEqual({
    unusable: expect.stringMatching(/^the finding names no region for AWS::EC2::Instance/),
    isOfResource: true,
  });
});

test('a region that cannot be told is kept, except for what lies in none', () => {
  const moon = { ...said, region: 'Moon' };
  expect(readAutoWords('stop', moon, intake)).toEqual({
    unusable: expect.stringMatching(/^"Moon" is the name of no/),
    isOfResource: true,
  });
  expect(readAutoWords('lock_account', moon, intake)).toMatchObject({
    remediation: { target: { region: 'us-east-1' } },
  });
});

test('an account is reached through the region of its partition', () => {
  for (const [region, expected] of [
    ['eu-west-1', 'us-east-1'],
    ['us-gov-east-1', 'us-gov-west-1'],
  ]) {
    expect(readAutoWords('lock_account', { ...said, region }, intake)).toMatchObject({
      remediation: { target: { id: '111122223333', region: expected } },
    });
  }
  for (const region of ['', 'global', 'Moon']) {
    expect(
      readAutoWords('lock_account', { ...said, region }, { ...intake, region: 'cn-northwest-1' }),
    ).toMatchObject({
      remediation: { target: { region: 'cn-north-1' } },
    });
  }
});

test('the settings of a region are named by its id, however the finding writes it', () => {
  const region = entry('set_region', { resource: 'AWS::::Region' });
  const changes = { ...intake, catalogue: [region] };
  expect(readAutoWords('set_region', { ...said, region: 'Oregon' }, changes)).toMatchObject({
    remediation: { target: { id: 'us-west-2', region: 'us-west-2' } },
  });
  expect(readAutoWords('set_region', { ...said, region: 'Moon' }, changes)).toEqual({
    unusable: expect.stringMatching(/Moon/),
  });
});

test.each([undefined, '', 'global', 'aws-global'])(
  'the settings of a region are not changed when the finding says %p for one',
  (region) => {
    const set = entry('set_region', { resource: 'AWS::::Region' });
    expect(readAutoWords('set_region', { ...said, region }, { ...intake, catalogue: [set] })).toEqual({
      unusable: 'the finding names no region, and set_region acts on the settings of one: name it by its id',
    });
  },
);

test('words may leave out what config.ts gives the bot', () => {
  const params = { type: 'object', properties: { days: { type: 'integer' } }, required: ['days'] };
  const needy = { ...intake, catalogue: [entry('stop', { resource: INSTANCE, params })] };
  expect(readAutoWords('stop', said, needy)).toEqual({
    unusable: expect.stringMatching(/^parameter days of stop/),
  });
  const configured = (bot: string) => (bot === 'stop' ? { days: 7 } : {});
  expect(readAutoWords('stop', said, { ...needy, configured })).toMatchObject({
    remediation: { params: {} },
  });
  expect(readAutoWords('stop days=8', said, { ...needy, configured })).toMatchObject({
    remediation: { params: { days: 8 } },
  });
  expect(readAutoWords('stop days=often', said, { ...needy, configured })).toHaveProperty('unusable');
});

test('a user too, in whatever region the fault was seen', () => {
  const seen = { ...said, resources: [{ type: 'AWS::IAM::User', id: 'alice' }] };
  expect(readAutoWords('drop_user', seen, intake)).toMatchObject({
    remediation: { target: { id: 'alice', region: 'us-east-1' } },
  });
});

test('orders are parted by bars, with or without AUTO:', () => {
  expect(ordersIn('AUTO: a b | c|AUTO:d||')).toEqual(['a b', 'c', 'd']);
});

test('a bot by the other name that CloudBots has for it, with its words, in a text and in a route', () => {
  const order = 'intelligence_sg_rules_delete_by_scope 0.0.0.0/0 inbound 22 tcp';
  const seen = { ...said, resources: [{ type: 'AWS::EC2::SecurityGroup', id: 'sg-1' }] };
  const cloudbots = { ...intake, catalogue, isEnabled: () => true };
  const params = { scope: '0.0.0.0/0', direction: 'inbound', port: 22, protocol: 'tcp' };
  expect(readAutoWords(order, seen, cloudbots)).toMatchObject({
    remediation: { bot: 'sg_rules_delete_by_scope', target: { id: 'sg-1' }, params },
  });
  const routes = { guardduty: { 'Recon:EC2/Portscan': `AUTO: ${order}` } };
  expect(bots(seen, { ...cloudbots, routes })).toEqual([['sg_rules_delete_by_scope', 'sg-1', params]]);
});
