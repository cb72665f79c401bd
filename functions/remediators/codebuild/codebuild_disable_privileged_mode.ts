import { UpdateProjectCommand } from '@aws-sdk/client-codebuild';
import { BUILD_PROJECT, projectNamed } from './lib/project';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'codebuild_disable_privileged_mode',
  title: 'Take the privileged mode from a CodeBuild project',
  severity: 'high',
  risk: 'disruptive',
  permissions: { read: ['codebuild:BatchGetProjects'], write: ['codebuild:UpdateProject'] },
  controls: {
    securityHub: ['CodeBuild.5'],
    config: ['CODEBUILD_PROJECT_ENVIRONMENT_PRIVILEGED_CHECK'],
  },
  docs: {
    why: 'A build in privileged mode has root’s rights on all devices of its host, and whoever can change what is built has them too.',
    effect: [
      'Builds that run the Docker daemon fail from now on: name such projects in exceptions of config.ts.',
      'The rest of the environment is written back as it was read; undo turns the privileged mode on again.',
    ],
    references: ['https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectEnvironment.html'],
  },
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
