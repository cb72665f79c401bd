import * as z from 'zod';
import { findBot } from '../../shared/catalogue';
import { entry } from '../../testing/entry';
import { catalogue } from '../remediators/catalogue';
import { readWords, splitWords } from './words';

const text = z.string();
const list = z.array(text);
const port = z.union([z.int(), z.literal('*')]);
const direction = z.enum(['inbound', 'outbound']);
const protocol = z.enum(['tcp', 'udp', 'all', '*']);
const maybe = text.optional();
const FILTERS = ['UnauthorizedApiCalls', 'NoMfaConsoleLogins', 'RootAccountLogins'] as const;

/** Parameters as a bot of that name might have them, in the order of CloudBots' words. */
const SHAPES: Readonly<Record<string, z.ZodRawShape>> = {
  sg_rules_delete_by_scope: { scope: text, direction, port, protocol },
  intelligence_sg_rules_delete_by_scope: { scope: text, direction, port, protocol },
  sg_clear_rules_for_any_scope: { port: z.int(), protocol, direction, whitelist: list.optional() },
  sg_delete_not_matching_cidr: { port: z.int(), cidr: text, direction },
  sg_modify_scope_by_port: { port: z.int(), from: text, to: text, direction },
  sg_single_rule_delete: { split: z.boolean(), protocol, scope: text, direction, port: z.int() },
  ec2_attach_sg: { group: text },
  ec2_attach_instance_role: { profileArn: text },
  ec2_update_instance_role: { policyArn: text },
  iam_user_attach_policy: { policyArn: text },
  tag_ec2_resource: { key: text, value: text },
  lambda_tag: { key: text, value: maybe },
  ec2_tag_instance_from_vpc: { key: text },
  mark_for_stop_ec2_resource: { after: text.regex(/^\d+[mhd]$/i) },
  vpc_turn_on_flow_logs: {
    trafficType: z.enum(['ALL', 'ACCEPT', 'REJECT']),
    destination: z.enum(['logs', 's3']),
    s3Arn: maybe,
  },
  s3_enable_encryption: { type: z.enum(['s3', 'kms']), kmsKeyArn: maybe },
  iam_user_deactivate_unused_access_key: { days: z.int() },
  iam_user_delete_inline_policies: { attach: list },
  iam_entity_remove_permission_boundary: { entityArn: text, account: maybe },
  secretsmanager_enable_encryption: { kmsKeyId: text },
  sns_enforce_sse: { kmsKeyId: text, kmsRegion: maybe },
  sqs_enforce_sse: { type: z.enum(['kms', 'sqs']).optional(), kmsKeyId: maybe, kmsRegion: maybe },
  ssm_document_set_private: { share: list.optional() },
  cloudtrail_enable: { trailName: maybe, bucketName: maybe },
  cloudtrail_encrypt_log_files_using_existing_key: { kmsKeyId: text },
  cloudtrail_send_to_cloudwatch: { logGroup: maybe },
  cloudwatch_create_metric_filter: { email: text, filters: z.array(z.enum(FILTERS)) },
  config_enable: { bucketName: maybe, bucketRegion: maybe, globalTypesRegion: maybe },
  network_firewall_enable_logging: {
    type: z.enum(['FLOW', 'ALERT']),
    to: z.enum(['S3', 'CloudWatchLogs', 'KinesisDataFirehose']),
    destination: text,
  },
};

/** CloudBots' own names of parameters. */
const NAMES = {
  role_arn: 'profileArn',
  policy_arn: 'policyArn',
  traffic_type: 'trafficType',
  s3_arn: 's3Arn',
  entity_arn: 'entityArn',
  cloud_account_id: 'account',
  AccountIdToAdd: 'share',
  trail_name: 'trailName',
  bucket_name: 'bucketName',
  bucket_region: 'bucketRegion',
  include_global_resource_types_region: 'globalTypesRegion',
};

