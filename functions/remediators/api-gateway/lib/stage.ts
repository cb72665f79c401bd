import { APIGatewayClient, GetStageCommand, UpdateStageCommand } from '@aws-sdk/client-api-gateway';

/** What all bots on stages of REST APIs share. */
export const STAGE = {
  resource: 'AWS::ApiGateway::Stage',
  clients: { apigateway: APIGatewayClient },
  gone: ['NotFoundException'],
} as const;

/** The names that API Gateway takes, out of the stage's ARN. */
export function stageOf(arn: string): { readonly restApiId: string; readonly stageName: string } {
  const [, restApiId = '', stageName = ''] = /restapis\/([^/]+)\/stages\/([^/]+)$/.exec(arn) ?? [];
  return { restApiId, stageName };
}

/** Reads `apigateway:GET`. */
export function readStage(apigateway: APIGatewayClient, arn: string) {
  return apigateway.send(new GetStageCommand(stageOf(arn)));
}

/** Replaces values in a stage, by their paths; all others stay. */
export function patchStage(arn: string, values: Readonly<Record<string, string>>): UpdateStageCommand {
  const patchOperations = Object.entries(values).map(([path, value]) => ({
    op: 'replace' as const,
    path,
    value,
  }));
  return new UpdateStageCommand({ ...stageOf(arn), patchOperations });
}

/** Where a patch finds the settings of a method. Slashes of a resource's path are written as JSON Pointer has them: `/~1pets/GET/…`. */
export function methodPath(method: string): string {
  const end = method.lastIndexOf('/');
  const path = method.slice(0, end).replaceAll('/', '~1');
  return `/${path}${method.slice(end)}`;
}
