import { ONE_TAG, tagFault } from '../resource-groups-tagging-api/lib/one-tag';
import { TAGGING, onlyTag, restoreTag, setTag, tagOn } from './lib/tags';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'tag_ec2_resource',
  title: 'Give a resource of EC2 a tag',
  ...TAGGING,
  permissions: { ...TAGGING.permissions, where: { 'ec2:CreateTags': onlyTag('${params.key}') } },
  ...ONE_TAG,

  inspect: ({ ec2 }, { target, params }): Promise<{ readonly value?: string } | undefined> =>
    tagOn(ec2, target, params.key ?? ''),

  check: ({ value }, { params }) => tagFault('resource', value, params),

  plan: (_state, { target, params: { key, value } }) =>
    key === undefined
      ? { held: 'name the tag: AUTO: tag_ec2_resource <key> <value>' }
      : [setTag(target.id, key, value)],

  undo: (before, { target, params: { key = '' }, now }) =>
    restoreTag(target.id, key, before.value, now.value),
});
