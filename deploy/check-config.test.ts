import { bots } from '../functions/remediators';
import { catalogue } from '../functions/remediators/catalogue';
import { loadBot } from '../shared/worker/load';
import allEnabled from '../test/config.all';
import { checkConfig } from './check-config';

const check = (changes: object) =>
  checkConfig({ ...allEnabled, ...changes }, catalogue, (id) => loadBot(bots, id));

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

test('a config that is right', async () => {
  await expect(check({})).resolves.toBeUndefined();
  const exemptions = [
    {
      ...{ bot: 'kms_enable_rotation', resource: 'test-*', owner: 'web team', reason: 'a test key' },
      until: inDays(89),
    },
    {
      account: '111122223333',
      region: 'eu-*',
      owner: 'us',
      reason: 'not ours',
      approver: 'head of security',
    },
  ];
  const rotation = { enabled: true, mode: 'plan', params: { periodDays: 90 } };
  await expect(check({ exemptions, bots: { kms_enable_rotation: rotation } })).resolves.toBeUndefined();
  const limited = { kms_enable_rotation: { enabled: true, limit: 500 } };
  await expect(
    check({ bots: limited, limits: { perAccount: 9 }, concurrency: 0.2 }),
  ).resolves.toBeUndefined();
  await expect(check({ bots: limited, limits: false })).resolves.toBeUndefined();
});

test('what a bot that is not enabled would take is nobody’s business yet', async () => {
  const rotation = { enabled: false, params: { periodDays: 'often' } };
  await expect(check({ bots: { kms_enable_rotation: rotation } })).resolves.toBeUndefined();
});

const rotation = (settings: object) => ({ bots: { kms_enable_rotation: { enabled: true, ...settings } } });
const exempt = (exemption: object) => ({
  exemptions: [{ owner: 'web team', reason: 'because', until: inDays(30), ...exemption }],
});

test.each<[string, object, RegExp]>([
  [
    'Conformity’s account as one of AWS’s',
    { conformity: { accounts: { HJzFMHchx: 'HJzFMHchx' } } },
    /conformity\.accounts\.HJzFMHchx/,
  ],
  [
    'a parameter of a wrong type',
    rotation({ params: { periodDays: 'often' } }),
    /parameters of kms_enable_rotation are wrong:\n.*expected number.*\n.*periodDays/,
  ],
  [
    'a parameter out of range',
    rotation({ params: { periodDays: 1 } }),
    /kms_enable_rotation are wrong:\n.*>=90.*\n.*periodDays/,
  ],
  [
    'a parameter that it has not',
    rotation({ params: { period: 90 } }),
    /kms_enable_rotation are wrong:\n.*"period"/,
  ],
  [
    'a mode that there is not',
    rotation({ mode: 'Auto' }),
    /config\.ts is wrong:\n.*\n.*kms_enable_rotation\.mode/,
  ],
  ['a field that there is not', rotation({ param: {} }), /config\.ts is wrong:\n.*"param"/],
  [
    'a topic that is a queue',
    { findings: { topics: ['arn:aws:sqs:eu-west-1:111122223333:scanner'] } },
    /must be the ARN of an SNS topic\n.*findings\.topics\[0\]/,
  ],
  [
    'enabled, in words',
    rotation({ enabled: 'yes' }),
    /config\.ts is wrong:\n.*\n.*kms_enable_rotation\.enabled/,
  ],
  [
    'a bot that there is not',
    { bots: { kms_enable_rotaton: { enabled: true } } },
    /config\.ts is wrong:\n.*kms_enable_rotaton/,
  ],
  [
    'auto response in words',
    { enable_auto_response: 'false' },
    /config\.ts is wrong:\n.*\n.*enable_auto_response/,
  ],
  ['an exemption from no bot', exempt({ bot: 'kms_enable_rotaton' }), /\n.*exemptions\[0\]\.bot/],
  ['an exemption of a misspelt field, which would exempt everything', exempt({ resorce: 'x' }), /"resorce"/],
  ['an exemption until some day', exempt({ until: '31 January' }), /\n.*exemptions\[0\]\.until/],
  ['an exemption of nobody', exempt({ owner: '' }), /\n.*exemptions\[0\]\.owner/],
  [
    'an exemption without an end that nobody approved',
    exempt({ until: undefined }),
    /exemptions\[0\] \(because\) has no end: name who approved that under approver, or give it an end within 90 days/,
  ],
  [
    'an exemption of a year that nobody approved',
    exempt({ until: inDays(365) }),
    /ends in 365 days: name who approved that under approver/,
  ],
  [
    'a tag that anybody may set',
    { exemptionTags: [{ key: 'selfheal:exempt', setBy: [] }] },
    /exemptionTags\[0\]\.setBy/,
  ],
  [
    'a tag set by a name',
    { exemptionTags: [{ key: 'selfheal:exempt', setBy: ['SecurityTeam'] }] },
    /the ARN of an IAM role or user/,
  ],
  [
    'a tag that anybody of any account may set',
    { exemptionTags: [{ key: 'selfheal:exempt', setBy: ['arn:aws:iam::*:role/*'] }] },
    /names nobody in particular/,
  ],
  [
    'a tag of a year',
    { exemptionTags: [{ key: 'selfheal:exempt', setBy: ['arn:aws:iam::*:role/Sec'], maxDays: 365 }] },
    /exemptionTags\[0\]\.maxDays/,
  ],
  ['a misspelt limit', { limits: { perBots: 5 } }, /"perBots"/],
  ['a limit of nothing', { limits: { perBot: 0 } }, /limits/],
  [
    'a limit of a bot that is no number',
    { bots: { kms_enable_rotation: { enabled: true, limit: '9' } } },
    /limit/,
  ],
  ['a concurrency of nothing', { concurrency: 0 }, /concurrency/],
  ['an exemption without reason', exempt({ reason: '' }), /\n.*exemptions\[0\]\.reason/],
])('%s', async (_name, changes, message) => {
  await expect(check(changes)).rejects.toThrow(message);
});

