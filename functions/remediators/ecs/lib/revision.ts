import { isDeepStrictEqual } from 'node:util';
import {
  type ContainerDefinition,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  type LogConfiguration,
  RegisterTaskDefinitionCommand,
  type Tag,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { undefinedIf } from '../../../../shared/aws/errors';
import { sealed } from '../../../../shared/bot/sealed';

/** What all bots on task definitions share: they register a revision that differs in one thing. */
export const TASK_DEFINITION = {
  resource: 'AWS::ECS::TaskDefinition',
  clients: { ecs: ECSClient },
} as const;

/** What registering a revision takes, and taking it back. */
export const REVISION_RIGHTS = {
  read: ['ecs:DescribeTaskDefinition'],
  write: ['ecs:RegisterTaskDefinition', 'ecs:TagResource', 'iam:PassRole'],
  undo: ['ecs:DeregisterTaskDefinition'],
  // A revision that is to be made has no number yet.
  elsewhere: ['ecs:RegisterTaskDefinition'],
} as const;

/** A revision, and the latest one of its family, which is the one that counts. */
export interface Revision {
  readonly definition: TaskDefinition;
  readonly tags: Tag[];
  /** The latest active revision, where it is another one. */
  readonly later?: { readonly arn: string; readonly containers: readonly ContainerDefinition[] };
}

/** `undefined`: there is none, or it is not active. Reads `ecs:DescribeTaskDefinition`. */
export async function readRevision(ecs: ECSClient, arn: string): Promise<Revision | undefined> {
  const own = await describe(ecs, arn);
  const definition = own?.taskDefinition;
  if (definition?.status !== 'ACTIVE') return undefined;
  const latest = (await describe(ecs, definition.family ?? ''))?.taskDefinition;
  const laterArn = latest?.taskDefinitionArn ?? arn;
  return {
    definition: { ...definition, containerDefinitions: containersOf(definition) },
    tags: own?.tags ?? [],
    ...(latest?.status === 'ACTIVE' &&
      laterArn !== arn && { later: { arn: laterArn, containers: containersOf(latest) } }),
  };
}

function describe(ecs: ECSClient, taskDefinition: string) {
  const read = ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }));
  return undefinedIf(read, 'ClientException', /Unable to describe task definition/);
}

/** Containers with everything sealed that may be a secret. */
function containersOf({ containerDefinitions = [] }: TaskDefinition): ContainerDefinition[] {
  return containerDefinitions.map(({ environment, logConfiguration, ...container }) => ({
    ...container,
    ...(environment && {
      environment: environment.map(({ name, value = '' }) => ({ name, value: sealed(value) })),
    }),
    ...(logConfiguration && {
      logConfiguration: { ...logConfiguration, ...sealedOptions(logConfiguration) },
    }),
  }));
}

/** Drivers of other firms get their tokens so; that of CloudWatch Logs needs none. */
function sealedOptions({ logDriver, options }: LogConfiguration) {
  if (!options || logDriver === 'awslogs') return {};
  return { options: Object.fromEntries(Object.entries(options).map(([key, value]) => [key, sealed(value)])) };
}

/** Registers a revision with these containers, and everything else as it is. */
export function register({ definition, tags }: Revision, containerDefinitions: ContainerDefinition[]) {
  const {
    taskDefinitionArn: _arn,
    revision: _revision,
    status: _status,
    requiresAttributes: _attributes,
    compatibilities: _compatibilities,
    registeredAt: _registeredAt,
    registeredBy: _registeredBy,
    deregisteredAt: _deregisteredAt,
    deleteRequestedAt: _deleteRequestedAt,
    family,
    ...rest
  } = definition;
  const input = { ...rest, family, containerDefinitions, ...(tags.length > 0 && { tags }) };
  return { ecs: new RegisterTaskDefinitionCommand(input) };
}

function journaled(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Takes back the later revision, where it is the one that has these containers. */
export function deregister({ later }: Revision, containers: readonly ContainerDefinition[]) {
  // As the journal has them: sealed values read alike.
  const isOurs = later && isDeepStrictEqual(journaled(later.containers), journaled(containers));
  return isOurs ? [{ ecs: new DeregisterTaskDefinitionCommand({ taskDefinition: later.arn }) }] : [];
}
