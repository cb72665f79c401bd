import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
} from '@aws-sdk/client-ecs';
import {
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import { findRole } from './lib/find';
import { untouchable } from './lib/iam';
import { deletingInline, inlineOf, inlineParams } from './lib/inline';
import { canonical } from '../../../shared/resources/canonical';
import { type Target, partitionOf } from '../../../shared/resources/target';
import { ROLE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...ROLE,
  id: 'ecs_service_role_detach_inline_policy',
  title: 'Delete the inline policies of the role of an ECS service or task',
  alsoOn: ['AWS::ECS::Service', 'AWS::ECS::Task'],
  severity: 'medium',
  risk: 'disruptive',
  kind: 'response',
  params: inlineParams,
  from: { names: 'finding' },
  words: { order: ['names'] },
  permissions: {
    read: ['iam:GetRole', 'iam:ListRolePolicies', 'iam:GetRolePolicy'],
    write: ['iam:DeleteRolePolicy'],
    undo: ['iam:PutRolePolicy'],
  },
  finder: {
    actions: [...findRole.actions, 'ecs:DescribeServices', 'ecs:DescribeTasks', 'ecs:DescribeTaskDefinition'],
    async find({ iam, ecs }, target) {
      if (target.type === 'AWS::IAM::Role') return findRole.find({ iam }, target);
      const arn =
        target.type === 'AWS::ECS::Task' ? await taskRole(ecs, target) : await serviceRole(ecs, target);
      if (arn === undefined) return undefined;
      if (arn === '') return { held: `${target.id} has no role of its own: name the role that is meant` };
      const { account, region } = target;
      const found = canonical(
        { type: 'AWS::IAM::Role', id: arn, around: { account, region } },
        partitionOf(region),
      );
      return 'wrong' in found ? { held: found.wrong } : found.target;
    },
  },
  clients: { iam: IAMClient, ecs: ECSClient },

  async inspect({ iam: client }, context) {
    const { id: RoleName } = context.target;
    const { Role } = await client.send(new GetRoleCommand({ RoleName }));
    const inline = await inlineOf(paginateListRolePolicies({ client }, { RoleName }), async (PolicyName) =>
      client.send(new GetRolePolicyCommand({ RoleName, PolicyName })),
    );
    const obstacle = untouchable(RoleName, Role?.Path, context);
    return { inline, ...(obstacle !== undefined && { obstacle }) };
  },

  ...deletingInline({
    put: (RoleName, PolicyName, PolicyDocument) =>
      new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }),
    remove: (RoleName, PolicyName) => new DeleteRolePolicyCommand({ RoleName, PolicyName }),
  }),
});

/** The ARN of the role by which ECS acts for a service; empty: it uses the service-linked role. */
async function serviceRole(ecs: ECSClient, { id }: Target): Promise<string | undefined> {
  const input = { cluster: clusterIn(id), services: [id] };
  const { services: [service] = [] } = await ecs.send(new DescribeServicesCommand(input));
  return service && (service.roleArn ?? '');
}

/** The ARN of the role that the containers of a task have; empty: they have none. */
async function taskRole(ecs: ECSClient, { id }: Target): Promise<string | undefined> {
  const { tasks: [task] = [] } = await ecs.send(
    new DescribeTasksCommand({ cluster: clusterIn(id), tasks: [id] }),
  );
  if (!task || task.overrides?.taskRoleArn !== undefined) return task?.overrides?.taskRoleArn;
  const taskDefinition = task.taskDefinitionArn;
  const reply = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  return reply.taskDefinition?.taskRoleArn ?? '';
}

/** `web` of `arn:aws:ecs:…:service/web/orders`; ARNs of the short form are those of the default cluster, or do not say. */
function clusterIn(arn: string): string | undefined {
  const [, cluster, name] = arn.split('/');
  return name === undefined ? undefined : cluster;
}
