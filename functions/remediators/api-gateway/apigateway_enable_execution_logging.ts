import { GetAccountCommand, type MethodSetting } from '@aws-sdk/client-api-gateway';
import * as z from 'zod';
import { STAGE, methodPath, patchStage, readStage } from './lib/stage';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'apigateway_enable_execution_logging',
  title: 'Log what a stage in API Gateway does with requests',
  attribute: 'without execution logging',
  severity: 'medium',
  risk: 'safe',
  params: z.object({
    level: z
      .enum(['ERROR', 'INFO'])
      .default('ERROR')
      .describe('what is logged where nothing is: INFO is every request, and costs more'),
  }),
  from: { level: 'config' },
  words: { order: ['level'] },
  permissions: { read: ['apigateway:GET'], write: ['apigateway:PATCH'] },
  ...STAGE,

  async inspect({ apigateway }, { target: { id } }) {
    const { methodSettings = {} } = await readStage(apigateway, id);
    const { cloudwatchRoleArn: role = '' } = await apigateway.send(new GetAccountCommand({}));
    // What is not said of all methods is off.
    const settings: Record<string, MethodSetting> = { '*/*': {}, ...methodSettings };
    const silent = Object.entries(settings).filter(([, { loggingLevel = 'OFF' }]) => loggingLevel === 'OFF');
    return { is: silent.map(([method]) => method).sort(), role };
  },
  want: [],
  says: ({ is }) => `nothing is logged of ${is.join(', ')}`,
  obstacle: ({ role }) =>
    role === ''
      ? { held: 'API Gateway has no role for CloudWatch Logs: set one in its settings' }
      : undefined,
  write(silent, { target: { id }, params: { level } }, { is }) {
    const changed = [...is, ...silent].filter((method) => is.includes(method) !== silent.includes(method));
    const values = changed.map(
      (method) => [`${methodPath(method)}/logging/loglevel`, is.includes(method) ? level : 'OFF'] as const,
    );
    return { apigateway: patchStage(id, Object.fromEntries(values)) };
  },
});
