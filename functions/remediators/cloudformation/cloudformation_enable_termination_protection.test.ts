import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { testSetting } from '../../../testing/setting';
import { bot } from './cloudformation_enable_termination_protection';

const TemplateBody = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });

testSetting(bot, {
  wrong: false,
  right: true,
  given: async ({ client }, EnableTerminationProtection) => {
    for (const StackName of ['neighbour', 'orders']) {
      const Tags = [{ Key: 'team', Value: 'web' }];
      await client(CloudFormationClient).send(
        new CreateStackCommand({ StackName, TemplateBody, EnableTerminationProtection, Tags }),
      );
    }
    return 'orders';
  },
  violation: 'anybody who may delete stacks',
  writes: ['cloudformation:UpdateTerminationProtection'],
  untouched: async ({ client }, id) => {
    const { Stacks = [] } = await client(CloudFormationClient).send(new DescribeStacksCommand({}));
    return Stacks.map(({ EnableTerminationProtection, ...stack }) =>
      stack.StackName === id ? stack : { ...stack, EnableTerminationProtection },
    );
  },
  gone: 'no-such-stack',
});

describe('cloudformation_enable_termination_protection', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const context = { target, params: {} };
  const root = { is: false, isNested: false, isPlanned: false };

  // moto's nested stacks name no parent.
  test.each([
    ['nested', { ...root, isNested: true }],
    ['planned by a change set', { ...root, isPlanned: true }],
  ])('a stack that is %s is left alone', (_name, state) => {
    expect(bot.check(state, context)).toBeUndefined();
  });
});
