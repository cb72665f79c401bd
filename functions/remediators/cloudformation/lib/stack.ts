import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { undefinedIf } from '../../../../shared/aws/errors';

/** What all bots on stacks share. */
export const STACK = {
  resource: 'AWS::CloudFormation::Stack',
  clients: { cloudformation: CloudFormationClient },
} as const;

/** One stack; `undefined`: there is none, or it is being deleted. Reads `cloudformation:DescribeStacks`. */
export async function stackNamed(
  cloudformation: CloudFormationClient,
  StackName: string,
): Promise<Stack | undefined> {
  const read = cloudformation.send(new DescribeStacksCommand({ StackName }));
  const { Stacks = [] } = (await undefinedIf(read, 'ValidationError', /does not exist/)) ?? {};
  return Stacks.find(({ StackStatus }) => !/^DELETE_(IN_PROGRESS|COMPLETE)$/.test(StackStatus ?? ''));
}
