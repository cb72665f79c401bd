import { randomUUID } from 'node:crypto';
import { LambdaClient, ListTagsCommand, TagResourceCommand } from '@aws-sdk/client-lambda';
import { catalogueEntry } from '../../../tools/catalogue';
import { readWords, splitWords } from '../../findings/words';
import { type Account, testBot } from '../../../testing/contract';
import { newFunction } from './fixtures/function';
import { bot } from './lambda_tag';

const arnOf = ({ account }: Account, name: string) => `arn:aws:lambda:eu-west-1:${account}:function:${name}`;
const tagged =
  (Tags: Record<string, string> = {}) =>
  async (account: Account) => {
    const name = await newFunction(account, randomUUID());
    const Resource = arnOf(account, name);
    if (Object.keys(Tags).length > 0)
      await account.client(LambdaClient).send(new TagResourceCommand({ Resource, Tags }));
    return name;
  };
const others = async (account: Account, name: string) => {
  const Resource = arnOf(account, name);
  const { Tags = {} } = await account.client(LambdaClient).send(new ListTagsCommand({ Resource }));
  return Object.entries(Tags).filter(([key]) => key !== 'owner');
};
const params = { key: 'owner', value: 'team: a/b' };
const writes = ['lambda:TagResource'];

testBot(bot, {
  violating: [
    {
      name: 'without the tag, but with one that differs in case',
      given: tagged({ Owner: 'x', name: 'y' }),
      params,
      violation: 'the tag owner is missing, not "team: a/b"',
      writes,
      after: { value: params.value },
      untouched: others,
    },
    {
      name: 'with another value',
      given: tagged({ owner: 'nobody', name: 'y' }),
      params,
      violation: 'the tag owner is "nobody"',
      writes,
      untouched: others,
    },
    {
      name: 'nobody says which tag',
      given: tagged(),
      ...{ violation: 'nothing says which', writes: [], held: /^name the tag/ },
    },
  ],
  compliant: [{ name: 'has the tag', given: tagged({ owner: params.value }), params }],
  gone: randomUUID(),
});

test.each([
  ['owner core', { key: 'owner', value: 'core' }],
  [`"cost center" 'team a'`, { key: 'cost center', value: 'team a' }],
  ['owner', { key: 'owner' }],
])('the words %s', (text, expected) => {
  expect(readWords(catalogueEntry(bot, 'lambda'), splitWords(text))).toEqual({ params: expected });
});
