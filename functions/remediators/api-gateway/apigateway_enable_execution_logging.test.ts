import { APIGatewayClient, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { NO_STAGE, stageWith, stagesBut } from './fixtures/stage';
import { bot } from './apigateway_enable_execution_logging';

const both = ['*/*', '~1pets/GET'];
const stage = (account: Account, silent: readonly string[]) =>
  stageWith(account, {
    '/*/*/metrics/enabled': 'true',
    '/*/*/logging/loglevel': silent.includes('*/*') ? 'OFF' : 'ERROR',
    '/~1pets/GET/logging/loglevel': silent.includes('~1pets/GET') ? 'OFF' : 'ERROR',
    '/~1pets/POST/logging/loglevel': 'INFO',
  });

testSetting(bot, {
  wrong: both,
  right: [],
  given: async (account, silent) => {
    const op = { op: 'replace', path: '/cloudwatchRoleArn', value: 'arn:aws:iam::1:role/logs' } as const;
    await account.client(APIGatewayClient).send(new UpdateAccountCommand({ patchOperations: [op] }));
    return stage(account, silent);
  },
  violation: 'nothing is logged of */*, ~1pets/GET',
  writes: ['apigateway:PATCH'],
  untouched: (account, id) =>
    stagesBut(account, id, ({ methodSettings = {}, tracingEnabled }) => [
      ...Object.entries(methodSettings).map(([method, { loggingLevel, ...settings }]) =>
        both.includes(method) ? settings : { loggingLevel, ...settings },
      ),
      tracingEnabled,
    ]),
  gone: NO_STAGE,
  more: {
    violating: [
      {
        name: 'the account has no role for logs',
        given: (account) => stage(account, both),
        held: /set one in its settings/,
      },
    ],
  },
});
