import { CodeBuildClient, type EnvironmentVariable, UpdateProjectCommand } from '@aws-sdk/client-codebuild';
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetParametersCommand, type Parameter, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { BUILD_PROJECT, isCleartext, projectNamed } from './lib/project';
import { type Target, partitionOf } from '../../../shared/resources/target';
import { defineBot } from '../../../shared/bot/bot';
import { opened } from '../../../shared/bot/sealed';
import { afterwards } from '../../../shared/bot/steps';

const CREDENTIALS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
const PARAMETERS = 'parameter/codebuild/*';

export const bot = defineBot({
  id: 'codebuild_remove_cleartext_credentials',
  title: 'Move the access keys of a CodeBuild project to Parameter Store',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  permissions: {
    read: ['codebuild:BatchGetProjects', 'iam:SimulatePrincipalPolicy', 'ssm:GetParameters'],
    write: ['codebuild:UpdateProject', 'ssm:PutParameter'],
    undo: [],
    only: { 'ssm:GetParameters': PARAMETERS, 'ssm:PutParameter': PARAMETERS },
  },
  ...BUILD_PROJECT,
  clients: { codebuild: CodeBuildClient, iam: IAMClient, ssm: SSMClient },

  async inspect({ codebuild, iam, ssm }, { target }) {
    const project = await projectNamed(codebuild, target.id);
    if (!project) return undefined;
    const { environment, serviceRole = '' } = project;
    const clear = (environment?.environmentVariables ?? []).filter(isCredential);
    const state = { environment, clear: clear.map(({ name }) => name ?? ''), serviceRole };
    if (clear.length === 0) return { ...state, stored: [], taken: [], mayRead: true };
    const names = clear.map(({ name }) => parameterOf(target, name));
    const { Parameters = [] } = await ssm.send(
      new GetParametersCommand({ Names: names, WithDecryption: true }),
    );
    // An earlier run may have got no further than the parameters.
    const isSame = ({ Name, Value }: Parameter) =>
      opened(clear).value.some(({ name, value }) => parameterOf(target, name) === Name && value === Value);
    const { EvaluationResults = [] } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: serviceRole,
        ActionNames: ['ssm:GetParameters'],
        ResourceArns: names.map((name) => arnOf(target, name)),
      }),
    );
    return {
      ...state,
      stored: Parameters.filter(isSame).map(({ Name = '' }) => Name),
      taken: Parameters.filter((one) => !isSame(one)).map(({ Name = '' }) => Name),
      mayRead: EvaluationResults.every(({ EvalDecision }) => EvalDecision === 'allowed'),
    };
  },

  check: ({ clear }) =>
    clear.length > 0 ? `${clear.join(' and ')} of the project can be read by whoever sees it` : undefined,

  plan({ environment, stored, taken, mayRead, serviceRole }, { target }) {
    if (taken.length > 0) return { held: `${taken.join(', ')} is there already, with another value` };
    if (!mayRead) {
      return {
        held: `builds could not read their keys any more: allow ${serviceRole} ssm:GetParameters on ${arnOf(target, parameterOf(target, '*'))}`,
      };
    }
    const variables = environment?.environmentVariables ?? [];
    const missing = variables.filter(
      (one) => isCredential(one) && !stored.includes(parameterOf(target, one.name)),
    );
    const moved = variables.map((one): EnvironmentVariable =>
      isCredential(one)
        ? { name: one.name, type: 'PARAMETER_STORE', value: parameterOf(target, one.name) }
        : one,
    );
    return [
      ...missing.map(({ name, value }) => ({
        ssm: new PutParameterCommand({ Name: parameterOf(target, name), Type: 'SecureString', Value: value }),
      })),
      ...afterwards([
        {
          codebuild: new UpdateProjectCommand({
            name: target.id,
            environment: environment && { ...environment, environmentVariables: moved },
          }),
        },
      ]),
    ];
  },

  undo: () => ({ irreversible: 'the keys would be in the clear again' }),
});

function isCredential(variable: EnvironmentVariable): boolean {
  return isCleartext(variable) && CREDENTIALS.includes(variable.name ?? '');
}

function parameterOf({ id }: Target, name = ''): string {
  return `/codebuild/${id}/${name}`;
}

function arnOf({ account, region }: Target, name: string): string {
  return `arn:${partitionOf(region)}:ssm:${region}:${account}:parameter${name}`;
}
