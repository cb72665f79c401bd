import { UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { STACK, stackNamed } from './lib/stack';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'cloudformation_enable_termination_protection',
  title: 'Protect a CloudFormation stack from being deleted',
  severity: 'medium',
  risk: 'safe',
  permissions: {
    read: ['cloudformation:DescribeStacks'],
    write: ['cloudformation:UpdateTerminationProtection'],
  },
  controls: {
    securityHub: ['CloudFormation.3'],
    conformity: ['CFM-005'],
    config: ['CLOUDFORMATION_TERMINATION_PROTECTION_CHECK'],
    prowler: ['cloudformation_stacks_termination_protection_enabled'],
  },
  docs: {
    why: 'Whoever deletes a stack by mistake deletes everything that it made.',
    effect: [
      'DeleteStack is refused until somebody turns the protection off; updates go on as before.',
      'Nested stacks have the protection of their root stack and are left alone, and so is a stack that was not made yet.',
      'Undo turns the protection off again.',
    ],
    references: [
      'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html',
    ],
  },
  ...STACK,

  async inspect({ cloudformation }, { target: { id } }) {
    const stack = await stackNamed(cloudformation, id);
    if (!stack) return undefined;
    const { EnableTerminationProtection = false, ParentId, RootId, StackStatus } = stack;
    const isNested = ParentId !== undefined || RootId !== undefined;
    return { is: EnableTerminationProtection, isNested, isPlanned: StackStatus === 'REVIEW_IN_PROGRESS' };
  },
  want: true,
  says: 'anybody who may delete stacks deletes this one by mistake: protect it',
  obstacle({ isNested, isPlanned }) {
    if (isNested) return { notApplicable: 'its root stack protects it' };
    return isPlanned ? { notApplicable: 'it was not made yet' } : undefined;
  },
  write: (EnableTerminationProtection, { target: { id } }) => ({
    cloudformation: new UpdateTerminationProtectionCommand({ StackName: id, EnableTerminationProtection }),
  }),
});
