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

test.each<[string, object, string]>([
  [
    'Conformity’s account as one of AWS’s',
    { conformity: { accounts: { HJzFMHchx: 'HJzFMHchx' } } },
    'conformity.accounts.HJzFMHchx: takes an account id of 12 digits, not "HJzFMHchx"',
  ],
  [
    'a parameter of a wrong type',
    rotation({ params: { periodDays: 'often' } }),
    'bots.kms_enable_rotation.params.periodDays: takes a number, not "often"',
  ],
  [
    'a parameter out of range',
    rotation({ params: { periodDays: 1 } }),
    'bots.kms_enable_rotation.params.periodDays: takes at least 90, not 1',
  ],
  [
    'a parameter that it has not',
    rotation({ params: { period: 90 } }),
    'bots.kms_enable_rotation.params.period: there is no field "period": did you mean periodDays?',
  ],
  [
    'a list that is empty',
    { bots: { sg_close_ports: { enabled: true, params: { ports: [] } } } },
    'bots.sg_close_ports.params.ports: must not be empty',
  ],
  [
    'a name where a port stands',
    { bots: { sg_close_ports: { enabled: true, params: { ports: [22, 'ssh'] } } } },
    'bots.sg_close_ports.params.ports[1]: takes a number, not "ssh"',
  ],
  [
    'a mode that there is not',
    rotation({ mode: 'Auto' }),
    'bots.kms_enable_rotation.mode: takes "off", "plan", "approve" or "auto", not "Auto": did you mean "auto"?',
  ],
  [
    'a field that there is not',
    rotation({ param: {} }),
    'bots.kms_enable_rotation.param: there is no field "param": did you mean params?',
  ],
  [
    'a topic that is a queue',
    { findings: { topics: ['arn:aws:sqs:eu-west-1:111122223333:scanner'] } },
    'findings.topics[0]: takes the ARN of an SNS topic, not "arn:aws:sqs:eu-west-1:111122223333:scanner"',
  ],
  [
    'a topic whose severity is a word',
    { findings: { topics: [{ arn: 'arn:aws:sns:eu-west-1:111122223333:scanner', minSeverity: 'high' }] } },
    'findings.topics[0].minSeverity: takes a number, not "high"',
  ],
  [
    'a source that there is not',
    { findings: { events: ['guarduty'] } },
    'findings.events[0]: takes "guardduty", "securityhub", "config", "conformity", "accessanalyzer", "macie", "inspector", "health", "alarm" or "prowler", not "guarduty": did you mean "guardduty"?',
  ],
  [
    'enabled, in words',
    rotation({ enabled: 'yes' }),
    'bots.kms_enable_rotation.enabled: takes true or false, not "yes"',
  ],
  [
    'settings that are only a yes',
    { bots: { kms_enable_rotation: true } },
    'bots.kms_enable_rotation: takes an object, not true',
  ],
  [
    'a bot that there is not',
    { bots: { kms_enable_rotaton: { enabled: true } } },
    'bots.kms_enable_rotaton: there is no bot "kms_enable_rotaton": did you mean kms_enable_rotation?',
  ],
  [
    'a field of its own that there is not',
    { exemtions: [] },
    'exemtions: there is no field "exemtions": did you mean exemptions?',
  ],
  [
    'auto response in words',
    { enable_auto_response: 'false' },
    'enable_auto_response: takes true or false, not "false"',
  ],
  [
    'nothing about auto response',
    { enable_auto_response: undefined },
    'enable_auto_response: is missing: it takes true or false',
  ],
  [
    'an exemption from no bot',
    exempt({ bot: 'kms_enable_rotaton' }),
    'exemptions[0].bot: there is no bot "kms_enable_rotaton": did you mean kms_enable_rotation?',
  ],
  [
    'an exemption of a misspelt field, which would exempt everything',
    exempt({ resorce: 'x' }),
    'exemptions[0].resorce: there is no field "resorce": did you mean resource?',
  ],
  [
    'an exemption until some day',
    exempt({ until: '31 January' }),
    'exemptions[0].until: takes a date such as 2027-01-31, not "31 January"',
  ],
  ['an exemption without reason', exempt({ reason: '' }), 'exemptions[0].reason: must not be empty'],
  ['an exemption of nobody', exempt({ owner: '' }), 'exemptions[0].owner: must not be empty'],
  [
    'an exemption without an end that nobody approved',
    exempt({ until: undefined }),
    'exemptions[0]: has no end: name who approved that under approver, or give it an end within 90 days under until',
  ],
  [
    'an exemption of a year that nobody approved',
    exempt({ until: inDays(365) }),
    'exemptions[0]: ends in 365 days: name who approved that under approver, or give it an end within 90 days under until',
  ],
  [
    'a tag that anybody may set',
    { exemptionTags: [{ key: 'selfheal:exempt', setBy: [] }] },
    'exemptionTags[0].setBy: must not be empty',
  ],
  [
    'a tag set by a name',
    { exemptionTags: [{ key: 'selfheal:exempt', setBy: ['SecurityTeam'] }] },
    'exemptionTags[0].setBy[0]: takes the ARN of an IAM role or user such as arn:aws:iam::111122223333:role/SecurityTeam, not "SecurityTeam"',
  ],
  [
    'a tag of a year',
    { exemptionTags: [{ key: 'selfheal:exempt', setBy: ['arn:aws:iam::*:role/Sec'], maxDays: 365 }] },
    'exemptionTags[0].maxDays: takes at most 90, not 365',
  ],
  [
    'a misspelt limit',
    { limits: { perBots: 5 } },
    'limits.perBots: there is no field "perBots": did you mean perBot?',
  ],
  ['a limit of nothing', { limits: { perBot: 0 } }, 'limits.perBot: takes more than 0, not 0'],
  ['limits that are a number', { limits: 5 }, 'limits: takes false or an object, not 5'],
  [
    'a limit of a bot that is no number',
    rotation({ limit: '9' }),
    'bots.kms_enable_rotation.limit: takes a number, not "9"',
  ],
  ['a concurrency of nothing', { concurrency: 0 }, 'concurrency: takes more than 0, not 0'],
  [
    'a mode of accounts that there is not',
    { accounts: { mode: 'mult' } },
    'accounts.mode: takes "single" or "multi", not "mult": did you mean "multi"?',
  ],
  [
    'members that nobody names',
    { accounts: { mode: 'multi', externalId: 'selfheal-1f2e' } },
    'accounts: needs accounts or organization: nobody is let in otherwise',
  ],
  [
    'an organization of a single account',
    { accounts: { mode: 'single', organization: 'o-a1b2c3d4e5' } },
    'accounts.organization: organization does not go with the other fields here',
  ],
  [
    'a route of a source that there is not',
    { routes: { oracle: { any: 'AUTO: ec2_stop_instance' } } },
    'routes.oracle: there is no field "oracle": there are guardduty, securityhub, config, conformity, accessanalyzer, macie, inspector, health, alarm, prowler',
  ],
  [
    'a webhook without its place',
    { slack: { webhook: { parameter: 3 } } },
    'slack.webhook.parameter: takes text, not 3',
  ],
])('%s', async (_name, changes, sentence) => {
  await expect(check(changes)).rejects.toThrow(new Error(`config.ts is wrong: ${sentence}`));
});

test('several faults are a list', async () => {
  await expect(check({ concurrency: 0, limits: 5 })).rejects.toThrow(
    'config.ts is wrong:\n  limits: takes false or an object, not 5\n  concurrency: takes more than 0, not 0',
  );
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
      /routes\.guardduty\["Backdoor:EC2\/\*"\]: there is no bot "make_tea"/,
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
      /routes\.guardduty\["\*"\]: policyArn of iam_user_attach_policy is config.ts' to set/,
    );
  });
});
