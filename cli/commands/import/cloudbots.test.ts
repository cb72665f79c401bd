import { configFaults } from '../../../deploy/check-config';
import { catalogue } from '../../../functions/remediators/catalogue';
import { findBot } from '../../../shared/catalogue';
import cloudbots from '../../../tools/standards/cloudbots.json';
import { fromCloudBots } from './cloudbots';

const read = (text: string | object) =>
  fromCloudBots({ file: 'x', text: typeof text === 'string' ? text : JSON.stringify(text) }, catalogue);
const rule = (complianceTag: string, name = 'a rule') => ({ name, logic: 'X should …', complianceTag });
const botsOf = ({ config }: ReturnType<typeof read>) => config.bots as Record<string, unknown>;
const leftOf = ({ moves }: ReturnType<typeof read>) => moves.filter(({ how }) => how === 'left');

/** Words of CloudBots' bots that take some, in the form of its documentation. */
const WORDS: Readonly<Record<string, string>> = {
  sg_rules_delete_by_scope: '0.0.0.0/0 inbound 22 tcp',
  intelligence_sg_rules_delete_by_scope: '10.0.0.0/8 outbound * *',
  sg_clear_rules_for_any_scope: '22 tcp inbound 10.0.0.0/8,192.168.0.0/16',
  sg_delete_not_matching_cidr: '22 10.1.0.0/16 inbound',
  sg_modify_scope_by_port: '22 * 10.0.0.0/24 inbound',
  sg_single_rule_delete: 'split=false protocol=TCP scope=0.0.0.0/0 direction=inbound port=22',
  ec2_attach_sg: 'isolated',
  ec2_attach_instance_role: 'role_arn=arn:aws:iam::$ACCOUNT_ID:instance-profile/ssm',
  ec2_update_instance_role: 'policy_arn=arn:aws:iam::aws:policy/ReadOnlyAccess',
  iam_user_attach_policy: 'arn:aws:iam::$ACCOUNT_ID:policy/team/deny',
  iam_role_attach_policy: 'policy_arn=arn:aws:iam::aws:policy/AWSDenyAll',
  tag_ec2_resource: '"my own key" "my value"',
  lambda_tag: '"owner"',
  ec2_tag_instance_from_vpc: 'Owner',
  mark_for_stop_ec2_resource: '3h',
  vpc_turn_on_flow_logs: 'traffic_type=all destination=s3 s3_arn=arn:aws:s3:::our-logs/vpc/',
  s3_enable_encryption: 'KMS arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  iam_user_deactivate_unused_access_key: '60',
  iam_user_delete_inline_policies: 'arn:aws:iam::aws:policy/A,arn:aws:iam::aws:policy/B',
  iam_entity_remove_permission_boundary: 'entity_arn=arn:aws:iam::111122223333:role/r',
  secretsmanager_enable_encryption: 'mrk-1234abcd',
  sns_enforce_sse: 'mrk-1234abcd us-east-1',
  sqs_enforce_sse: 'kms mrk-1234abcd us-east-1',
  ssm_document_set_private: 'AccountIdToAdd=111122223333,444455556666',
  cloudtrail_enable: 'trail_name=main bucket_name=our-trails',
  cloudtrail_encrypt_log_files_using_existing_key: 'alias/trail',
  cloudwatch_create_metric_filter: 'sec@example.com UnauthorizedApiCalls NoMfaConsoleLogins',
  config_enable: 'bucket_name=our-items bucket_region=us-west-1',
  network_firewall_enable_logging: 'flow S3 create',
};
/** What CloudBots takes from the finding is here config.ts' to say. */
const NEED_CONFIG = ['iam_entity_create_and_attach_permission_boundary', 'iam_user_force_password_change'];

