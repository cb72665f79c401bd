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
