import { ListTagsCommand, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-lambda';
import { ONE_TAG, tagFault } from '../resource-groups-tagging-api/lib/one-tag';
import { FUNCTION } from './lib/functions';
import { defineBot } from '../../../shared/bot/bot';
import { type Target, partitionOf } from '../../../shared/resources/target';

export const bot = defineBot({
  ...FUNCTION,
  id: 'lambda_tag',
  title: 'Give a Lambda function a tag',
  ...ONE_TAG,
  permissions: {
    read: ['lambda:ListTags'],
    write: ['lambda:TagResource'],
    undo: ['lambda:TagResource', 'lambda:UntagResource'],
  },

  async inspect({ lambda }, { target, params }): Promise<{ readonly value?: string }> {
    const { Tags = {} } = await lambda.send(new ListTagsCommand({ Resource: arnOf(target) }));
    const value = Object.hasOwn(Tags, params.key ?? '') ? Tags[params.key ?? ''] : undefined;
    return value === undefined ? {} : { value };
  },

  check: ({ value }, { params }) => tagFault('function', value, params),

  plan: (_state, { target, params: { key, value } }) =>
    key === undefined
      ? { held: 'name the tag: AUTO: lambda_tag <key> <value>' }
      : [setTag(target, key, value)],

  undo(before, { target, params: { key = '' }, now }) {
    if (before.value === now.value) return [];
    return before.value === undefined
      ? [{ lambda: new UntagResourceCommand({ Resource: arnOf(target), TagKeys: [key] }) }]
      : [setTag(target, key, before.value)];
  },
});

function arnOf({ region, account, id }: Target): string {
  return `arn:${partitionOf(region)}:lambda:${region}:${account}:function:${id}`;
}

function setTag(target: Target, key: string, value: string) {
  return { lambda: new TagResourceCommand({ Resource: arnOf(target), Tags: { [key]: value } }) };
}