test.each(cloudbots.controls.map((name) => [name, WORDS[name] ?? '']))('AUTO: %s %s', (name, words) => {
  const migration = read([rule(`AUTO: ${name} ${words}`)]);
  const entry = findBot(catalogue, name);
  if (NEED_CONFIG.includes(name)) {
    expect(botsOf(migration)).toEqual({});
    expect(leftOf(migration)[0]?.says).toContain('which no finding may say');
    return;
  }
  expect(leftOf(migration)).toEqual([]);
  expect(Object.keys(botsOf(migration))).toEqual([entry?.id]);
  expect(configFaults(migration.config, catalogue)).toEqual([]);
  const { mode = 'auto' } = botsOf(migration)[entry?.id ?? ''] as { mode?: string };
  expect(mode).toBe(entry?.kind === 'posture' || entry?.risk === 'destructive' ? 'plan' : 'auto');
});

test('orders that agree are written out; those that do not stay in their words, listed where config.ts has to allow them', () => {
  const migration = read([
    rule('AUTO: sg_rules_delete_by_scope 0.0.0.0/0 inbound 22 tcp'),
    rule('AUTO: sg_rules_delete_by_scope 0.0.0.0/0 inbound 3389 tcp', 'RDP'),
    rule('AUTO: iam_user_attach_policy arn:aws:iam::aws:policy/AWSDenyAll'),
    rule('AUTO: iam_user_attach_policy arn:aws:iam::aws:policy/ReadOnlyAccess'),
    rule('AUTO: tag_ec2_resource owner nobody', 'one'),
    rule('AUTO: tag_ec2_resource owner nobody', 'other'),
  ]);
  expect(botsOf(migration)).toEqual({
    iam_user_attach_policy: {
      enabled: true,
      allowed: {
        policyArn: ['arn:aws:iam::aws:policy/AWSDenyAll', 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
      },
    },
    sg_rules_delete_by_scope: { enabled: true },
    tag_ec2_resource: { enabled: true, params: { key: 'owner', value: 'nobody' } },
  });
  const rdp = migration.moves.find(({ from }) => from === '“RDP”');
  expect(rdp).toMatchObject({ how: 'differs', says: expect.stringContaining('port=3389') });
});

test.each([
  ['AUTO: ec2_stop_instanc', 'did you mean ec2_stop_instance?'],
  ['AUTO: rds_set_private', 'CloudBots has no bot rds_set_private'],
  ['AUTO: __proto__', 'There is no bot "__proto__"'],
  ['AUTO:ec2_stop_instance', 'has no space behind AUTO:'],
  ['CIS 4.1 AUTO: ec2_stop_instance', 'does not begin with AUTO:'],
  ['auto: ec2_stop_instance', 'does not begin with AUTO:'],
  ['AUTO: ec2_stop_instance now', 'does not know the word "now"'],
  ['AUTO: iam_user_attach_policy', 'is enabled without policyArn'],
  ['AUTO: sg_rules_delete_by_scope 0.0.0.0/0 sideways 22 tcp', 'parameter direction'],
])('%s is left out, with the reason', (tag, says) => {
  const migration = read([rule(tag), rule('AUTO: ec2_quarantine_instance')]);
  expect(Object.keys(botsOf(migration))).toEqual(['ec2_quarantine_instance']);
  expect(leftOf(migration)).toEqual([expect.objectContaining({ says: expect.stringContaining(says) })]);
});

test('older names of bots are understood; rulesets of other clouds are left out', () => {
  const azure = { name: 'Azure', cloudVendor: 'azure', rules: [rule('AUTO: vm_stop')] };
  const migration = read([
    { name: 'AWS', cloudVendor: 'aws', rules: [rule('AUTO: delete_key_pair')] },
    azure,
  ]);
  expect(Object.keys(botsOf(migration))).toEqual(['ec2_delete_key_pair']);
  expect(leftOf(migration)).toEqual([
    { from: 'ruleset “Azure”', how: 'left', says: 'It is about azure, not about AWS.' },
  ]);
});

const ACTIONS = {
  'Backdoor:EC2/C&CActivity.B!DNS': 'AUTO: ec2_quarantine_instance | CIS | AUTO: ec2_create_snapshot',
  'Recon:EC2/Portscan': '',
};
const JSON_TEXT = JSON.stringify(ACTIONS);
const VARIABLES = { GD_ACTIONS: JSON_TEXT, ACCOUNT_MODE: 'single', OUTPUT_TYPE: 'JSON', OURS: 'x' };

test.each([
  ['the map', JSON_TEXT],
  ['a line of an env file', `GD_ACTIONS=${JSON_TEXT}\n`],
  ['a line of a shell', `export GD_ACTIONS='${JSON_TEXT}'`],
  ['double quotes', `GD_ACTIONS="${JSON_TEXT.replaceAll('"', '\\"')}"`],
  [
    'the function, as the AWS CLI prints it',
    JSON.stringify({ FunctionName: 'x', Environment: { Variables: VARIABLES } }),
  ],
  ['its environment', JSON.stringify({ Variables: VARIABLES })],
  ['its variables', JSON.stringify(VARIABLES)],
])('GD_ACTIONS become routes: %s', (_what, text) => {
  const { config, notes } = read(text);
  expect(config).toMatchObject({
    bots: { ec2_quarantine_instance: { enabled: true }, ec2_create_snapshot: { enabled: true } },
    findings: { events: ['guardduty'] },
    routes: {
      guardduty: {
        'Backdoor:EC2/C&CActivity.B!DNS': 'AUTO: ec2_quarantine_instance | AUTO: ec2_create_snapshot',
      },
    },
  });
  expect(config.findings).not.toHaveProperty('own');
  expect(configFaults(config, catalogue)).toEqual([]);
  expect(notes.bots?.[0]).toContain('1 finding type has no AUTO: words');
  expect(notes.accounts === undefined).toBe(text.includes('ACCOUNT_MODE'));
});

test('other variables of the function are named', () => {
  expect(leftOf(read(VARIABLES)).map(({ from }) => from)).toEqual(['OUTPUT_TYPE', 'OURS']);
});

test('finding types: no wildcards, and those that GuardDuty has given up are told', () => {
  const migration = read({
    'Recon:EC2/*': 'AUTO: ec2_stop_instance',
    constructor: 'AUTO: ec2_stop_instance',
    'Backdoor:EC2/XORDDOS': 'AUTO: ec2_quarantine_instance',
    'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration': 'AUTO: iam_quarantine_role',
    'Trojan:EC2/DropPoint': 'AUTO: ec2_terminate_instance',
  });
  expect(Object.keys(botsOf(migration)).sort()).toEqual([
    'ec2_quarantine_instance',
    'ec2_terminate_instance',
    'iam_quarantine_role',
  ]);
  expect(leftOf(migration).map(({ from }) => from)).toEqual(['Recon:EC2/*', 'constructor']);
  const says = (type: string) => migration.moves.find(({ from }) => from === type)?.says;
  expect(says('Backdoor:EC2/XORDDOS')).toContain('no longer makes findings of this type');
  expect(says('UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration')).toContain('.OutsideAWS');
  expect(botsOf(migration).ec2_terminate_instance).toEqual({ enabled: true, mode: 'plan' });
});

test.each([
  ['{"a": 1}', 'is neither a ruleset of CloudGuard'],
  ['{"GD_ACTIONS": {"Recon:EC2/Portscan": ["AUTO: ec2_stop_instance"]}}', 'is neither a ruleset'],
  ['{"GD_ACTIONS": "{"}', 'GD_ACTIONS in x, line 1'],
  ['[{"rules": [{"name": "x"}]}]', 'is neither a ruleset'],
  ['{}', 'is neither a ruleset'],
  ['[]', 'orders nothing'],
])('%s: %s', (text, says) => {
  expect(() => read(text)).toThrow(says);
});
