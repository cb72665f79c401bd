import { ECSClient } from '@aws-sdk/client-ecs';
import { GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { type Answer, newAccount } from '../../../testing/account';
import { ALLOW_ALL, READ, otherRoles, policy, role } from './fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './ecs_service_role_detach_inline_policy';

const withInline =
  (RoleName: string, policies: Readonly<Record<string, string>>, path?: string) =>
  async (account: Account) => {
    const iam = account.client(IAMClient);
    await role(account, RoleName, {
      policies: [await policy(account, `${RoleName}-managed`)],
      ...(path !== undefined && { path }),
    });
    for (const [PolicyName, PolicyDocument] of Object.entries(policies))
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
    return RoleName;
  };

testBot(bot, {
  violating: [
    {
      name: 'a role with two, beside another role',
      given: async (account) => {
        await withInline('other', { wide: ALLOW_ALL })(account);
        return withInline('web', { wide: ALLOW_ALL, read: READ })(account);
      },
      violation: 'inline policies give rights: read, wide',
      writes: ['iam:DeleteRolePolicy', 'iam:DeleteRolePolicy'],
      after: { inline: [] },
      untouched: async (account, id) => [
        await otherRoles(account, id),
        (
          await account
            .client(IAMClient)
            .send(new GetRolePolicyCommand({ RoleName: 'other', PolicyName: 'wide' }))
        ).PolicyDocument,
      ],
    },
    {
      name: 'a service-linked role',
      given: withInline('AWSServiceRoleForECS', { wide: ALLOW_ALL }, '/aws-service-role/ecs.amazonaws.com/'),
      violation: 'inline policies give rights: wide',
      writes: [],
      held: /service-linked/,
    },
  ],
  compliant: [{ name: 'none', given: withInline('web', {}) }],
  gone: 'nobody',
});

describe('of an ECS service or task', () => {
  const ARN = 'arn:aws:iam::123456789012:role/team/red/web';
  const find = async (kind: 'Service' | 'Task', answers: Readonly<Record<string, Answer>>) => {
    const account = await newAccount();
    account.script(answers);
    const id = `arn:aws:ecs:eu-west-1:123456789012:${kind.toLowerCase()}/shop/web`;
    const target = { account: '123456789012', region: 'eu-west-1', type: `AWS::ECS::${kind}`, id };
    return bot.finder?.find({ iam: account.client(IAMClient), ecs: account.client(ECSClient) }, target);
  };
  const itsRole = { account: '123456789012', region: 'us-east-1', type: 'AWS::IAM::Role', id: 'web' };

  test('the role of the service', async () => {
    const asked: unknown[] = [];
    const DescribeServices: Answer = (input) => {
      asked.push(input);
      return { services: [{ roleArn: ARN }] };
    };
    expect(await find('Service', { DescribeServices })).toEqual(itsRole);
    expect(asked).toMatchObject([{ cluster: 'shop' }]);
  });

  test('a service without a role of its own is held', async () => {
    const held = expect.stringMatching(/has no role of its own/) as string;
    expect(await find('Service', { DescribeServices: () => ({ services: [{}] }) })).toEqual({ held });
  });

  test('the role of the task, or of its definition', async () => {
    const overrides = { taskRoleArn: ARN };
    expect(await find('Task', { DescribeTasks: () => ({ tasks: [{ overrides }] }) })).toEqual(itsRole);
    const answers = {
      DescribeTasks: () => ({ tasks: [{ taskDefinitionArn: 'web:1' }] }),
      DescribeTaskDefinition: () => ({ taskDefinition: { taskRoleArn: ARN } }),
    };
    expect(await find('Task', answers)).toEqual(itsRole);
  });

  test('a task that is gone', async () => {
    expect(await find('Task', { DescribeTasks: () => ({ tasks: [] }) })).toBeUndefined();
  });
});
