import {
  AppSyncClient,
  CreateGraphqlApiCommand,
  type CreateGraphqlApiCommandInput,
  ListGraphqlApisCommand,
} from '@aws-sdk/client-appsync';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './appsync_enable_logging';

const violation = 'nothing is logged of the fields of the API';
const role = 'arn:aws:iam::123456789012:role/logs';

/** The APIs `web`, which is answered with, and `neighbour`. */
const apis =
  (more: Partial<CreateGraphqlApiCommandInput> = {}) =>
  async ({ client }: Account) => {
    let id = '';
    for (const name of ['neighbour', 'web']) {
      const { graphqlApi } = await client(AppSyncClient).send(
        new CreateGraphqlApiCommand({
          ...{ name, authenticationType: 'OPENID_CONNECT', xrayEnabled: true, tags: { team: 'web' } },
          openIDConnectConfig: { issuer: 'https://login.example.org' },
          additionalAuthenticationProviders: [{ authenticationType: 'AWS_IAM' }],
          ...more,
        }),
      );
      id = graphqlApi?.apiId ?? '';
    }
    return id;
  };

testBot(bot, {
  violating: [
    {
      name: 'logs nothing',
      given: apis(),
      violation,
      writes: ['iam:CreateRole', 'iam:PutRolePolicy', 'appsync:UpdateGraphqlApi'],
      after: { api: { logConfig: { fieldLogLevel: 'ERROR', excludeVerboseContent: true } } },
      untouched: async ({ client }, id) => {
        const { graphqlApis = [] } = await client(AppSyncClient).send(new ListGraphqlApisCommand({}));
        return graphqlApis.map(({ logConfig, ...api }) => (api.apiId === id ? api : { ...api, logConfig }));
      },
    },
    {
      name: 'has a role for logs, and no level',
      given: apis({ logConfig: { fieldLogLevel: 'NONE', cloudWatchLogsRoleArn: role } }),
      ...{ violation, writes: [], held: /choose a level there/ },
    },
    {
      name: 'somebody else has made a role of that name',
      given: async (account) => {
        const input = { RoleName: 'selfheal-appsync-logs', AssumeRolePolicyDocument: '{}' };
        await account.client(IAMClient).send(new CreateRoleCommand(input));
        return apis()(account);
      },
      ...{ violation, writes: [], held: /rename it/ },
    },
  ],
  compliant: [
    { name: 'logs', given: apis({ logConfig: { fieldLogLevel: 'ALL', cloudWatchLogsRoleArn: role } }) },
  ],
  gone: '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9',
});
