import { randomUUID } from 'node:crypto';
import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { catalogueEntry } from '../../../tools/catalogue';
import { readWords, splitWords } from '../../findings/words';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { FRIEND, neighboursIn, neighboursOf, policyText, publicPolicies } from '../../../testing/policies';
import { bot } from './sns_set_topic_private';

const allowed = { Action: ['SNS:Publish', 'SNS:Subscribe'], Resource: '*' };

const topic =
  (AttributeValue?: string) =>
  async ({ client }: Account) => {
    const sns = client(SNSClient);
    const Attributes = { DisplayName: 'kept' };
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: randomUUID(), Attributes }));
    if (AttributeValue) {
      await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
    }
    return TopicArn;
  };

const attributes = async ({ client }: Account, TopicArn: string) =>
  (await client(SNSClient).send(new GetTopicAttributesCommand({ TopicArn }))).Attributes ?? {};

const untouched = async (account: Account, id: string) => {
  const { DisplayName, Policy } = await attributes(account, id);
  return [DisplayName, neighboursIn(Policy, allowed)];
};

const writes = ['sns:SetTopicAttributes'];
const [first, ...others] = publicPolicies(allowed).map(({ name, statements, left, fault }) => ({
  name,
  given: topic(policyText(statements)),
  violation: `the topic policy lets everyone in by statement ${fault}: remove it or name who may`,
  writes,
  after: left.length > 0 ? { policy: policyText(left) } : {},
  untouched,
}));
if (!first) throw new Error('no policies');

const world = { Sid: 'World', Effect: 'Allow', Principal: '*', ...allowed } as const;
const friend = { ...world, Sid: 'Friend', Principal: { AWS: FRIEND } };
const endpoint = (value: string) => ({ ...world, Condition: { StringLike: { 'sns:Endpoint': value } } });

testBot(bot, {
  violating: [
    first,
    ...others,
    {
      name: 'beside one that is public on purpose',
      given: topic(policyText([world, { ...world, Sid: 'News' }])),
      params: { ignore: ['News'] },
      violation: /statement World:/,
      writes,
      after: { policy: policyText([{ ...world, Sid: 'News' }]) },
    },
    {
      name: 'with a policy to put in its place',
      given: topic(policyText([world])),
      params: { policy: policyText([friend]) },
      violation: /statement World:/,
      writes,
      after: { policy: policyText([friend]) },
    },
    {
      name: 'with a policy to put in its place that is no better',
      given: topic(policyText([world])),
      params: { policy: policyText([{ ...world, Sid: 'Too' }]) },
      violation: /statement World:/,
      writes: [],
      held: /would not close the topic: .* statement Too/,
    },
    {
      name: 'any mailbox, any host',
      given: topic(policyText([endpoint('*'), endpoint('https://*.example.com/*'), endpoint('*@*')])),
      violation: /statement World, World, World:/,
      writes,
    },
  ],
  compliant: [
    { name: 'the policy of a new topic', given: topic() },
    { name: 'nothing public', given: topic(policyText(Object.values(neighboursOf(allowed)))) },
    { name: 'public on purpose', given: topic(policyText([world])), params: { ignore: ['World'] } },
    {
      name: 'mail to one domain only, calls to one host only',
      given: topic(policyText([endpoint('*@example.com'), endpoint('https://example.com/*')])),
    },
  ],
  gone: 'arn:aws:sns:eu-west-1:111122223333:gone',
});

test('a topic that would be left without a statement gets just the policy of a new one', () => {
  const id = 'arn:aws-cn:sns:cn-north-1:123456789012:t';
  const target = { account: '123456789012', region: 'cn-north-1', type: bot.resource, id };
  const state = { policy: policyText([world]), owner: '123456789012' };
  const context = { target, params: bot.params.parse({}) };
  const [step] = stepsOf(bot.plan(state, context));
  const policy = (step?.sns.input as { AttributeValue: string }).AttributeValue;
  expect(JSON.parse(policy)).toMatchObject({
    Statement: [
      {
        Principal: { AWS: '*' },
        Resource: id,
        Condition: { StringEquals: { 'AWS:SourceOwner': '123456789012' } },
      },
    ],
  });
  expect(bot.check({ ...state, policy }, context)).toBeUndefined();
});

test.each([
  [`policy='${policyText([friend])}'`, policyText([friend])],
  [`policy=${policyText([friend])}`, policyText([friend])],
])('the words %s', (text, policy) => {
  expect(readWords(catalogueEntry(bot, 'sns'), splitWords(text))).toEqual({ params: { policy } });
});
