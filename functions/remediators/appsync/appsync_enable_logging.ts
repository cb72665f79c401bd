import {
  AppSyncClient,
  GetGraphqlApiCommand,
  type GraphqlApi,
  type LogConfig,
  UpdateGraphqlApiCommand,
} from '@aws-sdk/client-appsync';
import { IAMClient } from '@aws-sdk/client-iam';
import * as z from 'zod';
import {
  LOG_ROLE_RIGHTS,
  type LogRole,
  allowLogRole,
  createLogRole,
  logRoleArn,
  readLogRole,
} from './lib/log-role';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'appsync_enable_logging',
  title: 'Log what a GraphQL API of AppSync answers',
  resource: 'AWS::AppSync::GraphQLApi',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  passes: 3,
  params: z.object({
    level: z
      .enum(['ERROR', 'ALL'])
      .default('ERROR')
      .describe('fields that are logged: ERROR those that failed, ALL all of them, which costs more'),
  }),
  from: { level: 'config' },
  words: { order: ['level'] },
  permissions: {
    read: ['appsync:GetGraphqlApi', ...LOG_ROLE_RIGHTS.read],
    write: ['appsync:UpdateGraphqlApi', ...LOG_ROLE_RIGHTS.write],
    undo: ['appsync:UpdateGraphqlApi'],
    where: LOG_ROLE_RIGHTS.where,
    only: LOG_ROLE_RIGHTS.only,
  },
  clients: { appsync: AppSyncClient, iam: IAMClient },
  gone: ['NotFoundException'],

  async inspect({ appsync, iam }, { target: { id: apiId } }): Promise<State | undefined> {
    const { graphqlApi: api } = await appsync.send(new GetGraphqlApiCommand({ apiId }));
    if (!api) return undefined;
    return { api, role: isLogged(api) ? 'ready' : await readLogRole(iam) };
  },

  check: ({ api }) => (isLogged(api) ? undefined : 'nothing is logged of the fields of the API'),

  plan({ api, role }, { target, params: { level } }) {
    if (api.logConfig) return { held: 'it has a role for logs and logs no fields: choose a level there' };
    if (role === 'foreign')
      return {
        held: 'the role selfheal-appsync-logs is not as selfheal makes it, without its permissions boundary: rename it',
      };
    if (role === 'missing') return [{ iam: createLogRole(target) }];
    if (role === 'without policy') return [{ iam: allowLogRole(target) }];
    return [
      update(api, {
        fieldLogLevel: level,
        cloudWatchLogsRoleArn: logRoleArn(target),
        excludeVerboseContent: true,
      }),
    ];
  },

  undo: ({ api }, { now }) => (api.logConfig || !now.api.logConfig ? [] : [update(now.api)]),

  footprint: ({ api }) => ({ logConfig: api.logConfig }),
});

interface State {
  readonly api: GraphqlApi;
  readonly role: LogRole;
}

function isLogged({ logConfig }: GraphqlApi): boolean {
  return logConfig !== undefined && logConfig.fieldLogLevel !== 'NONE';
}

/** AppSync puts its defaults for what is not sent: everything goes back as it was read. */
function update(api: GraphqlApi, logConfig?: LogConfig) {
  const { apiId, name, authenticationType, userPoolConfig, openIDConnectConfig } = api;
  const { additionalAuthenticationProviders, xrayEnabled, lambdaAuthorizerConfig, ownerContact } = api;
  const { mergedApiExecutionRoleArn, introspectionConfig, queryDepthLimit, resolverCountLimit } = api;
  return {
    appsync: new UpdateGraphqlApiCommand({
      ...{ apiId, name, authenticationType, userPoolConfig, openIDConnectConfig },
      ...{ additionalAuthenticationProviders, xrayEnabled, lambdaAuthorizerConfig, ownerContact },
      ...{ mergedApiExecutionRoleArn, introspectionConfig, queryDepthLimit, resolverCountLimit },
      enhancedMetricsConfig: api.enhancedMetricsConfig,
      logConfig,
    }),
  };
}
