import { UpdateProjectCommand } from '@aws-sdk/client-codebuild';
import { BUILD_PROJECT, projectNamed } from './lib/project';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'codebuild_disable_privileged_mode',
  title: 'Take the privileged mode from a CodeBuild project',
  severity: 'high',
  risk: 'disruptive',
  permissions: { read: ['codebuild:BatchGetProjects'], write: ['codebuild:UpdateProject'] },
  ...BUILD_PROJECT,

  async inspect({ codebuild }, { target: { id } }) {
    const environment = (await projectNamed(codebuild, id))?.environment;
    return environment && { is: environment.privilegedMode ?? false, environment };
  },
  want: false,
  says: 'its builds run in privileged mode',
  write: (privilegedMode, { target: { id } }, { environment }) => ({
    codebuild: new UpdateProjectCommand({ name: id, environment: { ...environment, privilegedMode } }),
  }),
});
