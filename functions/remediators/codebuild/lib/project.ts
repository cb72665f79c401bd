import {
  BatchGetProjectsCommand,
  CodeBuildClient,
  type Project,
  type ProjectEnvironment,
} from '@aws-sdk/client-codebuild';
import { sealed } from '../../../../shared/bot/sealed';

/** What all bots on build projects share. */
export const BUILD_PROJECT = {
  resource: 'AWS::CodeBuild::Project',
  clients: { codebuild: CodeBuildClient },
} as const;

/** One project, its cleartext variables sealed; `undefined`: there is none. Reads `codebuild:BatchGetProjects`. */
export async function projectNamed(codebuild: CodeBuildClient, name: string): Promise<Project | undefined> {
  const { projects = [] } = await codebuild.send(new BatchGetProjectsCommand({ names: [name] }));
  const project = projects.find((one) => one.name === name);
  return project && { ...project, environment: withSealed(project.environment) };
}

/** Nobody knows which of the values are secrets, and UpdateProject wants all of them back. */
function withSealed(environment?: ProjectEnvironment): ProjectEnvironment | undefined {
  const { environmentVariables } = environment ?? {};
  if (!environment || !environmentVariables) return environment;
  return {
    ...environment,
    environmentVariables: environmentVariables.map((variable) =>
      isCleartext(variable) ? { ...variable, value: sealed(variable.value ?? '') } : variable,
    ),
  };
}

/** Whether the value stands in the project itself; it is what a variable without a type is. */
export function isCleartext({ type = 'PLAINTEXT' }: { readonly type?: string | undefined }): boolean {
  return type === 'PLAINTEXT';
}
