import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { REVISION_RIGHTS, TASK_DEFINITION, deregister, readRevision, register } from './lib/revision';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'ecs_limit_root_filesystem',
  title: 'Let the containers of a task definition only read their root file system',
  severity: 'high',
  risk: 'disruptive',
  kind: 'posture',
  permissions: REVISION_RIGHTS,
  ...TASK_DEFINITION,

  inspect: ({ ecs }, { target: { id } }) => readRevision(ecs, id),

  check({ definition, later }) {
    const { containerDefinitions = [], runtimePlatform } = definition;
    if (later || runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS')) return undefined;
    const open = containerDefinitions.filter(({ readonlyRootFilesystem }) => !readonlyRootFilesystem);
    if (open.length === 0) return undefined;
    return `${open.map(({ name }) => name).join(', ')} may write to the root file system`;
  },

  plan: (revision) => [register(revision, readOnly(revision.definition.containerDefinitions))],

  undo: ({ definition }, { now }) => deregister(now, readOnly(definition.containerDefinitions)),

  footprint: ({ later }) => ({ isLatest: later === undefined }),
});

function readOnly(containers: readonly ContainerDefinition[] = []): ContainerDefinition[] {
  return containers.map((container) => ({ ...container, readonlyRootFilesystem: true }));
}
