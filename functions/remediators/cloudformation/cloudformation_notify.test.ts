import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bot } from './cloudformation_notify';

const TemplateBody = JSON.stringify({
  Parameters: { Team: { Type: 'String' } },
  Resources: { Queue: { Type: 'AWS::SQS::Queue' } },
});
const topic = 'arn:aws:sns:eu-west-1:123456789012:stacks';
const violation = 'nobody is told what happens to the stack';
const writes = ['cloudformation:UpdateStack'];

/** The stacks `orders`, which is answered with, and `neighbour`. */
const stacks = async ({ client }: Account, topics: string[]) => {
  for (const StackName of ['neighbour', 'orders']) {
    const Parameters = [{ ParameterKey: 'Team', ParameterValue: 'web' }];
    const Tags = [{ Key: 'team', Value: 'web' }];
    const cloudformation = client(CloudFormationClient);
    await cloudformation.send(new CreateStackCommand({ StackName, TemplateBody, Parameters, Tags }));
    // On making a stack, moto writes to its topics, which are another account's here.
    const input = { StackName, UsePreviousTemplate: true, NotificationARNs: topics };
    await cloudformation.send(new UpdateStackCommand(input));
  }
  return 'orders';
};

testSetting(bot, {
  wrong: [] as string[],
  right: [topic],
  params: { topic },
  given: stacks,
  violation,
  writes,
  untouched: async ({ client }, id) => {
    const cloudformation = client(CloudFormationClient);
    const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({}));
    const template = await cloudformation.send(new GetTemplateCommand({ StackName: id }));
    const rest = Stacks.map(({ NotificationARNs, ...stack }) =>
      stack.StackName === id ? stack : { ...stack, NotificationARNs },
    );
    return [rest, template.TemplateBody];
  },
  gone: 'no-such-stack',
  more: {
    violating: [
      {
        name: 'no topic is named',
        given: (account) => stacks(account, []),
        params: {},
        ...{ violation, writes: [], held: /set topic in config.ts/ },
      },
    ],
  },
});

describe('cloudformation_notify', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const context = { target, params: { topic } };
  const idle = { is: [], status: 'UPDATE_COMPLETE', parameters: [], capabilities: [], risky: '' };

  test('a stack that is busy is waited for', () => {
    const busy = { ...idle, status: 'UPDATE_IN_PROGRESS' };
    expect(bot.plan(busy, context)).toEqual({ waiting: expect.stringContaining('UPDATE_IN_PROGRESS') });
  });

  test('one whose update failed is held', () => {
    const failed = { ...idle, status: 'UPDATE_ROLLBACK_FAILED' };
    expect(bot.plan(failed, context)).toEqual({ held: expect.stringContaining('mend it first') });
  });

  // moto resolves no parameters, and its nested stacks name no parent.
  test.each([
    [{ Parameters: [{ ParameterKey: 'Image', ResolvedValue: 'ami-1' }] }, 'Queue', 'parameter Image'],
    [{ ParentId: 'arn' }, 'Queue', 'root stack'],
    [{}, 'Stack', 'nested stacks'],
  ])('held where an update could do more: %j', async (stack, type, reason) => {
    const answers: Readonly<Record<string, object>> = {
      DescribeStacksCommand: { Stacks: [{ StackStatus: 'CREATE_COMPLETE', ...stack }] },
      ListStackResourcesCommand: {
        StackResourceSummaries: [
          { ResourceType: `AWS::${type === 'Stack' ? 'CloudFormation' : 'SQS'}::${type}` },
        ],
      },
    };
    const send = ({ constructor }: object) => Promise.resolve(answers[constructor.name] ?? {});
    const cloudformation = Object.assign(new CloudFormationClient({}), { send });
    const state = await bot.inspect({ cloudformation }, context);
    expect(state && bot.plan(state, context)).toEqual({ held: expect.stringContaining(reason) });
  });
});
