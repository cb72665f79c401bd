import {
  type CloudFormationClient,
  type Stack,
  UpdateStackCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { STACK, stackNamed } from './lib/stack';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'cloudformation_notify',
  title: 'Let a CloudFormation stack tell a topic what happens to it',
  attribute: 'notified topics',
  severity: 'low',
  risk: 'disruptive',
  params: z.object({
    topic: z
      .string()
      .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/)
      .optional()
      .describe('the topic that is told'),
  }),
  from: { topic: 'config' },
  words: { order: ['topic'] },
  permissions: {
    read: ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'],
    write: ['cloudformation:UpdateStack'],
  },
  ...STACK,

  async inspect({ cloudformation }, { target: { id } }) {
    const stack = await stackNamed(cloudformation, id);
    if (!stack) return undefined;
    const isRoot = stack.ParentId === undefined && stack.RootId === undefined;
    return {
      is: stack.NotificationARNs ?? [],
      status: stack.StackStatus ?? '',
      parameters: (stack.Parameters ?? []).map(({ ParameterKey = '' }) => ParameterKey),
      capabilities: stack.Capabilities ?? [],
      risky: isRoot ? await riskOf(cloudformation, stack) : 'it is nested: name the topic in its root stack',
    };
  },
  want: ({ topic }) => ({
    isMetBy: (topics) => topics.length > 0,
    startingFrom: () => (topic === undefined ? [] : [topic]),
    backTo: (before, now) => now.filter((one) => one !== topic || before.includes(one)),
  }),
  says: 'nobody is told what happens to the stack',
  obstacle({ status, risky }, { params: { topic } }) {
    if (status.endsWith('_IN_PROGRESS')) return { waiting: `the stack is ${status}` };
    if (topic === undefined) return { held: 'no topic is named: set topic in config.ts' };
    if (risky !== '') return { held: risky };
    return /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$/.test(status)
      ? undefined
      : { held: `the stack is ${status}: mend it first` };
  },
  write: (NotificationARNs, { target: { id } }, { parameters, capabilities }) => ({
    cloudformation: new UpdateStackCommand({
      StackName: id,
      UsePreviousTemplate: true,
      Parameters: parameters.map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
      Capabilities: capabilities,
      NotificationARNs,
    }),
  }),
});

/** What an update with nothing new would do all the same; empty: nothing. */
async function riskOf(client: CloudFormationClient, { StackName, Parameters = [] }: Stack): Promise<string> {
  const anew = Parameters.find(({ ResolvedValue }) => ResolvedValue !== undefined);
  if (anew) {
    return `an update reads parameter ${anew.ParameterKey ?? ''} from Parameter Store anew, and may change what the stack made`;
  }
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName })) {
    if (StackResourceSummaries.some(({ ResourceType }) => ResourceType === 'AWS::CloudFormation::Stack'))
      return 'an update would update its nested stacks too: name the topic where the stack is deployed';
  }
  return '';
}
