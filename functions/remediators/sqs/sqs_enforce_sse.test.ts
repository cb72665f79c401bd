import { randomUUID } from 'node:crypto';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { catalogueEntry } from '../../../tools/catalogue';
import { readWords, splitWords } from '../../findings/words';
import type { Account } from '../../../testing/contract';
import { FRIEND, policyText } from '../../../testing/policies';
import { testSetting } from '../../../testing/setting';
import { keyWithAlias } from '../kms/fixtures/key';
import { bot } from './sqs_enforce_sse';

const queue = async ({ client }: Account, value: string, more: Record<string, string> = {}) => {
  const key = value === 'SSE-SQS' ? '' : value;
  const Attributes = {
    SqsManagedSseEnabled: String(value === 'SSE-SQS'),
    VisibilityTimeout: '77',
    ...(key && { KmsMasterKeyId: key }),
    ...more,
  };
  const { QueueUrl = '' } = await client(SQSClient).send(
    new CreateQueueCommand({ QueueName: randomUUID(), Attributes }),
  );
  return QueueUrl;
};
const given = (account: Account, value: string) => queue(account, value);
/** Beside a key called alias/mine. */
const beside =
  (value: string, more: Record<string, string> = {}, key: { Service?: string } = {}) =>
  async (account: Account) => {
    await keyWithAlias(account, key);
    return queue(account, value, more);
  };
const sends = (Principal: Record<string, string>) => ({
  Policy: policyText([{ Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource: '*' }]),
});

const violation = 'the queue is encrypted with nothing: turn on server-side encryption';
const writes = ['sqs:SetQueueAttributes'];
const params = { kmsKeyId: 'alias/mine' };

testSetting(bot, {
  given,
  wrong: '',
  right: 'SSE-SQS',
  violation,
  writes,
  untouched: async ({ client }, QueueUrl) => {
    const { Attributes } = await client(SQSClient).send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout', 'Policy'] }),
    );
    return Attributes;
  },
  gone: `${process.env.AWS_ENDPOINT_URL ?? ''}/111122223333/gone`,
  more: {
    violating: [
      {
        name: 'keys of SQS, where one of KMS is asked for',
        given: beside('SSE-SQS', sends({ AWS: FRIEND })),
        ...{ params, violation: 'with SSE-SQS', writes, after: { is: 'alias/mine' } },
      },
      {
        name: 'the key of AWS, where one of the account is asked for',
        given: beside('alias/aws/sqs'),
        params: { ...params, type: 'kms', kmsRegion: 'eu-west-1' },
        ...{ violation: 'with alias/aws/sqs', writes, after: { is: 'alias/mine' } },
      },
      {
        name: 'a service sends that may not use the key',
        given: beside('', sends({ Service: 'sns.amazonaws.com' })),
        ...{ params, violation, writes: [], held: /^sns.amazonaws.com could no longer send/ },
      },
      {
        name: 'a service sends that may use the key',
        given: beside('', sends({ Service: 'sns.amazonaws.com' }), { Service: 'sns.amazonaws.com' }),
        ...{ params, violation, writes, after: { is: 'alias/mine' } },
      },
      {
        name: 'kms without a key',
        given: (account) => given(account, ''),
        ...{ params: { type: 'kms' }, violation, writes: [], held: /^kms needs a key/ },
      },
      {
        name: 'a key of another region',
        given: (account) => given(account, ''),
        params: { ...params, kmsRegion: 'us-east-1' },
        ...{ violation, writes: [], held: /needs a key in eu-west-1, not in us-east-1/ },
      },
    ],
    compliant: [
      { name: 'a key, which is more than what is asked for', given: beside('alias/mine') },
      { name: 'another key of the account’s own', given: beside('alias/other'), params },
    ],
  },
});

test.each([
  ['', {}],
  ['kms alias/mine', { type: 'kms', kmsKeyId: 'alias/mine' }],
  ['kms mrk-1234abcd eu-west-1', { type: 'kms', kmsKeyId: 'mrk-1234abcd', kmsRegion: 'eu-west-1' }],
  ['kmsKeyId=alias/mine', { kmsKeyId: 'alias/mine' }],
])('the words %j', (text, expected) => {
  expect(readWords(catalogueEntry(bot, 'sqs'), splitWords(text))).toEqual({ params: expected });
});
