import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type Account, testBot } from '../../../testing/contract';
import { neighboursIn, neighboursOf, policyText, publicPolicies } from '../../../testing/policies';
import { bot } from './sqs_remove_public_statements';

const allowed = { Action: 'sqs:SendMessage', Resource: '*' };
const VisibilityTimeout = '77';

const queue =
  (Policy?: string) =>
  async ({ client }: Account) => {
    const sqs = client(SQSClient);
    const { QueueUrl = '' } = await sqs.send(
      new CreateQueueCommand({ QueueName: randomUUID(), Attributes: { VisibilityTimeout } }),
    );
    if (Policy) await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    return QueueUrl;
  };

const untouched = async ({ client }: Account, QueueUrl: string) => {
  const read = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  const { Attributes } = await client(SQSClient).send(read);
  return [Attributes?.VisibilityTimeout, neighboursIn(Attributes?.Policy, allowed)];
};

/** moto answers as Python writes JSON. */
const spaced = (text: string) =>
  text.replace(/"(?:[^"\\]|\\.)*"|[:,]/g, (part) => (part.length === 1 ? `${part} ` : part));

const [first, ...others] = publicPolicies(allowed).map(({ name, statements, left, fault }) => ({
  name,
  given: queue(policyText(statements)),
  violation: `the queue policy lets everyone in by statement ${fault}: remove it or name who may`,
  writes: ['sqs:SetQueueAttributes'],
  after: { policy: left.length > 0 ? spaced(policyText(left)) : undefined },
  untouched,
}));
if (!first) throw new Error('no policies');

const world = { Sid: 'World', Effect: 'Allow', Principal: '*', ...allowed } as const;

testBot(bot, {
  violating: [
    first,
    ...others,
    {
      name: 'beside one that is public on purpose',
      given: queue(policyText([world, { ...world, Sid: 'Inbox' }])),
      params: { ignore: ['Inbox'] },
      violation: /statement World:/,
      writes: ['sqs:SetQueueAttributes'],
      after: { policy: spaced(policyText([{ ...world, Sid: 'Inbox' }])) },
    },
  ],
  compliant: [
    { name: 'no policy', given: queue() },
    { name: 'nothing public', given: queue(policyText(Object.values(neighboursOf(allowed)))) },
    { name: 'public on purpose', given: queue(policyText([world])), params: { ignore: ['World'] } },
    {
      name: 'a topic sends, whoever it is that publishes there',
      given: queue(
        policyText([
          { ...world, Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:t' } } },
        ]),
      ),
    },
  ],
  gone: `${process.env.AWS_ENDPOINT_URL ?? ''}/111122223333/gone`,
});

test('undo puts back the text itself', () => {
  const policy = ` { "Statement" : [ ${JSON.stringify(world)} ],\n "Id":"\\u00e9" } `;
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'q' };
  const context = { target, params: bot.params.parse({}), now: { policy: undefined } };
  const attributes = { QueueUrl: 'q', Attributes: { Policy: policy } };
  expect(bot.undo({ policy }, context)).toMatchObject([{ sqs: { input: attributes } }]);
});