/** CloudBots' usage lines and examples, of every bot of its catalogue that takes words, and what they mean. */
const EXAMPLES: readonly (readonly [usage: string, means: object])[] = [
  [
    'sg_rules_delete_by_scope 0.0.0.0/0 inbound 22 tcp',
    { scope: '0.0.0.0/0', direction: 'inbound', port: 22, protocol: 'tcp' },
  ],
  [
    'intelligence_sg_rules_delete_by_scope 10.0.0.0/8 outbound * *',
    { scope: '10.0.0.0/8', direction: 'outbound', port: '*', protocol: '*' },
  ],
  ['sg_clear_rules_for_any_scope 22 tcp Inbound', { port: 22, protocol: 'tcp', direction: 'inbound' }],
  [
    'sg_clear_rules_for_any_scope 22 tcp inbound 10.0.0.0/8,192.168.0.0/16',
    { port: 22, protocol: 'tcp', direction: 'inbound', whitelist: ['10.0.0.0/8', '192.168.0.0/16'] },
  ],
  [
    'sg_delete_not_matching_cidr 22 10.163.0.0/16 inbound',
    { port: 22, cidr: '10.163.0.0/16', direction: 'inbound' },
  ],
  [
    'sg_modify_scope_by_port 22 * 10.0.0.0/24 inbound',
    { port: 22, from: '*', to: '10.0.0.0/24', direction: 'inbound' },
  ],
  [
    'sg_single_rule_delete split=false protocol=TCP scope=0.0.0.0/0 direction=inbound port=22',
    { split: false, protocol: 'tcp', scope: '0.0.0.0/0', direction: 'inbound', port: 22 },
  ],
  [
    'sg_single_rule_delete True UDP 8.8.8.8/32 outbound 0',
    { split: true, protocol: 'udp', scope: '8.8.8.8/32', direction: 'outbound', port: 0 },
  ],
  ['ec2_attach_sg isolated', { group: 'isolated' }],
  [
    'ec2_attach_instance_role role_arn=arn:aws:iam::$ACCOUNT_ID:instance-profile/ec2SSM',
    { profileArn: 'arn:aws:iam::$ACCOUNT_ID:instance-profile/ec2SSM' },
  ],
  [
    'ec2_attach_instance_role arn:aws:iam::111122223333:instance-profile/ec2SSM',
    { profileArn: 'arn:aws:iam::111122223333:instance-profile/ec2SSM' },
  ],
  [
    'ec2_update_instance_role policy_arn=arn:aws:iam::aws:policy/ReadOnlyAccess',
    { policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
  ],
  [
    'iam_user_attach_policy arn:aws:iam::$ACCOUNT_ID:policy/team/deny',
    { policyArn: 'arn:aws:iam::$ACCOUNT_ID:policy/team/deny' },
  ],
  ['tag_ec2_resource myKey myValue', { key: 'myKey', value: 'myValue' }],
  ['tag_ec2_resource "my own key" "my own value"', { key: 'my own key', value: 'my own value' }],
  ['tag_ec2_resource "cost:centre" "a/b@c+d=e"', { key: 'cost:centre', value: 'a/b@c+d=e' }],
  ['lambda_tag "owner"', { key: 'owner' }],
  ['ec2_tag_instance_from_vpc Owner', { key: 'Owner' }],
  ['mark_for_stop_ec2_resource 3h', { after: '3h' }],
  ['vpc_turn_on_flow_logs traffic_type=all destination=logs', { trafficType: 'ALL', destination: 'logs' }],
  [
    'vpc_turn_on_flow_logs traffic_type=all destination=s3 s3_arn=arn:aws:s3:::my-bucket/my-logs/',
    { trafficType: 'ALL', destination: 's3', s3Arn: 'arn:aws:s3:::my-bucket/my-logs/' },
  ],
  [
    'vpc_turn_on_flow_logs  reject  s3  arn:aws:s3:::my-bucket',
    { trafficType: 'REJECT', destination: 's3', s3Arn: 'arn:aws:s3:::my-bucket' },
  ],
  ['s3_enable_encryption s3', { type: 's3' }],
  [
    's3_enable_encryption KMS arn:aws:kms:eu-west-1:111122223333:key/k',
    { type: 'kms', kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/k' },
  ],
  ['iam_user_deactivate_unused_access_key 60', { days: 60 }],
  [
    'iam_user_delete_inline_policies arn:aws:iam::aws:policy/A,arn:aws:iam::aws:policy/B',
    { attach: ['arn:aws:iam::aws:policy/A', 'arn:aws:iam::aws:policy/B'] },
  ],
  [
    'iam_entity_remove_permission_boundary entity_arn=arn:aws:iam::111122223333:role/r cloud_account_id=111122223333',
    { entityArn: 'arn:aws:iam::111122223333:role/r', account: '111122223333' },
  ],
  ['secretsmanager_enable_encryption mrk-1234abcd', { kmsKeyId: 'mrk-1234abcd' }],
  ['sns_enforce_sse mrk-1234abcd us-east-1', { kmsKeyId: 'mrk-1234abcd', kmsRegion: 'us-east-1' }],
  ['sns_enforce_sse kmsKeyId=k kmsRegion=us-east-1', { kmsKeyId: 'k', kmsRegion: 'us-east-1' }],
  ['sqs_enforce_sse', {}],
  ['sqs_enforce_sse kms k us-east-1', { type: 'kms', kmsKeyId: 'k', kmsRegion: 'us-east-1' }],
  ['ssm_document_set_private', {}],
  [
    'ssm_document_set_private AccountIdToAdd=111122223333,444455556666',
    { share: ['111122223333', '444455556666'] },
  ],
  ['cloudtrail_enable trail_name=main bucket_name=logs', { trailName: 'main', bucketName: 'logs' }],
  [`cloudtrail_enable '' logs`, { bucketName: 'logs' }],
  [`cloudtrail_enable main ''`, { trailName: 'main' }],
  ['cloudtrail_encrypt_log_files_using_existing_key alias/trail', { kmsKeyId: 'alias/trail' }],
  ['cloudtrail_send_to_cloudwatch CloudTrail/MyGroup', { logGroup: 'CloudTrail/MyGroup' }],
  [
    `cloudwatch_create_metric_filter sec@example.com ${FILTERS.join(' ')}`,
    { email: 'sec@example.com', filters: FILTERS },
  ],
  [
    'config_enable bucket_name=b bucket_region=us-west-1 include_global_resource_types_region=us-west-1',
    { bucketName: 'b', bucketRegion: 'us-west-1', globalTypesRegion: 'us-west-1' },
  ],
  [`config_enable '' "" us-west-1`, { globalTypesRegion: 'us-west-1' }],
  ['network_firewall_enable_logging flow S3 create', { type: 'FLOW', to: 'S3', destination: 'create' }],
  [
    'network_firewall_enable_logging ALERT KinesisDataFirehose my-stream',
    { type: 'ALERT', to: 'KinesisDataFirehose', destination: 'my-stream' },
  ],
];

test.each(EXAMPLES)('AUTO: %s', (usage, means) => {
  const [id = '', ...words] = splitWords(usage);
  expect(readWords(shaped(id), words)).toEqual({ params: means });
});

test('every shape has an example', () => {
  const shown = new Set(EXAMPLES.map(([usage]) => splitWords(usage)[0]));
  expect([...shown].sort()).toEqual(Object.keys(SHAPES).sort());
});

test.each([
  ['sg_single_rule_delete protocol=icmp', /parameter protocol of .*"tcp"\|"udp"\|"all"/],
  ['sg_single_rule_delete ports=22', /does not know the word "ports=22": it takes split=… protocol=…/],
  ['sg_rules_delete_by_scope 0.0.0.0/0 sideways', /parameter direction of .*"inbound"\|"outbound"/],
  [
    'iam_entity_remove_permission_boundary --dryRun x',
    /does not know the word "--dryRun": it takes entityArn=…/,
  ],
  ['ec2_attach_sg a b', /does not know the word "b": it takes group=…/],
])('AUTO: %s: what is allowed', (usage, wrong) => {
  const [id = '', ...words] = splitWords(usage);
  expect(readWords(shaped(id), words)).toEqual({ wrong: expect.stringMatching(wrong) });
});

/** Bots of CloudBots that take no words, where they are bots here. */
const WORDLESS = [
  ...[
    'sg_rules_delete',
    'sg_delete',
    'ec2_quarantine_instance',
    'ec2_stop_instance',
    'ec2_terminate_instance',
  ],
  ...['ec2_create_snapshot', 'ec2_release_eips', 'ami_set_to_private', 's3_block_all_public_access'],
  ...['s3_delete_acls', 's3_delete_permissions', 's3_enable_versioning', 's3_enable_logging'],
  ...['kms_enable_rotation', 'iam_quarantine_user', 'iam_quarantine_role', 'lambda_disable'],
].flatMap((id) => findBot(catalogue, id) ?? []);

test.each(WORDLESS)('AUTO: $id', (bot) => {
  expect(readWords(bot, [])).toEqual({ params: {} });
});

function shaped(id: string) {
  const shape = SHAPES[id] ?? {};
  const names = Object.fromEntries(Object.entries(NAMES).filter(([, name]) => name in shape));
  const params = z.toJSONSchema(z.object(shape), { io: 'input' }) as ReturnType<typeof entry>['params'];
  return entry(id, { params, words: { order: Object.keys(shape), names } });
}