test('a bot that the index has not: the generated files are stale', async () => {
  const loading = checkConfig(allEnabled, catalogue, () => Promise.resolve(undefined));
  await expect(loading).rejects.toThrow(/in the catalogue and not in the index: run npm run generate/);
});

describe('routes', () => {
  const routed = (route: unknown, source = 'guardduty') => ({
    routes: { [source]: { 'Backdoor:EC2/*': route } },
  });

  test('to bots that are enabled, with words that they take', async () => {
    await expect(check(routed('AUTO: ec2_stop_instance | sg_close_ports 22'))).resolves.toBeUndefined();
    await expect(check(routed({ auto: 'ec2_stop_instance', minSeverity: 7 }))).resolves.toBeUndefined();
  });

  test('with words that leave out what config.ts gives the bot', async () => {
    const route = routed('AUTO: sg_rules_delete_by_scope');
    const params = { scope: '0.0.0.0/0', direction: 'inbound', port: 22, protocol: 'tcp' };
    const bots = { sg_rules_delete_by_scope: { enabled: true, params } };
    await expect(check({ ...route, bots })).resolves.toBeUndefined();
    const bare = { sg_rules_delete_by_scope: { enabled: true } };
    await expect(check({ ...route, bots: bare })).rejects.toThrow(
      /parameter scope of sg_rules_delete_by_scope/,
    );
  });

  test.each<[string, object, RegExp]>([
    [
      'to a bot that is missing',
      routed('AUTO: make_tea'),
      /guardduty Backdoor:EC2\/\* names make_tea, and there is no such bot/,
    ],
    [
      'with a wrong word',
      routed('AUTO: kms_enable_rotation often'),
      /parameter periodDays of kms_enable_rotation/,
    ],
    ['of an unknown source', routed('AUTO: ec2_stop_instance', 'oracle'), /routes/],
    ['with a misspelt field', routed({ auto: 'ec2_stop_instance', minSeverty: 7 }), /routes/],
    [
      'to a bot that sleeps',
      { ...routed('AUTO: ec2_stop_instance'), bots: {} },
      /ec2_stop_instance, which is not enabled/,
    ],
  ])('%s: found when the stack is packaged', async (_name, changes, sentence) => {
    await expect(check(changes)).rejects.toThrow(sentence);
  });
});

describe('what findings may not say', () => {
  const POLICY = 'arn:aws:iam::aws:policy/AWSDenyAll';
  const attach = (settings: object) => ({ bots: { iam_user_attach_policy: { enabled: true, ...settings } } });

  test('has to stand in config.ts, as the value or as a list to choose from', async () => {
    await expect(check(attach({ params: { policyArn: POLICY } }))).resolves.toBeUndefined();
    await expect(check(attach({ allowed: { policyArn: [POLICY] } }))).resolves.toBeUndefined();
    await expect(check(attach({}))).rejects.toThrow(/iam_user_attach_policy is enabled without policyArn/);
    await expect(check(attach({ allowed: { policyArn: [] } }))).rejects.toThrow(/without policyArn/);
  });

  test('is allowed by values that the bot takes, and for such parameters only', async () => {
    await expect(check(attach({ allowed: { policyArn: ['Admin'] } }))).rejects.toThrow(
      /"Admin", which is no value/,
    );
    await expect(
      check(attach({ params: { policyArn: POLICY }, allowed: { policy: ['x'] } })),
    ).rejects.toThrow(/allowed\.policy: there is no such parameter/);
    await expect(check(rotation({ allowed: { periodDays: [90] } }))).rejects.toThrow(
      /findings may set it as it is/,
    );
  });

  test('nor may a route say it', async () => {
    const other = 'arn:aws:iam::aws:policy/AdministratorAccess';
    const routes = { guardduty: { '*': `AUTO: iam_user_attach_policy ${other}` } };
    await expect(check({ ...attach({ params: { policyArn: POLICY } }), routes })).rejects.toThrow(
      /the route guardduty \*: policyArn of iam_user_attach_policy is config.ts' to set/,
    );
  });
});
