import { UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineBot } from '../../../shared/bot/bot';
import { type Target, partitionOf } from '../../../shared/resources/target';
import { TRAIL, trailOf } from './lib/trails';

const ALIAS = 'alias/selfheal-cloudtrail';
const TAG = { key: 'selfheal', value: 'cloudtrail' };

export const bot = defineBot({
  ...TRAIL,
  id: 'cloudtrail_encrypt_with_new_key',
  aliases: ['cloudtrail_encrypt_log_files_using_new_key_creation'],
  title: 'Encrypt a trail’s log files with a KMS key that is made for it',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'response',
  passes: 3,
  permissions: {
    read: ['cloudtrail:GetTrail', 'kms:DescribeKey', 'tag:GetResources'],
    write: [
      'cloudtrail:UpdateTrail',
      'kms:CreateAlias',
      'kms:CreateKey',
      'kms:EnableKeyRotation',
      'kms:TagResource',
    ],
    undo: ['cloudtrail:UpdateTrail'],
  },
  clients: { ...TRAIL.clients, kms: KMSClient, tag: ResourceGroupsTaggingAPIClient },

  async inspect({ cloudtrail, kms, tag }, { target }): Promise<State> {
    const { KmsKeyId: has } = await trailOf(cloudtrail, target);
    if (has) return { has };
    const named = kms.send(new DescribeKeyCommand({ KeyId: ALIAS }));
    const key = (await undefinedIfGone(named, 'NotFoundException'))?.KeyMetadata;
    if (key) return { key: { arn: key.Arn ?? '', named: true, state: key.KeyState ?? '' } };
    // Whoever was stopped between making the key and naming it left one with the tag alone.
    const TagFilters = [{ Key: TAG.key, Values: [TAG.value] }];
    const { ResourceTagMappingList: [made] = [] } = await tag.send(
      new GetResourcesCommand({ ResourceTypeFilters: ['kms:key'], TagFilters }),
    );
    return made ? { key: { arn: made.ResourceARN ?? '', named: false, state: 'Enabled' } } : {};
  },

  check: ({ has }) =>
    has === undefined ? 'the log files of the trail are not encrypted with a KMS key' : undefined,

  plan({ key }, { target }) {
    if (!key) return [{ kms: createKey(target) }];
    if (key.state !== 'Enabled')
      return { held: `the key ${ALIAS} is ${key.state}: enable it, or delete the alias` };
    const { arn: KeyId } = key;
    const use = { cloudtrail: new UpdateTrailCommand({ Name: target.id, KmsKeyId: KeyId }) };
    if (key.named) return [use];
    return [
      { kms: new EnableKeyRotationCommand({ KeyId }) },
      { kms: new CreateAliasCommand({ AliasName: ALIAS, TargetKeyId: KeyId }) },
      { ...use, after: true as const },
    ];
  },

  undo: (_before, { target }) => [{ cloudtrail: new UpdateTrailCommand({ Name: target.id, KmsKeyId: '' }) }],

  footprint: ({ has }) => ({ has }),
});

interface State {
  /** The key that the trail has. */
  readonly has?: string;
  /** The one that was made for the account's trails. */
  readonly key?: { readonly arn: string; readonly named: boolean; readonly state: string };
}

function createKey({ account, region }: Target): CreateKeyCommand {
  const partition = partitionOf(region);
  const trails = `arn:${partition}:cloudtrail:*:${account}:trail/*`;
  const service = { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Resource: '*' };
  const Statement = [
    {
      Sid: 'Account',
      Effect: 'Allow',
      Principal: { AWS: `arn:${partition}:iam::${account}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'Encrypt',
      ...service,
      Action: 'kms:GenerateDataKey*',
      Condition: {
        StringLike: { 'aws:SourceArn': trails, 'kms:EncryptionContext:aws:cloudtrail:arn': trails },
      },
    },
    {
      Sid: 'Describe',
      ...service,
      Action: 'kms:DescribeKey',
      Condition: { StringLike: { 'aws:SourceArn': trails } },
    },
  ];
  return new CreateKeyCommand({
    Description: 'selfheal: log files of CloudTrail',
    Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
    Tags: [{ TagKey: TAG.key, TagValue: TAG.value }],
  });
}
